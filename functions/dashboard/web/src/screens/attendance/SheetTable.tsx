import { Fragment } from "react";

import { useNames } from "../../people/names";
import { clock, exactSpan } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { PresenceBar, Scale, type Axis, type Stretch } from "../../ui/PresenceBar";
import { StatusChip } from "../../ui/StatusChip";
import { wordOf, words } from "../../words";
import { axisOf, inOrder, personKey, staysOf, stretchesBySource, type Row, type Sheet } from "./sheet";

interface Props {
  sheet: Sheet;
  now: number;
  withSources: boolean;
  /** Null where the reader may rule nobody's status. */
  onRule: ((row: Row) => void) | null;
}

/** Everybody of a session with their verdict, their times and their bar; by each source where that is asked for. */
export function SheetTable({ sheet, now, withSources, onRule }: Props) {
  const axis = axisOf(sheet, now);
  const sources = withSources ? stretchesBySource(sheet) : null;
  return (
    <div className="panel table-scroll">
      <table className="table sheet">
        <caption className="hidden-text">{words.sheet.caption}</caption>
        <thead>
          <tr>
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
            <th scope="col" className="sheet-bars only-desk">
              <span className="hidden-text">{words.live.presence}</span>
              <Scale axis={axis} />
            </th>
            {onRule && (
              <th scope="col">
                <span className="hidden-text">{words.sheet.rule}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {inOrder(sheet.participants).map((row) => (
            <Line key={personKey(row)} row={row} axis={axis} sources={sources?.get(personKey(row)) ?? null} onRule={onRule} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  row: Row;
  axis: Axis;
  sources: Map<string, Stretch[]> | null;
  onRule: ((row: Row) => void) | null;
}

function Line({ row, axis, sources, onRule }: LineProps) {
  const zone = useZone();
  const nameOf = useNames();
  const name = row.email === null ? (row.display_name ?? "?") : nameOf(row.email);
  return (
    <tr>
      <th scope="row" className="sheet-who">
        <span className="wraps" title={row.email ?? undefined}>
          {name}
        </span>
        <span className="soft small">
          {words.role[row.role]} · {wordOf(words.match, row.match)}
        </span>
      </th>
      <td>
        <StatusChip status={row.status} isRuled={row.override !== null} />
        {row.override !== null && (
          <span className="why">{words.sheet.was(wordOf(words.status, row.override.from_status), row.override.reason)}</span>
        )}
        {row.excuse !== null && <span className="why">{row.excuse}</span>}
      </td>
      <td className="only-desk nowrap">{row.join_time === null ? "–" : clock(row.join_time, zone, true)}</td>
      <td className="only-desk nowrap">{row.leave_time === null ? "–" : clock(row.leave_time, zone, true)}</td>
      <td className="number nowrap">
        {exactSpan(row.duration_seconds)}
        <span className="why">{wordOf(words.basis, row.basis)}</span>
      </td>
      <td className="sheet-bars">
        <PresenceBar stays={staysOf(row)} axis={axis} />
        {sources &&
          [...sources.entries()].map(([source, stays]) => (
            <Fragment key={source}>
              <span className="source-name">{wordOf(words.sources, source)}</span>
              <PresenceBar stays={stays} axis={axis} kind="source" />
            </Fragment>
          ))}
      </td>
      {onRule && (
        <td className="sheet-rule">
          {row.email !== null && row.role !== "guest" && (
            <Button
              kind="plain"
              aria-label={words.sheet.ruleOf(name)}
              onClick={() => {
                onRule(row);
              }}
            >
              {words.sheet.rule}
            </Button>
          )}
        </td>
      )}
    </tr>
  );
}
