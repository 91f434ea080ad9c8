import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { instantOf } from "../../time/format";
import { useZone } from "../../time/zone";
import { Field } from "../../ui/Field";
import { AmountFields } from "./AmountFields";
import { AMOUNT_RULES, CURRENCY_RULES, unitsOf } from "./fields";
import { moneyField } from "./money";
import { KnownParties } from "./PartyFilter";
import { parties, statement } from "./queries";
import { SendDialog } from "./SendDialog";
import { hub } from "./words";

interface PaymentFields {
  party: string;
  direction: "in" | "out";
  amount: string;
  currency: string;
  method: string;
  number: string;
  date: string;
  reference: string;
}

const PLACES: Record<string, keyof PaymentFields> = {
  party: "party",
  amount: "amount",
  amount_minor: "amount",
  "amount.currency": "currency",
  currency: "currency",
  method: "method",
  number: "number",
  received_at: "date",
  reference: "reference",
};

const METHODS = ["bank", "cash", "cheque", "card"];
const NOON = "12:00";

/** What is asked of the API for a payment; what was paid back is less than nothing. */
export function paymentOf(fields: PaymentFields, zone: string): Schemas["PaymentAsked"] {
  const units = unitsOf(fields.amount, fields.currency);
  const received = fields.date === "" ? null : instantOf(fields.date, NOON, zone);
  return {
    party: fields.party.trim(),
    amount: { amount_minor: fields.direction === "out" ? -units : units, currency: fields.currency },
    method: fields.method,
    ...(fields.number.trim() === "" ? {} : { number: fields.number.trim() }),
    ...(fields.reference.trim() === "" ? {} : { reference: fields.reference.trim() }),
    ...(received === null ? {} : { received_at: received.toISOString() }),
  };
}

/** Recording a payment. The form has one key for all its attempts, so that sent twice it counts once. */
export function PaymentDialog({ party, onClose }: { party: string | null; onClose: () => void }) {
  const zone = useZone();
  const [key] = useState(() => crypto.randomUUID());
  const form = useForm<PaymentFields>({
    defaultValues: {
      party: party ?? "",
      direction: "in",
      amount: "",
      currency: "",
      method: "bank",
      number: "",
      date: "",
      reference: "",
    },
  });
  const send = (fields: PaymentFields) =>
    answered(
      api.POST("/api/billing/payments", { params: { header: { "Idempotency-Key": key } }, body: paymentOf(fields, zone) }),
    );
  return (
    <SendDialog title={hub.payments.record} act={hub.payments.record} form={form} places={PLACES} send={send} onClose={onClose}>
      <Inputs form={form} />
    </SendDialog>
  );
}

function Inputs({ form }: { form: ReturnType<typeof useForm<PaymentFields>> }) {
  const list = useId();
  const numbers = useId();
  const { register, control, setValue, getValues } = form;
  const { errors } = form.formState;
  const who = useWatch({ control, name: "party" }).trim();
  const known = useQuery(parties).data ?? [];
  const open = useOpen(who);
  const required = { required: hub.required };
  const chooseParty = (email: string): void => {
    const currency = known.find((each) => each.email === email)?.currency;
    if (currency !== undefined) setValue("currency", currency);
  };
  const chooseNumber = (number: string): void => {
    const document = open.find((each) => each.number === number);
    if (document === undefined) return;
    setValue("currency", document.open.currency);
    if (getValues("amount") === "") setValue("amount", moneyField(document.open.amount_minor, document.open.currency));
  };
  return (
    <div className="fields">
      <Field label={hub.payments.from} wrong={errors.party?.message} isWide>
        {(parts) => (
          <input
            {...parts}
            className="input"
            type="email"
            list={list}
            autoComplete="off"
            autoFocus
            {...register("party", {
              ...required,
              onChange: (event: { target: { value: string } }) => {
                chooseParty(event.target.value.trim());
              },
            })}
          />
        )}
      </Field>
      <KnownParties id={list} />
      <Field label={hub.payments.number} hint={hub.payments.numberHint} wrong={errors.number?.message}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            list={numbers}
            autoComplete="off"
            {...register("number", {
              onChange: (event: { target: { value: string } }) => {
                chooseNumber(event.target.value.trim());
              },
            })}
          />
        )}
      </Field>
      <datalist id={numbers}>
        {open.map(({ number, open: left }) => (
          <option key={number} value={number}>
            {moneyField(left.amount_minor, left.currency)} {left.currency}
          </option>
        ))}
      </datalist>
      <AmountFields
        label={hub.payments.amount}
        amount={register("amount", AMOUNT_RULES)}
        currency={register("currency", CURRENCY_RULES)}
        wrong={{ amount: errors.amount?.message, currency: errors.currency?.message }}
      />
      <Field label={hub.payments.direction}>
        {(parts) => (
          <select {...parts} className="input" {...register("direction")}>
            <option value="in">{hub.payments.directions.in}</option>
            <option value="out">{hub.payments.directions.out}</option>
          </select>
        )}
      </Field>
      <Field label={hub.payments.method} wrong={errors.method?.message}>
        {(parts) => (
          <select {...parts} className="input" {...register("method")}>
            {METHODS.map((method) => (
              <option key={method} value={method}>
                {hub.payments.methods[method]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={hub.payments.date} hint={hub.payments.dateHint} wrong={errors.date?.message}>
        {(parts) => <input {...parts} className="input" type="date" {...register("date")} />}
      </Field>
      <Field label={hub.payments.reference} hint={hub.payments.referenceHint} wrong={errors.reference?.message}>
        {(parts) => <input {...parts} className="input" autoComplete="off" {...register("reference")} />}
      </Field>
    </div>
  );
}

/** The documents of a party of which something is left to pay, of both sides. */
function useOpen(party: string) {
  const isAddress = /^[^@\s]+@[^@\s]+\.[^@\s]{2,}$/.test(party);
  const charged = useQuery({ ...statement(party, "charge"), enabled: isAddress }).data;
  const earned = useQuery({ ...statement(party, "pay"), enabled: isAddress }).data;
  return [charged, earned]
    .flatMap((told) => told?.accounts ?? [])
    .flatMap(({ documents }) => documents)
    .filter(({ open }) => open.amount_minor > 0);
}
