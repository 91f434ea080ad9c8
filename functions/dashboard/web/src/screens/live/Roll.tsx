import { MonitorSmartphone } from "lucide-react";

import { clock, span } from "../../time/format";
import { useZone } from "../../time/zone";
import { PresenceBar, type Axis } from "../../ui/PresenceBar";
import { words } from "../../words";
import type { RollLine } from "./roll";

/** The people of a class that is on, a line each, always in the same order. */
export function Roll({ lines, axis, startsAt }: { lines: readonly RollLine[]; axis: Axis; startsAt: number }) {
  return (
    <ul className="roll">
      {lines.map((line) => (
        <li key={line.key} className="roll-line" data-standing={line.standing}>
          <span className="roll-name">
            <span className="roll-who" title={line.email ?? undefined}>
              {line.name}
            </span>
            {line.role !== "student" && line.isMatched && <span className="roll-role">{words.role[line.role]}</span>}
            {line.devices > 1 && (
              <span className="roll-role" title={words.live.devices(line.devices)}>
                <MonitorSmartphone size={14} aria-hidden="true" />
                <span className="hidden-text">{words.live.devices(line.devices)}</span>
                <span aria-hidden="true">{line.devices}</span>
              </span>
            )}
            {!line.isMatched && <span className="roll-role roll-unsure">{words.live.unmatched}</span>}
          </span>
          <Standing line={line} />
          <PresenceBar stays={line.stays} axis={axis} lateUntil={lateUntil(line, axis, startsAt)} />
        </li>
      ))}
    </ul>
  );
}

function Standing({ line }: { line: RollLine }) {
  const zone = useZone();
  const last = line.stays.at(-1)?.to ?? null;
  const told = {
    here: line.lateSeconds > 0 ? words.live.hereLate(span(line.lateSeconds)) : words.live.here,
    gone: last === null ? words.live.gone("–") : words.live.gone(clock(last, zone)),
    missing: line.role === "guest" || line.role === "phone" ? words.live.notYet : words.live.missingNow,
    awaited: words.live.notYet,
  };
  return (
    <span className="roll-standing" data-late={line.lateSeconds > 0 || undefined}>
      {told[line.standing]}
    </span>
  );
}

/** Until when somebody who was expected was waited for. */
function lateUntil(line: RollLine, axis: Axis, startsAt: number): number | null {
  if (line.standing === "missing") return axis.now ?? axis.to;
  const first = line.stays[0]?.from;
  return line.lateSeconds > 0 && first !== undefined && first > startsAt ? first : null;
}
