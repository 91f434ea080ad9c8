import type { Axis, Stretch } from "../../ui/PresenceBar";
import type { LineEvidence } from "./queries";

interface Stay {
  joined_at: string;
  left_at: string | null;
}

/** What one source told of one device, a row of bars. */
export interface VisitRow {
  key: string;
  source: string;
  device: string | null;
  stays: Stay[];
}

/** The visits, a row for each source and device, in the order in which they first came. */
export function visitRows(visits: LineEvidence["visits"]): VisitRow[] {
  const rows = new Map<string, VisitRow>();
  for (const { source, device, joined_at, left_at } of visits) {
    const key = `${source}|${device ?? ""}`;
    const row = rows.get(key) ?? { key, source, device, stays: [] };
    row.stays.push({ joined_at, left_at });
    rows.set(key, row);
  }
  return [...rows.values()];
}

/** From the bell to the end of the class, and as much more as somebody stayed, at most a quarter of the class on each side. */
export function axisOf({ lesson, verdict, visits }: LineEvidence): Axis {
  const from = Date.parse(lesson?.start_at ?? visits[0]?.joined_at ?? "");
  const to = Date.parse(lesson?.end_at ?? visits[0]?.left_at ?? "");
  const margin = (to - from) / 4;
  const stays = [...visits, ...(verdict?.stays ?? [])];
  const first = Math.min(from, ...stays.map(({ joined_at }) => Date.parse(joined_at)));
  const last = Math.max(to, ...stays.map(({ left_at }) => (left_at === null ? to : Date.parse(left_at))));
  return { from: Math.max(first, from - margin), to: Math.min(last, to + margin), now: null };
}

/** Stays as bars; whoever nobody saw go is drawn to the end. */
export function staysOf(stays: readonly Stay[], axis: Axis): Stretch[] {
  return stays.map(({ joined_at, left_at }) => ({
    from: Date.parse(joined_at),
    to: left_at === null ? axis.to : Date.parse(left_at),
  }));
}

/** What of some stays counts: what lies between the bell and the end of the class. */
export function countedStays(stays: readonly Stay[], { start_at, end_at }: { start_at: string; end_at: string }): Stretch[] {
  const [start, end] = [Date.parse(start_at), Date.parse(end_at)];
  return stays
    .map(({ joined_at, left_at }) => ({
      from: Math.max(start, Date.parse(joined_at)),
      to: Math.min(end, left_at === null ? end : Date.parse(left_at)),
    }))
    .filter(({ from, to }) => to > from);
}
