import { Blob as FileText } from "node:buffer";

import { expect, test } from "vitest";

import { readTable, sheetOf, textOf, writeTable } from "./csv";

test("a table is read by whichever delimiter its header has", () => {
  expect(readTable("email;name\r\na@b.example;Lovelace, Ada\r\n")).toEqual([
    ["email", "name"],
    ["a@b.example", "Lovelace, Ada"],
  ]);
  expect(readTable("email\tname\na@b.example\tAda")).toEqual([
    ["email", "name"],
    ["a@b.example", "Ada"],
  ]);
});

test("quotes hold delimiters, quotes and line ends", () => {
  expect(readTable('a,b\n"one, ""two""\nthree",4\n')).toEqual([
    ["a", "b"],
    ['one, "two"\nthree', "4"],
  ]);
});

test("rows that say nothing and the mark at the beginning are left out", () => {
  expect(readTable("\uFEFFa,b\n\n , \n1,2\n\n")).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("what is written is read as it was", () => {
  const rows = [
    ["a", "b;c"],
    ['say "no"', "two\nlines"],
    ["", "=1+1"],
  ];
  expect(readTable(writeTable(rows))).toEqual(rows);
});

test("what a spreadsheet would take for a formula is marked as text in a table to take away", () => {
  expect(sheetOf([["=1+1", "@x", "a-b"]])).toBe("'=1+1,'@x,a-b\n");
});

test("a file may be written as spreadsheets write it", async () => {
  const inWest = new FileText([new Uint8Array([0x4a, 0xf6, 0x72, 0x67])]);
  const inWide = new FileText([new Uint8Array([0xff, 0xfe, 0x4a, 0x00, 0xf6, 0x00])]);
  expect(await textOf(inWest as Blob)).toBe("Jörg");
  expect(await textOf(new FileText(["Jörg"]) as Blob)).toBe("Jörg");
  expect(await textOf(inWide as Blob)).toBe("Jö");
});
