import { expect, test } from "vitest";

import { byRow, columnOf, rowsShown, withCell } from "./mistakes";

test("a mistake is found in its column however the header spells it", () => {
  const header = ["Teacher email", "subject", "Start", "Minutes"];
  expect(columnOf("teacher_email", header)).toBe(0);
  expect(columnOf("start_time", header)).toBe(2);
  expect(columnOf("duration_minutes", header)).toBe(-1);
  expect(columnOf("row", header)).toBe(-1);
});

test("mistakes are told row by row", () => {
  const one = { row: 3, field: "email", message: "no" };
  const other = { row: 3, field: "row", message: "twice" };
  expect(byRow([one, other]).get(3)).toEqual([one, other]);
});

test("of a long table the wrong rows are shown with its beginning", () => {
  expect(rowsShown(3, new Set(), false)).toEqual([2, 3, 4]);
  const shown = rowsShown(500, new Set([400]), false);
  expect([shown.length, shown.at(-1)]).toEqual([51, 400]);
  expect(rowsShown(500, new Set([400]), true)).toHaveLength(500);
});

test("a cell that a short row does not have yet can be filled", () => {
  expect(withCell([["a", "b", "c"], ["1"]], 2, 2, "3")).toEqual([
    ["a", "b", "c"],
    ["1", "", "3"],
  ]);
});
