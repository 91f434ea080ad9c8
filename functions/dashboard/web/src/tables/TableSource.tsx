import { Download } from "lucide-react";
import { useState } from "react";

import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { words } from "../words";
import { readTable, saveText, textOf, writeTable } from "./csv";
import { table } from "./words";

/** A column that a table may have, in words for whoever writes one. */
export interface Column {
  name: string;
  told: string;
  isNeeded?: boolean;
}

interface Props {
  columns: readonly Column[];
  template: { name: string; rows: string[][] };
  onTable: (rows: string[][]) => void;
  onCancel: () => void;
}

/** Where a table comes from: a file, chosen or dropped, or what is pasted. */
export function TableSource({ columns, template, onTable, onCancel }: Props) {
  const [pasted, setPasted] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const take = (text: string): void => {
    const rows = readTable(text);
    if (rows.length === 0) setWrong(table.empty);
    else onTable(rows);
  };
  const read = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    try {
      take(await textOf(file));
    } catch {
      setWrong(table.readFailed);
    }
  };
  return (
    <form
      className="stack import"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        take(pasted);
      }}
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        void read(event.dataTransfer.files[0]);
      }}
    >
      <Columns columns={columns} />
      <div className="row">
        <Button
          onClick={() => {
            saveText(template.name, writeTable(template.rows));
          }}
        >
          <Download size={15} aria-hidden="true" />
          {table.template}
        </Button>
      </div>
      <Field label={table.file} hint={table.fileHint}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            type="file"
            accept=".csv,.tsv,.txt,text/csv"
            onChange={(event) => void read(event.target.files?.[0])}
          />
        )}
      </Field>
      <Field label={table.paste} hint={table.pasteHint}>
        {(parts) => (
          <textarea
            {...parts}
            className="input import-paste"
            rows={5}
            spellCheck={false}
            value={pasted}
            onChange={(event) => {
              setPasted(event.target.value);
              setWrong(null);
            }}
          />
        )}
      </Field>
      {wrong !== null && (
        <p className="note" data-tone="bad" role="alert">
          {wrong}
        </p>
      )}
      <div className="actions">
        <Button kind="main" type="submit">
          {table.check}
        </Button>
        <Button onClick={onCancel}>{words.cancel}</Button>
      </div>
    </form>
  );
}

function Columns({ columns }: { columns: readonly Column[] }) {
  return (
    <dl className="import-columns">
      {columns.map(({ name, told, isNeeded }) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            {isNeeded && <span className="soft small"> {table.needed}</span>}
          </dt>
          <dd className="small">{told}</dd>
        </div>
      ))}
    </dl>
  );
}
