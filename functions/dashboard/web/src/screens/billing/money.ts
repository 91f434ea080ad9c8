import type { Schemas } from "../../api/client";

/** An amount as the API tells it: whole minor units of a currency. */
export type Money = Schemas["MoneyPart"];

// The currencies whose minor unit is no hundredth. The browser's own table has other opinions about some of them.
const WITHOUT = new Set("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" "));
const THOUSANDTHS = new Set("BHD IQD JOD KWD LYD OMR TND".split(" "));

const MOST = BigInt(Number.MAX_SAFE_INTEGER);
const WRITTEN = /^([-+−]?)(\d+)(?:[.,](\d+))?$/;

/** How many decimal digits a currency's minor unit stands for. */
export function digitsOf(currency: string): number {
  if (WITHOUT.has(currency)) return 0;
  return THOUSANDTHS.has(currency) ? 3 : 2;
}

/** What came of reading a number that somebody typed: whole units of its last digit, or why it is none. */
export type Read = { units: number; wrong?: never } | { units?: never; wrong: "empty" | "no number" | "too fine" | "too large" };

/**
 * Read a decimal number as whole units of its last digit, digit by digit: `12.5` with two digits is 1250.
 * A point and a comma both part the decimals; spaces may part thousands; what could be read in two ways is refused.
 */
export function readDecimal(text: string, digits: number): Read {
  const bare = text.trim().replaceAll(/(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))/g, "");
  if (bare === "") return { wrong: "empty" };
  const parts = WRITTEN.exec(bare);
  if (parts === null) return { wrong: "no number" };
  const [, sign = "", whole = "0", decimals = ""] = parts;
  if (decimals.length > digits) return { wrong: "too fine" };
  const units = BigInt(whole + decimals.padEnd(digits, "0"));
  if (units > MOST) return { wrong: "too large" };
  return { units: Number(sign === "-" || sign === "−" ? -units : units) + 0 };
}

/** Read an amount of a currency as whole minor units. */
export function readMoney(text: string, currency: string): Read {
  return readDecimal(text, digitsOf(currency));
}

/** Whole units of the last digit as a field holds them: `-12.50`. */
export function decimalText(units: number, digits: number): string {
  const text = String(Math.abs(units)).padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits);
  const sign = units < 0 ? "-" : "";
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${text.slice(-digits)}`;
}

/** An amount as a field holds it, without its currency. */
export function moneyField(units: number, currency: string): string {
  return decimalText(units, digitsOf(currency));
}

/** An amount as people read it: `1,234.50 EUR`, with a real minus. */
export function moneyText({ amount_minor, currency }: Money): string {
  const [whole = "", decimals] = moneyField(Math.abs(amount_minor), currency).split(".");
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",");
  return `${amount_minor < 0 ? "−" : ""}${grouped}${decimals === undefined ? "" : `.${decimals}`}\u00a0${currency}`;
}

/** Hundredths of a percent as people read them: `19 %`, `7.5 %`. */
export function percentText(basisPoints: number): string {
  return `${decimalText(basisPoints, 2).replace(/\.?0+$/, "")}\u00a0%`;
}

/** The sum of amounts of one currency. */
export function sumOf(amounts: readonly Money[], currency: string): Money {
  return { amount_minor: amounts.reduce((sum, { amount_minor }) => sum + amount_minor, 0), currency };
}

/** Which part of the larger amount one is, from 0 to 100; only for drawing. */
export function shareOf(units: number, most: number): number {
  return most <= 0 ? 0 : Math.min(100, Math.max(0, (units / most) * 100));
}
