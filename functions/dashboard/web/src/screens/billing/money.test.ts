import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { decimalText, digitsOf, moneyField, moneyText, percentText, readDecimal, readMoney, sumOf } from "./money";

const CURRENCIES = ["EUR", "JPY", "KWD", "USD", "IQD", "CLP"];

/** Numbers that tell apart what goes wrong with floats, ends and signs, and some hundred in between. */
function* someUnits(): Generator<number> {
  yield* [0, 1, 9, 10, 99, 100, 101, 999, 1000, 1005, 110, 2999, 1999999, Number.MAX_SAFE_INTEGER - 1, Number.MAX_SAFE_INTEGER];
  let seed = 20261121n;
  for (let count = 0; count < 300; count += 1) {
    seed = (seed * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
    yield Number(seed >> BigInt(11 + (count % 50)));
  }
}

test("an amount that is written into a field and read again is the same, in every currency and either direction", () => {
  for (const currency of CURRENCIES) {
    for (const units of someUnits()) {
      for (const signed of [units, -units]) {
        expect(readMoney(moneyField(signed, currency), currency)).toEqual({ units: signed + 0 });
      }
    }
  }
});

test("the text of an amount has exactly the digits of its currency, and nothing is lost in them", () => {
  for (const units of someUnits()) {
    for (const digits of [0, 2, 3]) {
      const text = decimalText(units, digits);
      expect(text.split(".")[1]?.length ?? 0).toBe(digits);
      expect(BigInt(text.replace(".", ""))).toBe(BigInt(units));
    }
  }
});

test("what floats get wrong is right", () => {
  expect(readMoney("1.005", "KWD")).toEqual({ units: 1005 });
  expect(readMoney("4.35", "EUR")).toEqual({ units: 435 });
  expect(readMoney("1.1", "EUR")).toEqual({ units: 110 });
  expect(readMoney("90071992547409.91", "EUR")).toEqual({ units: 9007199254740991 });
});

test.each([
  ["12", 1200],
  ["12.5", 1250],
  ["12,5", 1250],
  [" 1 234,50 ", 123450],
  ["1\u202f234\u202f567.89", 123456789],
  ["007", 700],
  ["-3.20", -320],
  ["\u22123.20", -320],
  ["+3", 300],
])("%j is read as people mean it", (text, units) => {
  expect(readMoney(text, "EUR")).toEqual({ units });
});

test.each([
  ["", "empty"],
  ["  ", "empty"],
  ["1.234,50", "no number"],
  ["1,234.50", "no number"],
  ["1,234", "too fine"],
  ["1.234", "too fine"],
  ["0.001", "too fine"],
  ["12.", "no number"],
  [".5", "no number"],
  ["1e3", "no number"],
  ["0x10", "no number"],
  ["12 EUR", "no number"],
  ["--1", "no number"],
  ["1 23", "no number"],
  ["٣", "no number"],
  ["NaN", "no number"],
  ["Infinity", "no number"],
  ["90071992547409.92", "too large"],
])("%j is refused, since it could mean two things or nothing", (text, wrong) => {
  expect(readMoney(text, "EUR")).toEqual({ wrong });
});

test("a currency without minor units takes no point", () => {
  expect(readMoney("1200", "JPY")).toEqual({ units: 1200 });
  expect(readMoney("12.0", "JPY")).toEqual({ wrong: "too fine" });
});

test("zero has no sign", () => {
  const { units } = readDecimal("-0", 2);
  expect(Object.is(units, 0)).toBe(true);
});

test("the digits of every currency are those that the API counts with", () => {
  const source = readFileSync(join(import.meta.dirname, ...Array<string>(6).fill(".."), "shared", "domain", "money.py"), "utf8");
  const table = /_DIGITS = \{([^}]*)\}/.exec(source)?.[1] ?? "";
  const rows = [...table.matchAll(/(\d):\s*((?:"[^"]*"\s*)+)/g)];
  const codes = rows.flatMap(([, digits, text = ""]) =>
    (text.match(/[A-Z]{3}/g) ?? []).map((code) => [code, Number(digits)] as const),
  );
  expect(codes.length).toBeGreaterThan(140);
  expect(codes.filter(([code, digits]) => digitsOf(code) !== digits)).toEqual([]);
});

test("people read amounts with groups, a real minus and their currency", () => {
  expect(moneyText({ amount_minor: 123456789, currency: "EUR" })).toBe("1,234,567.89\u00a0EUR");
  expect(moneyText({ amount_minor: -5, currency: "EUR" })).toBe("\u22120.05\u00a0EUR");
  expect(moneyText({ amount_minor: 84000, currency: "JPY" })).toBe("84,000\u00a0JPY");
  expect(moneyText({ amount_minor: 1005, currency: "KWD" })).toBe("1.005\u00a0KWD");
});

test("percentages lose the zeros that say nothing", () => {
  expect([1900, 750, 725, 0, 10_000].map(percentText)).toEqual([
    "19\u00a0%",
    "7.5\u00a0%",
    "7.25\u00a0%",
    "0\u00a0%",
    "100\u00a0%",
  ]);
});

test("the sum of nothing is nothing", () => {
  expect(sumOf([], "EUR")).toEqual({ amount_minor: 0, currency: "EUR" });
});
