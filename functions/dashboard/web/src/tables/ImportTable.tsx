import "./tables.css";

import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { asProblem } from "../api/problem";
import { Button } from "../ui/Button";
import { TroubleNote } from "../ui/states";
import { words } from "../words";
import { writeTable } from "./csv";
import { byRow, rowsShown, type Mistake } from "./mistakes";
import { SheetRows } from "./SheetRows";
import { TableSource, type Column } from "./TableSource";
import { table } from "./words";

/** What the API says of a table that it has only looked at. */
export interface Looked {
  mistakes: readonly Mistake[];
  /** What would become of a row, by its number. */
  fates: ReadonlyMap<number, string>;
  /** What is done with a table without mistakes, for the button. */
  act: string;
  told: string;
  /** Whether some of the mistakes are none where the reader chooses so. */
  isChoosable?: boolean;
}

interface Props {
  columns: readonly Column[];
  template: { name: string; rows: string[][] };
  look: (csv: string, isChosen: boolean) => Promise<Looked>;
  /** Store it. One key goes with one table, so that asking again after a lost answer stores it once. */
  act: (csv: string, isChosen: boolean, key: string) => Promise<void>;
  choice?: { label: string; hint: string };
  onCancel: () => void;
}

/** Bringing in a table: it is chosen or pasted, looked at row by row, mended where it stands, and only then stored. */
export function ImportTable({ columns, template, look, act, choice, onCancel }: Props) {
  const [grid, setGrid] = useState<string[][] | null>(null);
  const [isChanged, setIsChanged] = useState(false);
  const [isChosen, setIsChosen] = useState(false);
  const [sent, setSent] = useState({ csv: "", key: "" });
  const looking = useMutation({
    mutationFn: async ({ csv, chosen }: { csv: string; chosen: boolean }) => look(csv, chosen),
    onMutate: ({ csv, chosen }) => {
      setIsChanged(false);
      const said = `${csv}${String(chosen)}`;
      setSent((before) => (before.csv === said ? before : { csv: said, key: crypto.randomUUID() }));
    },
  });
  const acting = useMutation({
    mutationFn: async (csv: string) => act(csv, isChosen, sent.key),
    onError: (thrown, csv) => {
      // Something has come in between: its rows are told anew.
      if (asProblem(thrown).status === 422) looking.mutate({ csv, chosen: isChosen });
    },
  });
  if (grid === null) {
    return (
      <TableSource
        columns={columns}
        template={template}
        onTable={(rows) => {
          setGrid(rows);
          looking.mutate({ csv: writeTable(rows), chosen: isChosen });
        }}
        onCancel={onCancel}
      />
    );
  }
  const csv = writeTable(grid);
  const looked = looking.data;
  const isUsable = looked?.mistakes.length === 0 && !isChanged && !looking.isPending;
  const again = (): void => {
    acting.reset();
    looking.mutate({ csv, chosen: isChosen });
  };
  return (
    <form
      className="stack import"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) acting.mutate(csv);
        else again();
      }}
    >
      <Verdict looked={looked} isChanged={isChanged} isLooking={looking.isPending} />
      <TroubleNote thrown={looking.error ?? acting.error} />
      <Rows
        grid={grid}
        looked={looked}
        onGrid={(rows) => {
          setGrid(rows);
          setIsChanged(true);
        }}
      />
      {choice && (isChosen || looked?.isChoosable) && (
        <Choice
          {...choice}
          isChosen={isChosen}
          onChoose={(chosen) => {
            setIsChosen(chosen);
            looking.mutate({ csv, chosen });
          }}
        />
      )}
      <div className="actions import-end">
        <Button kind="main" type="submit" isBusy={looking.isPending || acting.isPending}>
          {isUsable ? looked.act : table.checkAgain}
        </Button>
        <Button
          onClick={() => {
            looking.reset();
            acting.reset();
            setIsChosen(false);
            setGrid(null);
          }}
        >
          {table.other}
        </Button>
        <Button onClick={onCancel}>{words.cancel}</Button>
      </div>
    </form>
  );
}

function Verdict({ looked, isChanged, isLooking }: { looked: Looked | undefined; isChanged: boolean; isLooking: boolean }) {
  const mistakes = looked?.mistakes ?? [];
  const rows = new Set(mistakes.map(({ row }) => row));
  const isWrong = mistakes.length > 0;
  const told = isLooking
    ? table.checking
    : isChanged
      ? table.changed
      : looked === undefined
        ? ""
        : !isWrong
          ? `${table.good} ${looked.told}`
          : rows.has(1)
            ? table.wrongTable
            : table.wrong(rows.size);
  const tone = isLooking || isChanged || looked === undefined ? undefined : isWrong ? "bad" : "good";
  return (
    <p className="note" role="status" data-tone={tone}>
      {told} {mistakes.length >= 100 && table.errorsCut}
    </p>
  );
}

interface RowsProps {
  grid: string[][];
  looked: Looked | undefined;
  onGrid: (grid: string[][]) => void;
}

function Rows({ grid, looked, onGrid }: RowsProps) {
  const [isAll, setIsAll] = useState(false);
  const mistakes = byRow(looked?.mistakes ?? []);
  const shown = rowsShown(grid.length - 1, new Set(mistakes.keys()), isAll);
  const left = grid.length - 1 - shown.length;
  return (
    <>
      <SheetRows
        grid={grid}
        shown={shown}
        mistakes={mistakes}
        fates={looked?.fates ?? new Map<number, string>()}
        onGrid={onGrid}
      />
      {left > 0 && (
        <div className="row">
          <span className="soft small">{table.more(left)}</span>
          <Button
            kind="plain"
            onClick={() => {
              setIsAll(true);
            }}
          >
            {table.all}
          </Button>
        </div>
      )}
    </>
  );
}

interface ChoiceProps {
  label: ReactNode;
  hint: string;
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}

function Choice({ label, hint, isChosen, onChoose }: ChoiceProps) {
  return (
    <label className="choice note" data-tone="warn">
      <input
        type="checkbox"
        checked={isChosen}
        onChange={(event) => {
          onChoose(event.target.checked);
        }}
      />
      <span>
        <strong>{label}</strong>
        <br />
        {hint}
      </span>
    </label>
  );
}
