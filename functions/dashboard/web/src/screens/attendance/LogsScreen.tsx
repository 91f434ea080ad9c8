import "./attendance.css";

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { Link } from "react-router";

import { answered, api, downloaded, type Schemas } from "../../api/client";
import { useNames } from "../../people/names";
import { clock, day, exactSpan } from "../../time/format";
import { useZone, zoneLabel } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { StatusChip } from "../../ui/StatusChip";
import { wordOf, words } from "../../words";
import { FilterFields } from "./FilterFields";
import { queryOf, useFilters } from "./filters";

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
  const rows = (logs.data?.pages ?? []).flatMap((page) => page.logs);
  const shown = filters.status === "" ? rows : rows.filter(({ status }) => status === filters.status);
  return (
    <Page title={words.logs.title} lead={words.logs.lead(zoneLabel(zone, new Date()))} actions={<Export query={query} />}>
      <FilterFields filters={filters} set={set} which={["from", "to", "course", "teacher", "student", "status"]} />
      {logs.isPending && <Loading lines={10} />}
      {logs.isError && !logs.data && <Trouble thrown={logs.error} again={() => void logs.refetch()} />}
      {logs.data && shown.length === 0 && !logs.hasNextPage && <Empty title={words.logs.none}>{words.logs.noneDetail}</Empty>}
      {shown.length > 0 && <LogTable rows={shown} />}
      {logs.hasNextPage && (
        <div className="more">
          <Button isBusy={logs.isFetchingNextPage} onClick={() => void logs.fetchNextPage()}>
            {words.logs.more(rows.length)}
          </Button>
        </div>
      )}
    </Page>
  );
}

function LogTable({ rows }: { rows: readonly Schemas["LogRow"][] }) {
  const zone = useZone();
  const nameOf = useNames();
  return (
    <div className="panel table-scroll">
      <table className="table log">
        <caption className="hidden-text">{words.logs.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.logs.class}</th>
            <th scope="col">{words.sheet.person}</th>
            <th scope="col">{words.sheet.status}</th>
            <th scope="col" className="only-desk">
              {words.sheet.in}
            </th>
            <th scope="col" className="only-desk">
              {words.sheet.out}
            </th>
            <th scope="col" className="number">
              {words.sheet.present}
            </th>
            <th scope="col" className="only-desk">
              {words.logs.source}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.session_id} ${row.email ?? row.display_name ?? ""}`}>
              <td>
                <Link className="wraps" to={`/sessions/${row.session_id}`}>
                  {row.subject}
                </Link>
                <span className="why">
                  {day(row.class_start, zone)}, {clock(row.class_start, zone)}
                </span>
              </td>
              <td>
                <span className="wraps" title={row.email ?? undefined}>
                  {row.email === null ? row.display_name : nameOf(row.email)}
                </span>
                {row.role !== "student" && <span className="why">{words.role[row.role]}</span>}
              </td>
              <td>
                <StatusChip status={row.status} isRuled={row.override !== null} />
              </td>
              <td className="only-desk nowrap">{row.join_time === null ? "–" : clock(row.join_time, zone, true)}</td>
              <td className="only-desk nowrap">{row.leave_time === null ? "–" : clock(row.leave_time, zone, true)}</td>
              <td className="number nowrap">{exactSpan(row.duration_seconds)}</td>
              <td className="only-desk">
                {row.source === null ? "–" : wordOf(words.sources, row.source)}
                <span className="why">{wordOf(words.basis, row.basis)}</span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
        title={words.logs.exportHint}
      >
        <Download size={15} aria-hidden="true" />
        {words.logs.export}
      </Button>
    </>
  );
}
