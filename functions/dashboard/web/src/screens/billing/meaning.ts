import type { Schemas } from "../../api/client";
import { words, wordOf } from "../../words";
import { grouped } from "./grouped";
import { moneyText, percentText, type Money } from "./money";
import type { Side } from "./queries";
import { hub } from "./words";

type Rate = Pick<
  Schemas["RatePart"],
  "prices" | "per" | "among" | "minutes" | "step_minutes" | "rounding" | "least_minutes" | "most_minutes"
>;
type Price = Schemas["PricePart"];

/** What a version of a plan says, as far as it is told in sentences. */
export type PlanTerms = Pick<
  Schemas["PlanPart"],
  "charge" | "pay" | "outcomes" | "notices" | "sibling_percent" | "tax_basis_points" | "makeup_days"
>;

const EXAMPLES = [45, 60, 90];

/** What a rate means, one sentence each. */
export function rateSentences(rate: Rate, side: Side): string[] {
  const price = rate.prices.map(priceText(rate.per)).join(", ") || hub.meaning.free;
  const isSplit = side === "charge" && rate.among === "split";
  const told = [
    isSplit ? hub.meaning.chargeSplit(price) : side === "charge" ? hub.meaning.charge(price) : hub.meaning.pay(price),
  ];
  if (rate.per === "lesson") told.push(hub.meaning.lesson);
  else {
    told.push(wordOf(hub.meaning.time, rate.minutes));
    if (rate.step_minutes > 1) told.push(hub.meaning.steps(rate.step_minutes, wordOf(hub.plans.roundings, rate.rounding)));
    if (rate.least_minutes > 0) told.push(hub.meaning.least(rate.least_minutes));
    if (rate.most_minutes !== null) told.push(hub.meaning.most(rate.most_minutes));
  }
  for (const { currency, minimum_minor, cap_minor } of rate.prices) {
    if (minimum_minor > 0) told.push(hub.meaning.minimum(moneyText({ amount_minor: minimum_minor, currency })));
    if (cap_minor !== null) told.push(hub.meaning.cap(moneyText({ amount_minor: cap_minor, currency })));
  }
  return told;
}

/** What a class of some length costs by the clock, worked out as the API does it: whole numbers, one rounding. */
export function exampleOf(rate: Rate, price: Price, minutes: number): Money {
  const { currency, rate_minor, minimum_minor, cap_minor } = price;
  const counted = countedMinutes(rate, minutes);
  const raw = rate.per === "lesson" ? BigInt(rate_minor) : (BigInt(rate_minor) * BigInt(counted) * 2n + 60n) / 120n;
  const floored = raw < BigInt(minimum_minor) ? BigInt(minimum_minor) : raw;
  const held = cap_minor !== null && floored > BigInt(cap_minor) ? BigInt(cap_minor) : floored;
  return { amount_minor: Number(held), currency };
}

function countedMinutes({ step_minutes, rounding, least_minutes, most_minutes }: Rate, minutes: number): number {
  const rest = minutes % step_minutes;
  const isUp = rest > 0 && (rounding === "up" || (rounding === "nearest" && 2 * rest >= step_minutes));
  const stepped = minutes - rest + (isUp ? step_minutes : 0);
  const counted = Math.max(stepped, least_minutes);
  return most_minutes === null ? counted : Math.min(counted, most_minutes);
}

/** What a class of usual lengths costs, a sentence for each length and currency. */
export function exampleSentences(rate: Rate): string[] {
  if (rate.per === "lesson") return [];
  return EXAMPLES.map((minutes) =>
    hub.meaning.example(minutes, rate.prices.map((price) => moneyText(exampleOf(rate, price, minutes))).join(", ")),
  );
}

/** What the statuses mean, those that mean the same in one sentence. */
export function outcomeSentences({ outcomes, makeup_days }: PlanTerms): string[] {
  const groups = grouped(
    outcomes,
    ({ charge, charge_percent }) => `${charge} ${charge === "waive" ? "" : String(charge_percent)}`,
  );
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const who = own.map(({ status }) => wordOf(words.status, status)).join(", ");
    if (first.charge === "waive") return [hub.meaning.outcomes.waive(who)];
    if (first.charge === "makeup") return [hub.meaning.outcomes.makeup(who, first.charge_percent, makeup_days)];
    return [hub.meaning.outcomes.charge(who, first.charge_percent)];
  });
}

/** What is left over of a plan: tax, siblings, late cancellations. */
export function otherSentences({ notices, sibling_percent, tax_basis_points }: PlanTerms): string[] {
  return [
    tax_basis_points > 0 ? hub.meaning.tax(percentText(tax_basis_points)) : hub.meaning.noTax,
    ...(sibling_percent > 0 ? [hub.meaning.sibling(sibling_percent)] : []),
    ...(notices.length === 0
      ? [hub.meaning.noticeNone]
      : [...notices]
          .sort((one, other) => one.hours - other.hours)
          .map(({ hours, charge_percent, pay_percent }) => hub.meaning.notice(hours, charge_percent, pay_percent))),
  ];
}

function priceText(per: string) {
  return ({ currency, rate_minor }: Price): string => {
    const text = moneyText({ amount_minor: rate_minor, currency });
    return per === "lesson" ? hub.meaning.perLesson(text) : hub.meaning.perHour(text);
  };
}
