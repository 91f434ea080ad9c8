import { Plus, X } from "lucide-react";
import { useFieldArray, useWatch, type useForm } from "react-hook-form";

import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { currencyWrong, moneyWrong, orTrue } from "./fields";
import type { PlanFields } from "./planForm";
import type { Side } from "./queries";
import { hub } from "./words";

interface Props {
  form: ReturnType<typeof useForm<PlanFields>>;
  side: Side;
}

/** One side's rate: its prices, what they are for, and which time counts. */
export function RateInputs({ form, side }: Props) {
  const { register } = form;
  const per = useWatch({ control: form.control, name: `${side}.per` });
  return (
    <fieldset className="fieldset">
      <legend>{hub.plans[side]}</legend>
      <Prices form={form} side={side} />
      <div className="fields">
        <Select label={hub.plans.per} options={hub.plans.pers} parts={register(`${side}.per`)} />
        {side === "charge" && <Select label={hub.plans.among} options={hub.plans.amongs} parts={register("charge.among")} />}
        {per === "hour" && <Select label={hub.plans.minutes} options={hub.plans.minuteses} parts={register(`${side}.minutes`)} />}
      </div>
      {per === "hour" && (
        <details>
          <summary>{hub.plans.more}</summary>
          <Time form={form} side={side} />
        </details>
      )}
    </fieldset>
  );
}

function Prices({ form, side }: Props) {
  const { fields, append, remove } = useFieldArray({ control: form.control, name: `${side}.prices` });
  return (
    <>
      {fields.map((field, place) => (
        <OnePrice
          key={field.id}
          form={form}
          side={side}
          place={place}
          onDrop={
            fields.length > 1
              ? () => {
                  remove(place);
                }
              : null
          }
        />
      ))}
      <div>
        <Button
          kind="plain"
          onClick={() => {
            append({ currency: "", rate: "", minimum: "", cap: "" });
          }}
        >
          <Plus size={15} aria-hidden="true" />
          {hub.plans.addPrice}
        </Button>
      </div>
    </>
  );
}

function OnePrice({ form, side, place, onDrop }: Props & { place: number; onDrop: (() => void) | null }) {
  const { register, getValues } = form;
  const at = String(place) as `${number}`;
  const wrong = form.formState.errors[side]?.prices?.[place];
  const currency = (): string => getValues(`${side}.prices.${at}.currency`);
  const amount = (isNeeded: boolean) => ({
    validate: (text: string) => orTrue(text.trim() === "" && !isNeeded ? null : moneyWrong(text, currency(), "any")),
  });
  return (
    <div className="price">
      <Field label={hub.plans.currency} wrong={wrong?.currency?.message}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            maxLength={3}
            autoComplete="off"
            {...register(`${side}.prices.${at}.currency`, {
              setValueAs: (text: string) => text.trim().toUpperCase(),
              validate: (code) => orTrue(currencyWrong(code)),
            })}
          />
        )}
      </Field>
      <Field label={hub.plans.rate} wrong={wrong?.rate?.message}>
        {(parts) => (
          <input {...parts} className="input" inputMode="decimal" {...register(`${side}.prices.${at}.rate`, amount(true))} />
        )}
      </Field>
      <Field label={hub.plans.minimum} wrong={wrong?.minimum?.message}>
        {(parts) => (
          <input {...parts} className="input" inputMode="decimal" {...register(`${side}.prices.${at}.minimum`, amount(false))} />
        )}
      </Field>
      <Field label={hub.plans.cap} wrong={wrong?.cap?.message}>
        {(parts) => (
          <input {...parts} className="input" inputMode="decimal" {...register(`${side}.prices.${at}.cap`, amount(false))} />
        )}
      </Field>
      {onDrop && (
        <Button kind="plain" aria-label={hub.plans.dropPrice(currency())} onClick={onDrop}>
          <X size={16} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}

function Time({ form, side }: Props) {
  const { register } = form;
  return (
    <div className="fields">
      <NumberField label={hub.plans.step} min={1} max={240} registered={register(`${side}.step`, { valueAsNumber: true })} />
      <Select label={hub.plans.rounding} options={hub.plans.roundings} parts={register(`${side}.rounding`)} />
      <NumberField label={hub.plans.least} min={0} max={1440} registered={register(`${side}.least`, { valueAsNumber: true })} />
      <NumberField label={hub.plans.most} min={0} max={1440} registered={register(`${side}.most`)} />
    </div>
  );
}

interface SelectProps {
  label: string;
  options: Readonly<Record<string, string>>;
  parts: ReturnType<Props["form"]["register"]>;
}

function Select({ label, options, parts: registered }: SelectProps) {
  return (
    <Field label={label}>
      {(parts) => (
        <select {...parts} className="input" {...registered}>
          {Object.entries(options).map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
