/** Going through the calendar by keyboard. */

export type Direction = "earlier" | "later" | "dayBefore" | "dayAfter";

const KEYS: Readonly<Record<string, Direction | number>> = {
  ArrowUp: "earlier",
  ArrowDown: "later",
  ArrowLeft: "dayBefore",
  ArrowRight: "dayAfter",
  PageUp: -7,
  PageDown: 7,
};

/** Where a key leads: to another class, or so many days on; null where it leads nowhere. */
export function keyed(key: string): Direction | number | null {
  return KEYS[key] ?? null;
}

/** The class that a direction leads to: the next one of the day, or the one of the next day with any that is nearest in height. */
export function nextOf(
  days: readonly (readonly number[])[],
  at: readonly [number, number],
  to: Direction,
): [number, number] | null {
  const [day, place] = at;
  const own = days[day] ?? [];
  if (to === "earlier" || to === "later") {
    const next = place + (to === "later" ? 1 : -1);
    return own[next] === undefined ? null : [day, next];
  }
  const step = to === "dayAfter" ? 1 : -1;
  for (let other = day + step; other >= 0 && other < days.length; other += step) {
    const tops = days[other] ?? [];
    if (tops.length === 0) continue;
    const away = tops.map((top) => Math.abs(top - (own[place] ?? 0)));
    return [other, away.indexOf(Math.min(...away))];
  }
  return null;
}

/** Put the focus on the class that a direction leads to. */
export function moveFocus(grid: HTMLElement, to: Direction): void {
  const days = [...grid.querySelectorAll("[data-day]")].map((each) => [...each.querySelectorAll<HTMLElement>(".week-class")]);
  const day = days.findIndex((own) => own.some((each) => each === document.activeElement));
  const place = days[day]?.findIndex((each) => each === document.activeElement) ?? -1;
  const tops = days.map((own) => own.map((each) => each.offsetTop));
  const next = place < 0 ? null : nextOf(tops, [day, place], to);
  if (next) days[next[0]]?.[next[1]]?.focus();
}
