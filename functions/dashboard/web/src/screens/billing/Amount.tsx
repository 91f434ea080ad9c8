import { moneyText, type Money } from "./money";

/** An amount of money, never broken into two lines. `hasCode` is false where a heading names the currency. */
export function Amount({ of, isStrong = false, hasCode = true }: { of: Money; isStrong?: boolean; hasCode?: boolean }) {
  const text = hasCode ? moneyText(of) : moneyText(of).slice(0, -4);
  const tone = of.amount_minor < 0 ? "minus" : undefined;
  return isStrong ? (
    <strong className="money" data-tone={tone}>
      {text}
    </strong>
  ) : (
    <span className="money" data-tone={tone}>
      {text}
    </span>
  );
}
