import { clock } from "../../time/format";
import type { Column } from "../../ui/DataTable";
import { words } from "../../words";
import { instantOrNull, type Row } from "./sheet";

/** When somebody came and went, as columns to be sorted by; a dash where they never did. */
export function whenColumns(zone: string): Column<Row>[] {
  const column = (id: string, label: string, at: (row: Row) => string | null): Column<Row> => ({
    id,
    label,
    className: "only-desk nowrap",
    sortBy: (row) => instantOrNull(at(row)),
    cell: (row) => {
      const instant = at(row);
      return instant === null ? "–" : clock(instant, zone, true);
    },
  });
  return [
    column("in", words.sheet.in, ({ join_time }) => join_time),
    column("out", words.sheet.out, ({ leave_time }) => leave_time),
  ];
}
