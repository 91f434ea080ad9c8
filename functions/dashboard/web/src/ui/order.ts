/** What a cell is sorted by; null is what is not known. */
export type SortValue = string | number | null;

const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Numbers by their size, words as people sort them: no difference by capitals or accents, and 9 before 10. */
export function compareValues(one: unknown, other: unknown): number {
  return typeof one === "number" && typeof other === "number" ? one - other : COLLATOR.compare(String(one), String(other));
}
