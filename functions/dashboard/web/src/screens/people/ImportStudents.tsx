import { answered, api, type Schemas } from "../../api/client";
import { readTable } from "../../tables/csv";
import { ImportTable, type Looked } from "../../tables/ImportTable";
import { columnOf } from "../../tables/mistakes";
import { Dialog } from "../../ui/Dialog";
import { useDirectoryChanged } from "./kinds";
import { directory } from "./words";

const TEMPLATE = [
  ["email", "first_name", "last_name", "student_number", "department", "guardian_emails", "courses"],
  ["ben@school.example", "Ben", "Baker", "1001", "7b", "mum@home.example dad@home.example", ""],
  ["cleo@school.example", "Cleo", "Clark", "1002", "7b", "", ""],
];

/** Entering many students from a table. */
export function ImportStudents({ onClose, onTold }: { onClose: () => void; onTold: (told: string) => void }) {
  const changed = useDirectoryChanged();
  const send = (csv: string, dry_run: boolean) =>
    answered(api.POST("/api/attendance-tracker/students/import", { body: { csv, dry_run } }));
  return (
    <Dialog title={directory.importTitle} onClose={onClose}>
      <p className="soft">{directory.importLead}</p>
      <ImportTable
        columns={directory.columns}
        template={{ name: "students.csv", rows: TEMPLATE }}
        look={async (csv) => lookedOf(await send(csv, true), csv)}
        act={async (csv) => {
          const done = await send(csv, false);
          await changed();
          onTold(directory.imported(done.new, done.changed));
          onClose();
        }}
        onCancel={onClose}
      />
    </Dialog>
  );
}

/** A dry run in words. The API tells the fate of the first students by their address. */
export function lookedOf(told: Schemas["ImportBody"], csv: string): Looked {
  const [header = [], ...rows] = readTable(csv);
  const column = columnOf("email", header);
  const fates = new Map(told.preview.map(({ email, change }) => [email.toLowerCase(), directory.fates[change]]));
  const byRow = rows.map((cells, at): [number, string] => [at + 2, fates.get((cells[column] ?? "").trim().toLowerCase()) ?? ""]);
  return {
    mistakes: told.errors,
    fates: new Map(byRow),
    act: directory.importAct(told.rows),
    told: directory.importTold(told.new, told.changed, told.unchanged),
  };
}
