import { readDecimal, readMoney, digitsOf, type Read } from "./money";
import { hub } from "./words";

const CURRENCY = /^[A-Z]{3}$/;

/** What is wrong about an amount that was typed, in words; null where nothing is. */
export function moneyWrong(text: string, currency: string, rule: "any" | "not zero" | "positive" = "not zero"): string | null {
  const { units, wrong } = readMoney(text, currency);
  if (wrong === "too fine") return hub.read.tooFine(digitsOf(currency), currency);
  if (wrong !== undefined) return hub.read[wrong];
  if (rule === "positive" && units <= 0) return hub.read.positive;
  return rule === "not zero" && units === 0 ? hub.read.zero : null;
}

/** What is wrong about a percentage that was typed, which may have two digits after the point. */
export function percentWrong(text: string): string | null {
  const read = readPercent(text);
  if (read.wrong === "too fine") return hub.read.tooFinePercent;
  if (read.wrong !== undefined) return hub.read[read.wrong];
  return read.units < 0 || read.units > 10_000 ? hub.read["no number"] : null;
}

/** A percentage as hundredths of a percent. */
export function readPercent(text: string): Read {
  return readDecimal(text, 2);
}

/** What is wrong about a currency's code. */
export function currencyWrong(code: string): string | null {
  return CURRENCY.test(code) ? null : hub.read.currency;
}

/** The minor units of an amount that was checked before. */
export function unitsOf(text: string, currency: string): number {
  return readMoney(text, currency).units ?? 0;
}

/** Nothing wrong is `true` to the forms. */
export function orTrue(wrong: string | null): string | true {
  return wrong ?? true;
}

/** The rule of a form's field for a sum above nothing, in the currency that stands beside it. */
export const AMOUNT_RULES = {
  validate: (text: string, { currency }: { currency: string }) => orTrue(moneyWrong(text, currency, "positive")),
};

/** The rule of a form's field for a currency's code: read in capitals. */
export const CURRENCY_RULES = {
  setValueAs: (text: string) => text.trim().toUpperCase(),
  validate: (code: string) => orTrue(currencyWrong(code)),
};
