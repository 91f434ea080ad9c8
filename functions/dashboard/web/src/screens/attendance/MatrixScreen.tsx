import "./attendance.css";

import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { answered, api } from "../../api/client";
import { everyPage } from "../../api/pages";
import { courses, useNames } from "../../people/names";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { DataTable, type Column } from "../../ui/DataTable";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { STATUS_TONES } from "../../ui/StatusChip";
import { wordOf, words } from "../../words";
import { policyNow } from "../live/policy";
import { FilterFields } from "./FilterFields";
import { queryOf, useFilters } from "./filters";
import { matrixOf, type MatrixColumn, type MatrixLine } from "./matrix";

const MONTH = 30;

/** Students by sessions of a course: the register of a month at a glance. */
export default function MatrixScreen() {
  const zone = useZone();
  const { filters, set } = useFilters(MONTH);
  const known = useQuery(courses);
  const first = known.data?.[0]?.course_id ?? "";
  const course = filters.course || first;
  const query = queryOf({ ...filters, course, status: "" }, zone);
  const logs = useQuery({
    queryKey: ["logs", "matrix", query],
    enabled: course !== "",
    queryFn: async () => {
      const { pages, isCut } = await everyPage((page_token) =>
        answered(
          api.GET("/api/monitoring/attendance-logs", {
            params: { query: { ...query, limit: 500, ...(page_token ? { page_token } : {}) } },
          }),
        ),
      );
      return { ...matrixOf(pages.flatMap((page) => page.logs)), isCut };
    },
  });
  return (
    <Page title={words.matrix.title} lead={words.matrix.lead}>
      <FilterFields filters={{ ...filters, course }} set={set} which={["course", "from", "to"]} />
      {course === "" && known.isPending && <Loading lines={10} />}
      {course === "" && known.isError && <Trouble thrown={known.error} again={() => void known.refetch()} />}
      {course === "" && known.data && <Empty title={words.matrix.noCourse}>{words.matrix.noCourseDetail}</Empty>}
      {course !== "" && logs.isPending && <Loading lines={10} />}
      {logs.isError && !logs.data && <Trouble thrown={logs.error} again={() => void logs.refetch()} />}
      {logs.data?.lines.length === 0 && <Empty title={words.logs.none}>{words.logs.noneDetail}</Empty>}
      {logs.data?.isCut && <p className="note">{words.states.cut}</p>}
      {logs.data && logs.data.lines.length > 0 && <Register found={logs.data} />}
    </Page>
  );
}

function Register({ found: { columns, lines, isCut } }: { found: ReturnType<typeof matrixOf> & { isCut: boolean } }) {
  const zone = useZone();
  const nameOf = useNames();
  const statuses = useQuery(policyNow).data?.statuses ?? [];
  const letters = new Map<string, string>(statuses.map(({ status, acronym }) => [status, acronym]));
  const letterOf = (status: string): string => letters.get(status) ?? status.slice(0, 2);
  const shown: Column<MatrixLine>[] = [
    {
      id: "student",
      label: words.schedule.students,
      className: "matrix-who",
      isRowHeader: true,
      sortBy: ({ email }) => nameOf(email),
      cell: ({ email }) => <span title={email}>{nameOf(email)}</span>,
    },
    {
      id: "share",
      label: words.matrix.share,
      sortBy: ({ share }) => share,
      cell: ({ share }) => (share === null ? "–" : `${String(share)} %`),
    },
    ...columns.map((column) => sessionColumn(column, letterOf, zone)),
  ];
  const ordered = [...lines].sort((one, other) => nameOf(one.email).localeCompare(nameOf(other.email)));
  return (
    <div className="stack">
      <DataTable
        caption={words.matrix.title}
        className="matrix"
        columns={shown}
        rows={ordered}
        keyOf={({ email }) => email}
        isWide
        isWhole={!isCut}
      />
      <ul className="legend" aria-label={words.matrix.legend}>
        {statuses.map(({ status, acronym }) => (
          <li key={status}>
            <strong>{acronym}</strong> {wordOf(words.status, status)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A session as a column: its letters, and its verdicts in the order of what wants a look. */
function sessionColumn(column: MatrixColumn, letterOf: (status: string) => string, zone: string): Column<MatrixLine> {
  const { sessionId, subject, startsAt } = column;
  const statusOf = ({ cells }: MatrixLine): string | undefined => cells.get(sessionId)?.status;
  return {
    id: sessionId,
    label: `${subject}, ${day(startsAt, zone)}, ${clock(startsAt, zone)}`,
    head: (
      <Link to={`/sessions/${sessionId}`} title={subject}>
        {day(startsAt, zone)}
        <br />
        {clock(startsAt, zone)}
      </Link>
    ),
    className: "matrix-cell",
    tone: (line) => STATUS_TONES[statusOf(line) ?? ""],
    cell: (line) => {
      const status = statusOf(line);
      return (
        status !== undefined && (
          <>
            <span aria-hidden="true">{letterOf(status)}</span>
            <span className="hidden-text">{wordOf(words.status, status)}</span>
          </>
        )
      );
    },
  };
}
