import { useMemo } from "react";
import { Link } from "react-router";

import { useNames, type NameOf } from "../../people/names";
import { clock, day, exactSpan } from "../../time/format";
import { useZone } from "../../time/zone";
import { DataTable, type Column } from "../../ui/DataTable";
import { StatusChip } from "../../ui/StatusChip";
import { wordOf, words } from "../../words";
import { personKey, rankOf, type Row } from "./sheet";
import { whenColumns } from "./whenColumns";

/** The rows of the log that are read, to be sorted once all of them are. */
export function LogTable({ rows, isWhole }: { rows: readonly Row[]; isWhole: boolean }) {
  const zone = useZone();
  const nameOf = useNames();
  const columns = useMemo(() => [...whoColumns(nameOf, zone), ...timeColumns(zone)], [nameOf, zone]);
  return (
    <DataTable
      caption={words.logs.title}
      className="log"
      isCards
      columns={columns}
      rows={rows}
      keyOf={(row) => `${row.session_id} ${personKey(row)}`}
      isWhole={isWhole}
    />
  );
}

function whoColumns(nameOf: NameOf, zone: string): Column<Row>[] {
  return [
    {
      id: "class",
      label: words.logs.class,
      isGreatestFirst: true,
      sortBy: (row) => Date.parse(row.class_start),
      cell: (row) => (
        <>
          <Link className="wraps" to={`/sessions/${row.session_id}`}>
            {row.subject}
          </Link>
          <span className="why">
            {day(row.class_start, zone)}, {clock(row.class_start, zone)}
          </span>
        </>
      ),
    },
    {
      id: "person",
      label: words.sheet.person,
      sortBy: (row) => (row.email === null ? row.display_name : nameOf(row.email)),
      cell: (row) => (
        <>
          <span className="wraps" title={row.email ?? undefined}>
            {row.email === null ? row.display_name : nameOf(row.email)}
          </span>
          {row.role !== "student" && <span className="why">{words.role[row.role]}</span>}
        </>
      ),
    },
    {
      id: "status",
      label: words.sheet.status,
      sortBy: (row) => rankOf(row.status),
      cell: (row) => <StatusChip status={row.status} isRuled={row.override !== null} />,
    },
  ];
}

function timeColumns(zone: string): Column<Row>[] {
  return [
    ...whenColumns(zone),
    {
      id: "present",
      label: words.sheet.present,
      className: "number nowrap",
      isGreatestFirst: true,
      sortBy: (row) => row.duration_seconds,
      cell: (row) => exactSpan(row.duration_seconds),
    },
    {
      id: "source",
      label: words.logs.source,
      className: "only-desk",
      sortBy: (row) => (row.source === null ? null : wordOf(words.sources, row.source)),
      cell: (row) => (
        <>
          {row.source === null ? "–" : wordOf(words.sources, row.source)}
          <span className="why">{wordOf(words.basis, row.basis)}</span>
        </>
      ),
    },
  ];
}
