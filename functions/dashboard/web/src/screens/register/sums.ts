/** Numbers of the register as they are shown. */

const THERE = ["present", "late", "left_early", "partial"] as const;

/** How many sessions somebody came to, for however long. */
export function came(counts: Readonly<Record<string, number>>): number {
  return THERE.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** A share; nothing to take it of is no share, which is not the same as none. */
export function percentTold(percent: number | null): string {
  return percent === null ? "–" : `${String(Math.floor(percent * 10) / 10)} %`;
}
