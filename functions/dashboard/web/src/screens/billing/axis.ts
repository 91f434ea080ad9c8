import type { Drawing } from "./Chart";

const MOST_STEPS = 5;

/** The amounts, in minor units, that an axis names: round ones, from at or below the least that is drawn to at or above the most. */
export function ticksOf({ rows, columns, isStacked = false }: Pick<Drawing, "rows" | "columns" | "isStacked">): number[] {
  const ends = rows.flatMap(({ values }) => {
    const amounts = columns.map(({ key }) => values[key]?.amount_minor ?? 0);
    if (!isStacked) return amounts;
    return [sumOf(amounts.filter((each) => each > 0)), sumOf(amounts.filter((each) => each < 0))];
  });
  return roundTicks(Math.min(0, ...ends), Math.max(0, ...ends));
}

/** Multiples of 1, 2 or 5 times a power of ten around two whole numbers, in few steps. */
export function roundTicks(least: number, most: number): number[] {
  const rough = Math.max(1, (most - least) / MOST_STEPS);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? 10 * power;
  const [from, to] = [Math.floor(least / step), Math.max(1, Math.ceil(most / step))];
  return Array.from({ length: to - from + 1 }, (_, number) => (from + number) * step);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, each) => sum + each, 0);
}
