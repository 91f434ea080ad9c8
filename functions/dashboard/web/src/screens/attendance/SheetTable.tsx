import { Fragment, useMemo } from "react";

import { useNames, type NameOf } from "../../people/names";
import { exactSpan } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { PresenceBar, Scale, type Axis, type Stretch } from "../../ui/PresenceBar";
import { StatusChip } from "../../ui/StatusChip";
import { wordOf, words } from "../../words";
import { axisOf, inOrder, personKey, rankOf, staysOf, stretchesBySource, type Row, type Sheet } from "./sheet";
import { whenColumns } from "./whenColumns";

interface Props {
  sheet: Sheet;
  now: number;
  withSources: boolean;
  /** Null where the reader may rule nobody's status. */
  onRule: ((row: Row) => void) | null;
}

/** Everybody of a session with their verdict, their times and their bar; by each source where that is asked for. */
export function SheetTable({ sheet, now, withSources, onRule }: Props) {
  const zone = useZone();
  const nameOf = useNames();
  const rows = useMemo(() => inOrder(sheet.participants), [sheet]);
  const sources = useMemo(() => (withSources ? stretchesBySource(sheet) : null), [sheet, withSources]);
  const sortable = useMemo(() => peopleColumns(nameOf, zone), [nameOf, zone]);
  const columns = [...sortable, barColumn(axisOf(sheet, now), sources), ...(onRule ? [ruleColumn(nameOf, onRule)] : [])];
  return <DataTable caption={words.sheet.caption} className="sheet" isCards columns={columns} rows={rows} keyOf={personKey} />;
}

/** What is said of each person, all of it to be sorted by. */
function peopleColumns(nameOf: NameOf, zone: string): Column<Row>[] {
  return [
    {
      id: "person",
      label: words.sheet.person,
      className: "sheet-who",
      isRowHeader: true,
      sortBy: (row) => calledBy(row, nameOf),
      cell: (row) => <Who row={row} name={calledBy(row, nameOf)} />,
    },
    {
      id: "status",
      label: words.sheet.status,
      sortBy: (row) => rankOf(row.status),
      cell: (row) => <Verdict row={row} />,
    },
    ...whenColumns(zone),
    {
      id: "present",
      label: words.sheet.present,
      className: "number nowrap",
      isGreatestFirst: true,
      sortBy: (row) => row.duration_seconds,
      cell: (row) => (
        <>
          {exactSpan(row.duration_seconds)}
          <span className="why">{wordOf(words.basis, row.basis)}</span>
        </>
      ),
    },
  ];
}

function calledBy(row: Row, nameOf: NameOf): string {
  return row.email === null ? (row.display_name ?? "?") : nameOf(row.email);
}

function Who({ row, name }: { row: Row; name: string }) {
  return (
    <>
      <span className="wraps" title={row.email ?? undefined}>
        {name}
      </span>
      <span className="soft small">
        {words.role[row.role]} · {wordOf(words.match, row.match)}
      </span>
    </>
  );
}

function Verdict({ row }: { row: Row }) {
  return (
    <>
      <StatusChip status={row.status} isRuled={row.override !== null} />
      {row.override !== null && (
        <span className="why">{words.sheet.was(wordOf(words.status, row.override.from_status), row.override.reason)}</span>
      )}
      {row.excuse !== null && <span className="why">{row.excuse}</span>}
    </>
  );
}

function barColumn(axis: Axis, sources: Map<string, Map<string, Stretch[]>> | null): Column<Row> {
  return {
    id: "presence",
    label: words.live.presence,
    head: <Scale axis={axis} />,
    className: "sheet-bars",
    cell: (row) => (
      <>
        <PresenceBar stays={staysOf(row)} axis={axis} />
        {[...(sources?.get(personKey(row)) ?? [])].map(([source, stays]) => (
          <Fragment key={source}>
            <span className="source-name">{wordOf(words.sources, source)}</span>
            <PresenceBar stays={stays} axis={axis} kind="source" />
          </Fragment>
        ))}
      </>
    ),
  };
}

function ruleColumn(nameOf: NameOf, onRule: (row: Row) => void): Column<Row> {
  return {
    id: "rule",
    label: words.sheet.rule,
    head: null,
    className: "sheet-rule",
    cell: (row) =>
      row.email !== null &&
      row.role !== "guest" && (
        <Button
          kind="plain"
          aria-label={words.sheet.ruleOf(calledBy(row, nameOf))}
          onClick={() => {
            onRule(row);
          }}
        >
          {words.sheet.rule}
        </Button>
      ),
  };
}
