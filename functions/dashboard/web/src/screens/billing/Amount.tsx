import { moneyText, type Money } from "./money";

/** An amount of money, never broken into two lines. */
export function Amount({ of, isStrong = false }: { of: Money; isStrong?: boolean }) {
  const text = moneyText(of);
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
