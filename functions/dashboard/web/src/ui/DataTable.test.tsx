import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import { DataTable, type Column } from "./DataTable";

interface Fruit {
  name: string;
  pieces: number | null;
}

const FRUIT: Fruit[] = [
  { name: "pear 10", pieces: 3 },
  { name: "Apple", pieces: null },
  { name: "pear 9", pieces: 12 },
];
const COLUMNS: Column<Fruit>[] = [
  { id: "name", label: "Name", cell: ({ name }) => name, sortBy: ({ name }) => name, isRowHeader: true },
  { id: "pieces", label: "Pieces", cell: ({ pieces }) => pieces ?? "–", sortBy: ({ pieces }) => pieces, isGreatestFirst: true },
  { id: "note", label: "Note", cell: () => "fresh" },
];

afterEach(cleanup);

function shown(isWhole = true, columns = COLUMNS) {
  return <DataTable caption="Fruit" columns={columns} rows={FRUIT} keyOf={({ name }) => name} isWhole={isWhole} isCards />;
}

function names(): (string | null)[] {
  return [...document.querySelectorAll("tbody th")].map(({ textContent }) => textContent);
}

test("rows stand as they came until somebody sorts them, and again after both ways", () => {
  render(shown());
  const sort = screen.getByRole("button", { name: "Name" });
  const seen = [names()];
  for (let click = 0; click < 3; click += 1) {
    fireEvent.click(sort);
    seen.push(names());
  }
  const came = ["pear 10", "Apple", "pear 9"];
  expect(seen).toEqual([came, ["Apple", "pear 9", "pear 10"], ["pear 10", "pear 9", "Apple"], came]);
});

test("the head says which way it is sorted, and the keyboard sorts too", async () => {
  render(shown());
  screen.getByRole("button", { name: "Pieces" }).focus();
  await userEvent.keyboard("{Enter}");
  expect(screen.getByRole("columnheader", { name: "Pieces" }).getAttribute("aria-sort")).toBe("descending");
  await userEvent.keyboard(" ");
  expect(screen.getByRole("columnheader", { name: "Pieces" }).getAttribute("aria-sort")).toBe("ascending");
  expect(screen.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort")).toBeNull();
});

test("what is not known stands last, whichever way", async () => {
  render(shown());
  const sort = screen.getByRole("button", { name: "Pieces" });
  await userEvent.click(sort);
  expect(names()).toEqual(["pear 9", "pear 10", "Apple"]);
  await userEvent.click(sort);
  expect(names()).toEqual(["pear 10", "pear 9", "Apple"]);
});

test("a part of a list is not sorted as if it were all", () => {
  render(shown(false));
  const table = within(screen.getByRole("table", { name: "Fruit" }));
  expect(table.queryByRole("button")).toBeNull();
  expect(screen.queryByRole("combobox")).toBeNull();
});

test("a phone has a choice of the same orders", async () => {
  render(shown());
  await userEvent.selectOptions(screen.getByRole("combobox", { name: "Sort by" }), "Pieces");
  expect(names()[0]).toBe("pear 9");
  await userEvent.click(screen.getByRole("button", { name: "Downwards. Turn the order round" }));
  expect(names()[0]).toBe("pear 10");
});

test("what a column is sorted by may become known later", async () => {
  const { rerender } = render(shown());
  await userEvent.click(screen.getByRole("button", { name: "Name" }));
  const turned = COLUMNS.map((column) =>
    column.id === "name" ? { ...column, sortBy: (one: Fruit) => one.pieces ?? 99 } : column,
  );
  rerender(shown(true, turned));
  expect(names()).toEqual(["pear 10", "pear 9", "Apple"]);
});

test("two rows of one name are two rows", () => {
  const twins = [
    { name: "Kim", pieces: 1 },
    { name: "Kim", pieces: 2 },
  ];
  render(<DataTable caption="Fruit" columns={COLUMNS} rows={twins} keyOf={({ name }) => name} />);
  expect(names()).toEqual(["Kim", "Kim"]);
});
