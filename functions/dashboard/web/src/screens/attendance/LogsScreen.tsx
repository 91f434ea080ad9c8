import "./attendance.css";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useMemo } from "react";
import { Link } from "react-router";

import { answered, api, downloaded } from "../../api/client";
import { useZone, zoneLabel } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { FilterFields } from "./FilterFields";
import { queryOf, useFilters } from "./filters";
import { LogTable } from "./LogTable";

const WEEK = 7;
const PAGE = 100;

/** Who attended what, narrowed down by the address, and the same as a table to take away. */
export default function LogsScreen() {
  const zone = useZone();
  const { filters, set } = useFilters(WEEK);
  const query = queryOf(filters, zone);
  const logs = useInfiniteQuery({
    queryKey: ["logs", query],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/monitoring/attendance-logs", {
          params: { query: { ...query, limit: PAGE, ...(pageParam === "" ? {} : { page_token: pageParam }) } },
        }),
      ),
    getNextPageParam: (page) => page.next_page_token ?? undefined,
  });
  const pages = logs.data?.pages;
  const rows = useMemo(() => (pages ?? []).flatMap((page) => page.logs), [pages]);
  const isWhole = logs.data !== undefined && !logs.hasNextPage;
  return (
    <Page title={words.logs.title} lead={words.logs.lead(zoneLabel(zone, new Date()))} actions={<Export query={query} />}>
      <FilterFields filters={filters} set={set} which={["from", "to", "course", "teacher", "student", "status"]} />
      {logs.isPending && <Loading lines={10} />}
      {logs.isError && !logs.data && <Trouble thrown={logs.error} again={() => void logs.refetch()} />}
      {isWhole && rows.length === 0 && <Empty title={words.logs.none}>{words.logs.noneDetail}</Empty>}
      {logs.data && (rows.length > 0 || !isWhole) && (
        <p className="soft small log-count">{words.logs.read(rows.length, isWhole)}</p>
      )}
      {rows.length > 0 && <LogTable rows={rows} isWhole={isWhole} />}
      {logs.hasNextPage && (
        <div className="more">
          <Button isBusy={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
            {words.logs.more}
          </Button>
          <TroubleNote thrown={logs.isFetchNextPageError ? logs.error : null} />
        </div>
      )}
    </Page>
  );
}

function Export({ query }: { query: Record<string, string> }) {
  const saving = useMutation({
    mutationFn: async () => {
      const { blob, name } = await downloaded(
        "/api/monitoring/attendance-logs",
        new URLSearchParams({ ...query, format: "csv" }),
      );
      const url = URL.createObjectURL(blob);
      const link = document.createElement("a");
      link.href = url;
      link.download = name;
      link.click();
      URL.revokeObjectURL(url);
    },
  });
  return (
    <>
      <TroubleNote thrown={saving.error} />
      <Link className="button only-phone" to="/matrix">
        {words.nav.matrix}
      </Link>
      <Link className="button only-phone" to="/register">
        {words.nav.register}
      </Link>
      <Button
        isBusy={saving.isPending}
        onClick={() => {
          saving.mutate();
        }}
      >
        <Download size={15} aria-hidden="true" />
        {words.logs.export}
      </Button>
    </>
  );
}
