import type { Schemas } from "../../api/client";
import type { Axis, Stretch } from "../../ui/PresenceBar";

export type Sheet = Schemas["SessionBody"];
export type Row = Schemas["LogRow"];

/** What identifies a row, and a fact, as one person's. */
export function personKey(one: { email: string | null; display_name: string | null }): string {
  return one.email ?? `name:${one.display_name ?? ""}`;
}

/** When a row's person was in the room. */
export function staysOf(row: Row): Stretch[] {
  return row.sessions.map(({ start_time, end_time }) => ({
    from: Date.parse(start_time),
    to: end_time === null ? null : Date.parse(end_time),
  }));
}

/** The time that the sheet's bars stand for: the class, widened by whoever came before it or stayed on. */
export function axisOf(sheet: Sheet, now: number): Axis {
  const isOn = sheet.status === "active";
  const stays = sheet.participants.flatMap(staysOf);
  const from = Math.min(Date.parse(sheet.scheduled_start), ...stays.map((stay) => stay.from));
  const ends = stays.map((stay) => stay.to ?? (isOn ? now : 0));
  const to = Math.max(Date.parse(sheet.scheduled_end), ...ends);
  return { from, to, now: isOn ? now : null };
}

/** What each source says of a person, as stretches: a join and the leave of the same connection are one. */
export function stretchesBySource(sheet: Sheet): Map<string, Map<string, Stretch[]>> {
  const people = new Map<string, Map<string, Stretch[]>>();
  const open = new Map<string, Stretch>();
  for (const fact of [...sheet.timeline].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    if (fact.kind !== "join" && fact.kind !== "leave") continue;
    const visit = `${personKey(fact)} ${fact.source} ${fact.connection}`;
    const at = Date.parse(fact.at);
    if (fact.kind === "leave") {
      const begun = open.get(visit);
      if (begun) begun.to = at;
      open.delete(visit);
      continue;
    }
    const stretch: Stretch = { from: at, to: null };
    open.set(visit, stretch);
    const sources = people.get(personKey(fact)) ?? new Map<string, Stretch[]>();
    sources.set(fact.source, [...(sources.get(fact.source) ?? []), stretch]);
    people.set(personKey(fact), sources);
  }
  for (const [key, sources] of people) people.set(key, new Map([...sources].sort(([one], [other]) => one.localeCompare(other))));
  return people;
}

const ORDER = { teacher: 0, student: 1, guest: 2, phone: 3 };

/** Rows as a register has them: teachers, then students by name, then whoever else came. */
export function inOrder(rows: readonly Row[]): Row[] {
  const name = (row: Row): string => row.display_name ?? row.email ?? "";
  return [...rows].sort((one, other) => ORDER[one.role] - ORDER[other.role] || name(one).localeCompare(name(other)));
}

const BY_WORRY = ["no_show", "absent", "partial", "left_early", "late", "unknown", "excused", "present"];

/** Where a verdict stands when one sorts by it: what wants a look first. */
export function rankOf(status: string): number {
  const place = BY_WORRY.indexOf(status);
  return place < 0 ? BY_WORRY.length : place;
}

/** An instant to sort by. */
export function instantOrNull(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
