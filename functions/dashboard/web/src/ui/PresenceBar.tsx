import "./presence.css";

import { clock, span } from "../time/format";
import { useZone } from "../time/zone";
import { words } from "../words";

/** A stretch of time in milliseconds; an open one has no end yet. */
export interface Stretch {
  from: number;
  to: number | null;
}

/** The time that a bar stands for. `now` is where the present is, null for what is over. */
export interface Axis {
  from: number;
  to: number;
  now: number | null;
}

/** Where an instant stands on the axis, from 0 to 100. */
export function placeOn(axis: Axis, at: number): number {
  const share = ((at - axis.from) / Math.max(1, axis.to - axis.from)) * 100;
  return Math.min(100, Math.max(0, share));
}

/** Seconds of some stretches, until the end of the axis or the present; overlapping ones count once. */
export function secondsOf(stays: readonly Stretch[], until: number): number {
  let seconds = 0;
  let counted = -Infinity;
  for (const { from, to } of [...stays].sort((one, other) => one.from - other.from)) {
    const end = Math.min(to ?? until, until);
    const begin = Math.max(from, counted);
    if (end > begin) seconds += (end - begin) / 1000;
    counted = Math.max(counted, end);
  }
  return seconds;
}

interface Props {
  stays: readonly Stretch[];
  axis: Axis;
  /** When somebody was expected from on: coming after it shows as a gap in another colour. */
  lateUntil?: number | null;
  kind?: "person" | "source";
}

/** One line of presence: when somebody was in the room, drawn, and told to whoever hears the page. */
export function PresenceBar({ stays, axis, lateUntil = null, kind = "person" }: Props) {
  const zone = useZone();
  const until = axis.now ?? axis.to;
  const told = stays.map(({ from, to }) => words.bar.stay(clock(from, zone), to === null ? words.bar.now : clock(to, zone)));
  const label = stays.length === 0 ? words.bar.none : words.bar.told(told.join(", "), span(secondsOf(stays, until)));
  return (
    <div className="bar" data-kind={kind} role="img" aria-label={label}>
      {lateUntil !== null && <Part className="bar-late" axis={axis} from={axis.from} to={Math.min(lateUntil, until)} />}
      {stays.map((stay) => (
        <Part
          key={stay.from}
          className={stay.to === null && axis.now !== null ? "bar-stay is-open" : "bar-stay"}
          axis={axis}
          from={stay.from}
          to={stay.to ?? until}
        />
      ))}
      {axis.now !== null && <span className="bar-now" style={{ insetInlineStart: `${String(placeOn(axis, axis.now))}%` }} />}
    </div>
  );
}

function Part({ className, axis, from, to }: { className: string; axis: Axis; from: number; to: number }) {
  const start = placeOn(axis, from);
  const width = placeOn(axis, to) - start;
  if (width <= 0 && to < axis.from) return null;
  return (
    <span className={className} style={{ insetInlineStart: `${String(start)}%`, inlineSize: `max(3px, ${String(width)}%)` }} />
  );
}

const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480];
const MOST_TICKS = 7;

/** The times written over bars: round ones, few enough to be read. */
export function ticksOf(axis: Axis): number[] {
  const minutes = (axis.to - axis.from) / 60_000;
  const step = (STEPS_MIN.find((each) => minutes / each <= MOST_TICKS) ?? 720) * 60_000;
  const ticks = [];
  for (let at = Math.ceil(axis.from / step) * step; at <= axis.to; at += step) ticks.push(at);
  return ticks;
}

/** The scale over a column of bars. It says nothing that the bars do not say themselves, so it is only seen. */
export function Scale({ axis }: { axis: Axis }) {
  const zone = useZone();
  return (
    <div className="scale" aria-hidden="true">
      {ticksOf(axis).map((at) => {
        const place = placeOn(axis, at);
        return (
          <span
            key={at}
            data-edge={place < 4 ? "start" : place > 96 ? "end" : undefined}
            style={{ insetInlineStart: `${String(place)}%` }}
          >
            {clock(at, zone)}
          </span>
        );
      })}
    </div>
  );
}
