/** Where in a table its mistakes stand. Rows count from 1, the header's, as the API counts them. */

export interface Mistake {
  row: number;
  field: string;
  message: string;
}

/** The column that a mistake is about, from 0; -1 where it is about the row, or the header spells it in another way. */
export function columnOf(field: string, header: readonly string[]): number {
  const names = header.map(plain);
  const wanted = plain(field);
  const exact = names.indexOf(wanted);
  return exact >= 0 ? exact : names.findIndex((name) => name !== "" && (wanted.startsWith(name) || name.startsWith(wanted)));
}

function plain(name: string): string {
  return name.replace(/[_-]/g, " ").trim().toLowerCase().split(/\s+/).join(" ");
}

/** The mistakes of each row. */
export function byRow(mistakes: readonly Mistake[]): ReadonlyMap<number, readonly Mistake[]> {
  const found = new Map<number, Mistake[]>();
  for (const each of mistakes) found.set(each.row, [...(found.get(each.row) ?? []), each]);
  return found;
}

const USUALLY_SHOWN = 50;

/** The rows, from 2, that are shown: everything of a short table; of a long one its beginning and what is wrong. */
export function rowsShown(count: number, wrong: ReadonlySet<number>, isAll: boolean): number[] {
  const rows = Array.from({ length: count }, (_, at) => at + 2);
  return isAll || count <= USUALLY_SHOWN * 2 ? rows : rows.filter((row) => row < USUALLY_SHOWN + 2 || wrong.has(row));
}

/** The table with another cell. */
export function withCell(grid: readonly (readonly string[])[], row: number, column: number, text: string): string[][] {
  const width = Math.max(...grid.map((cells) => cells.length));
  return grid.map((cells, at) => {
    if (at !== row - 1) return [...cells];
    const whole = Array.from({ length: Math.max(cells.length, Math.min(width, column + 1)) }, (_, place) => cells[place] ?? "");
    whole[column] = text;
    return whole;
  });
}
