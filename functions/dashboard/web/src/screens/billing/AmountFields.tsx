import type { UseFormRegisterReturn } from "react-hook-form";

import { Field } from "../../ui/Field";
import { hub } from "./words";

interface Props {
  label: string;
  /** What the form's `register` gives for the sum, with the rule `AMOUNT_RULES`, and for its currency, with `CURRENCY_RULES`. */
  amount: UseFormRegisterReturn;
  currency: UseFormRegisterReturn;
  wrong: { amount: string | undefined; currency: string | undefined };
}

/** A sum of money and the currency that it is in. */
export function AmountFields({ label, amount, currency, wrong }: Props) {
  return (
    <>
      <Field label={label} wrong={wrong.amount}>
        {(parts) => <input {...parts} className="input" inputMode="decimal" autoComplete="off" {...amount} />}
      </Field>
      <Field label={hub.payments.currency} wrong={wrong.currency}>
        {(parts) => <input {...parts} className="input" maxLength={3} autoComplete="off" {...currency} />}
      </Field>
    </>
  );
}
