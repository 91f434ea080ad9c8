import { useQuery } from "@tanstack/react-query";

import { answered, api } from "../../api/client";
import { everyPage } from "../../api/pages";
import { clock, day, daysLater, exactSpan } from "../../time/format";
import { useZone } from "../../time/zone";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { StatusChip } from "../../ui/StatusChip";
import { words } from "../../words";

const DAYS = 90;

/** A student's own attendance, or that of a guardian's students; the API decides which rows are theirs. */
export default function MineScreen() {
  const zone = useZone();
  const { data, isPending, isError, error, refetch } = useQuery({
    queryKey: ["logs", "mine"],
    queryFn: async () => {
      const from = daysLater(new Date(), -DAYS, zone).toISOString();
      const { pages } = await everyPage((page_token) =>
        answered(
          api.GET("/api/monitoring/attendance-logs", {
            params: { query: { from, limit: 500, ...(page_token ? { page_token } : {}) } },
          }),
        ),
      );
      return pages.flatMap((page) => page.logs).filter(({ role }) => role === "student");
    },
  });
  return (
    <Page title={words.mine.title} lead={words.mine.lead}>
      {isPending && <Loading lines={8} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.length === 0 && <Empty title={words.mine.none}>{words.mine.noneDetail}</Empty>}
      {data && data.length > 0 && (
        <div className="panel table-scroll">
          <table className="table">
            <caption className="hidden-text">{words.mine.title}</caption>
            <thead>
              <tr>
                <th scope="col">{words.logs.class}</th>
                <th scope="col" className="only-desk">
                  {words.sheet.person}
                </th>
                <th scope="col">{words.sheet.status}</th>
                <th scope="col" className="number">
                  {words.sheet.present}
                </th>
              </tr>
            </thead>
            <tbody>
              {data.map((row) => (
                <tr key={`${row.session_id} ${row.email ?? ""}`}>
                  <td>
                    {row.subject}
                    <br />
                    <span className="soft small">
                      {day(row.class_start, zone)}, {clock(row.class_start, zone)}
                    </span>
                  </td>
                  <td className="only-desk">{row.display_name ?? row.email}</td>
                  <td>
                    <StatusChip status={row.status} isRuled={row.override !== null} />
                  </td>
                  <td className="number">{exactSpan(row.duration_seconds)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Page>
  );
}
