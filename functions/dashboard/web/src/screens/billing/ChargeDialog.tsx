import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useForm, useWatch } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { AmountFields } from "./AmountFields";
import { AMOUNT_RULES, CURRENCY_RULES, orTrue, percentWrong, readPercent, unitsOf } from "./fields";
import { KnownParties } from "./PartyFilter";
import { parties } from "./queries";
import { SendDialog } from "./SendDialog";
import { hub } from "./words";

/** What is typed to charge something beside classes. */
export interface ChargeFields {
  party: string;
  kind: keyof typeof hub.charges.kinds;
  description: string;
  net: string;
  currency: string;
  tax: string;
  lessons: number;
  student: string;
  course: string;
  goodDays: string;
}

const PLACES: Record<string, keyof ChargeFields> = {
  party: "party",
  description: "description",
  net: "net",
  amount_minor: "net",
  "net.currency": "currency",
  currency: "currency",
  tax_basis_points: "tax",
  package: "lessons",
  "package.lessons": "lessons",
  "package.student": "student",
  "package.course_id": "course",
  "package.good_days": "goodDays",
};

/** What is asked of the API: a discount is less than nothing, a package sells its lessons. */
export function chargeOf(fields: ChargeFields): Schemas["AdHocAsked"] {
  const units = unitsOf(fields.net, fields.currency);
  const sold = {
    lessons: fields.lessons,
    ...(fields.student.trim() === "" ? {} : { student: fields.student.trim() }),
    ...(fields.course.trim() === "" ? {} : { course_id: fields.course.trim() }),
    ...(fields.goodDays.trim() === "" ? {} : { good_days: Number(fields.goodDays) }),
  };
  return {
    party: fields.party.trim(),
    description: fields.description.trim(),
    net: { amount_minor: fields.kind === "discount" ? -units : units, currency: fields.currency },
    tax_basis_points: fields.kind === "pay" ? 0 : (readPercent(fields.tax).units ?? 0),
    paper: fields.kind === "pay" ? "payment_order" : "invoice",
    ...(fields.kind === "package" ? { package: sold } : {}),
  };
}

/** Adding something to a party's next document. The form has one key for all its attempts, so that sent twice it counts once. */
export function ChargeDialog({ party = "", onClose }: { party?: string; onClose: () => void }) {
  const [key] = useState(() => crypto.randomUUID());
  const known = useQuery(parties).data ?? [];
  const form = useForm<ChargeFields>({
    defaultValues: {
      party,
      kind: "charge",
      description: "",
      net: "",
      currency: known.find(({ email }) => email === party)?.currency ?? "",
      tax: "0",
      lessons: 10,
      student: "",
      course: "",
      goodDays: "",
    },
  });
  const send = (fields: ChargeFields) =>
    answered(api.POST("/api/billing/ad-hoc", { params: { header: { "Idempotency-Key": key } }, body: chargeOf(fields) }));
  return (
    <SendDialog title={hub.charges.add} act={hub.charges.add} form={form} places={PLACES} send={send} onClose={onClose}>
      <Inputs form={form} known={known} />
    </SendDialog>
  );
}

interface InputsProps {
  form: ReturnType<typeof useForm<ChargeFields>>;
  known: readonly Schemas["PartyPart"][];
}

function Inputs({ form, known }: InputsProps) {
  const list = useId();
  const { register, control, setValue } = form;
  const { errors } = form.formState;
  const kind = useWatch({ control, name: "kind" });
  const required = { required: hub.required };
  return (
    <div className="fields">
      <Field label={hub.charges.what}>
        {(parts) => (
          <select {...parts} className="input" {...register("kind")}>
            {Object.entries(hub.charges.kinds).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={hub.payments.from} wrong={errors.party?.message}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            type="email"
            list={list}
            autoComplete="off"
            {...register("party", {
              ...required,
              onChange: (event: { target: { value: string } }) => {
                const found = known.find(({ email }) => email === event.target.value.trim());
                if (found) setValue("currency", found.currency);
              },
            })}
          />
        )}
      </Field>
      <KnownParties id={list} />
      <Field label={hub.charges.description} wrong={errors.description?.message} isWide>
        {(parts) => <input {...parts} className="input" autoComplete="off" {...register("description", required)} />}
      </Field>
      <AmountFields
        label={hub.charges.net}
        amount={register("net", AMOUNT_RULES)}
        currency={register("currency", CURRENCY_RULES)}
        wrong={{ amount: errors.net?.message, currency: errors.currency?.message }}
      />
      {kind !== "pay" && (
        <Field label={hub.charges.tax} wrong={errors.tax?.message}>
          {(parts) => (
            <input
              {...parts}
              className="input"
              inputMode="decimal"
              {...register("tax", { validate: (text) => orTrue(percentWrong(text)) })}
            />
          )}
        </Field>
      )}
      {kind === "package" && <PackageInputs form={form} />}
    </div>
  );
}

function PackageInputs({ form }: Pick<InputsProps, "form">) {
  const { register } = form;
  const { errors } = form.formState;
  return (
    <>
      <NumberField
        label={hub.charges.lessons}
        wrong={errors.lessons?.message}
        min={1}
        max={1000}
        registered={register("lessons", { valueAsNumber: true, required: hub.required })}
      />
      <Field label={hub.charges.student} hint={hub.charges.studentHint} wrong={errors.student?.message}>
        {(parts) => <input {...parts} className="input" type="email" autoComplete="off" {...register("student")} />}
      </Field>
      <Field label={hub.charges.course} hint={hub.charges.courseHint} wrong={errors.course?.message}>
        {(parts) => <input {...parts} className="input" autoComplete="off" {...register("course")} />}
      </Field>
      <NumberField
        label={hub.charges.goodDays}
        hint={hub.charges.goodDaysHint}
        wrong={errors.goodDays?.message}
        min={1}
        max={3650}
        registered={register("goodDays")}
      />
    </>
  );
}
