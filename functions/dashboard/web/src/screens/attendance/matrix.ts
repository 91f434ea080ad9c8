import type { Schemas } from "../../api/client";

type Row = Schemas["LogRow"];

export interface MatrixColumn {
  sessionId: string;
  subject: string;
  startsAt: string;
}

export interface MatrixLine {
  email: string;
  cells: ReadonlyMap<string, Row>;
  /** Of the classes whose verdict is known, how many were attended, from 0 to 100; null where none is known. */
  share: number | null;
}

const CAME = new Set(["present", "late", "left_early", "partial"]);
const UNCOUNTED = new Set(["unknown", "excused"]);

/** Students by sessions: a line for each student of the rows, a column for each session, both in order. */
export function matrixOf(rows: readonly Row[]): { columns: MatrixColumn[]; lines: MatrixLine[] } {
  const columns = new Map<string, MatrixColumn>();
  const people = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    if (row.role !== "student" || row.email === null) continue;
    columns.set(row.session_id, { sessionId: row.session_id, subject: row.subject, startsAt: row.class_start });
    const cells = people.get(row.email) ?? new Map<string, Row>();
    cells.set(row.session_id, row);
    people.set(row.email, cells);
  }
  return {
    columns: [...columns.values()].sort((one, other) => Date.parse(one.startsAt) - Date.parse(other.startsAt)),
    lines: [...people.entries()].map(([email, cells]) => ({ email, cells, share: shareOf([...cells.values()]) })),
  };
}

function shareOf(rows: readonly Row[]): number | null {
  const counted = rows.filter(({ status }) => !UNCOUNTED.has(status));
  if (counted.length === 0) return null;
  return Math.round((counted.filter(({ status }) => CAME.has(status)).length / counted.length) * 100);
}
