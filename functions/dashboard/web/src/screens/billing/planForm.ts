import type { Schemas } from "../../api/client";
import { dateField, instantOf } from "../../time/format";
import { currencyWrong, moneyWrong, percentWrong, readPercent, unitsOf } from "./fields";
import type { PlanTerms } from "./meaning";
import { decimalText, moneyField } from "./money";

type PlanPart = Schemas["PlanPart"];
type PlanAsked = Schemas["PlanAsked"];
type RateAsked = Schemas["RateAsked"];
type Status = Schemas["OutcomeAsked"]["status"];
type Charge = Schemas["OutcomeAsked"]["charge"];

/** A price as it is typed: decimal text, empty where there is none. */
export interface PriceFields {
  currency: string;
  rate: string;
  minimum: string;
  cap: string;
}

/** A rate as it is typed. */
export interface RateFields {
  prices: PriceFields[];
  per: NonNullable<RateAsked["per"]>;
  among: NonNullable<RateAsked["among"]>;
  minutes: NonNullable<RateAsked["minutes"]>;
  step: number;
  rounding: NonNullable<RateAsked["rounding"]>;
  least: number;
  most: string;
}

/** A version of a plan as it is typed. */
export interface PlanFields {
  planId: string;
  name: string;
  date: string;
  reason: string;
  charge: RateFields;
  pay: RateFields;
  outcomes: { status: Status; charge: Charge; chargePercent: number; payPercent: number }[];
  notices: { hours: number; chargePercent: number; payPercent: number }[];
  sibling: number;
  tax: string;
  makeupDays: number;
}

const CAME: readonly Status[] = ["present", "late", "left_early", "partial", "absent", "no_show"];

/** What the form begins with: the version before, or a plan that charges whoever was booked by the hour. */
export function firstPlan(before: PlanPart | null): PlanFields {
  if (before === null) {
    return {
      planId: "",
      name: "",
      date: "",
      reason: "",
      charge: usualRate(),
      pay: usualRate(),
      outcomes: [
        ...CAME.map((status) => ({ status, charge: "charge" as const, chargePercent: 100, payPercent: 100 })),
        { status: "excused", charge: "waive", chargePercent: 0, payPercent: 0 },
      ],
      notices: [],
      sibling: 0,
      tax: "0",
      makeupDays: 90,
    };
  }
  return {
    planId: before.plan_id,
    name: before.name,
    date: "",
    reason: "",
    charge: rateFields(before.charge),
    pay: rateFields(before.pay),
    outcomes: before.outcomes.map((each) => ({
      status: each.status as Status,
      charge: each.charge as Charge,
      chargePercent: each.charge_percent,
      payPercent: each.pay_percent,
    })),
    notices: before.notices.map(({ hours, charge_percent, pay_percent }) => ({
      hours,
      chargePercent: charge_percent,
      payPercent: pay_percent,
    })),
    sibling: before.sibling_percent,
    tax: decimalText(before.tax_basis_points, 2).replace(/\.?0+$/, "") || "0",
    makeupDays: before.makeup_days,
  };
}

function usualRate(): RateFields {
  return {
    prices: [{ currency: "EUR", rate: "", minimum: "", cap: "" }],
    per: "hour",
    among: "each",
    minutes: "scheduled",
    step: 1,
    rounding: "nearest",
    least: 0,
    most: "",
  };
}

function rateFields(rate: Schemas["RatePart"]): RateFields {
  return {
    prices: rate.prices.map(({ currency, rate_minor, minimum_minor, cap_minor }) => ({
      currency,
      rate: moneyField(rate_minor, currency),
      minimum: minimum_minor === 0 ? "" : moneyField(minimum_minor, currency),
      cap: cap_minor === null ? "" : moneyField(cap_minor, currency),
    })),
    per: rate.per as RateFields["per"],
    among: rate.among as RateFields["among"],
    minutes: rate.minutes as RateFields["minutes"],
    step: rate.step_minutes,
    rounding: rate.rounding as RateFields["rounding"],
    least: rate.least_minutes,
    most: rate.most_minutes === null ? "" : String(rate.most_minutes),
  };
}

/** What is asked of the API. A day that is today counts from now on, since nothing counts for the past. */
export function planOf(fields: PlanFields, zone: string, now: number): PlanAsked {
  const isLater = fields.date !== "" && fields.date !== dateField(now, zone);
  const from = isLater ? instantOf(fields.date, "00:00", zone) : null;
  return {
    plan_id: fields.planId.trim(),
    name: fields.name.trim(),
    reason: fields.reason.trim(),
    charge: rateOf(fields.charge),
    pay: rateOf(fields.pay),
    outcomes: fields.outcomes.map(({ status, charge, chargePercent, payPercent }) => ({
      status,
      charge,
      charge_percent: charge === "waive" ? 0 : chargePercent,
      pay_percent: payPercent,
    })),
    notices: fields.notices.map(({ hours, chargePercent, payPercent }) => ({
      hours,
      charge_percent: chargePercent,
      pay_percent: payPercent,
    })),
    sibling_percent: fields.sibling,
    tax_basis_points: readPercent(fields.tax).units ?? 0,
    makeup_days: fields.makeupDays,
    ...(from === null ? {} : { effective_from: from.toISOString() }),
  };
}

function rateOf(fields: RateFields) {
  return {
    prices: fields.prices.map(({ currency, rate, minimum, cap }) => ({
      currency,
      rate_minor: unitsOf(rate, currency),
      minimum_minor: minimum.trim() === "" ? 0 : unitsOf(minimum, currency),
      cap_minor: cap.trim() === "" ? null : unitsOf(cap, currency),
    })),
    per: fields.per,
    among: fields.among,
    minutes: fields.minutes,
    step_minutes: fields.step,
    rounding: fields.rounding,
    least_minutes: fields.least,
    most_minutes: fields.most.trim() === "" ? null : Number(fields.most),
  };
}

/** What is typed so far as terms that can be told in words; null while a number is missing or none. */
export function termsOf(fields: PlanFields, zone: string, now: number): PlanTerms | null {
  const prices = [...fields.charge.prices, ...fields.pay.prices];
  const isSound =
    prices.every(({ currency, rate }) => currencyWrong(currency) === null && moneyWrong(rate, currency, "any") === null) &&
    prices.every(({ currency, minimum, cap }) =>
      [minimum, cap].every((text) => text.trim() === "" || moneyWrong(text, currency, "any") === null),
    ) &&
    percentWrong(fields.tax) === null &&
    [fields.charge, fields.pay].every(({ step, least }) => step >= 1 && least >= 0);
  if (!isSound) return null;
  const asked = planOf(fields, zone, now);
  return {
    charge: rateOf(fields.charge),
    pay: rateOf(fields.pay),
    outcomes: fields.outcomes.map(({ status, charge, chargePercent, payPercent }) => ({
      status,
      charge,
      charge_percent: chargePercent,
      pay_percent: payPercent,
    })),
    notices: asked.notices ?? [],
    sibling_percent: fields.sibling,
    tax_basis_points: asked.tax_basis_points ?? 0,
    makeup_days: fields.makeupDays,
  };
}
