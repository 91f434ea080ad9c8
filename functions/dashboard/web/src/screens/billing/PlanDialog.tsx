import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { useZone } from "../../time/zone";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { orTrue, percentWrong } from "./fields";
import { Meaning } from "./Meaning";
import { firstPlan, planOf, termsOf, type PlanFields } from "./planForm";
import { RateInputs } from "./RateInputs";
import { SendDialog } from "./SendDialog";
import { NoticeInputs, OutcomeInputs } from "./TermsInputs";
import { hub } from "./words";

const PLACES: Record<string, "planId" | "name" | "date" | "reason" | "tax" | "sibling" | "makeupDays"> = {
  plan_id: "planId",
  name: "name",
  effective_from: "date",
  reason: "reason",
  tax_basis_points: "tax",
  sibling_percent: "sibling",
  makeup_days: "makeupDays",
};

/** Setting a version of a plan; while it is typed, sentences beside it say what it means. */
export function PlanDialog({ before, onClose }: { before: Schemas["PlanPart"] | null; onClose: () => void }) {
  const zone = useZone();
  const form = useForm<PlanFields>({ defaultValues: firstPlan(before) });
  const send = (fields: PlanFields) => answered(api.POST("/api/billing/rate-plans", { body: planOf(fields, zone, Date.now()) }));
  return (
    <SendDialog
      title={before === null ? hub.plans.add : `${before.name}: ${hub.plans.version}`}
      act={hub.plans.save}
      form={form}
      places={PLACES}
      send={send}
      onClose={onClose}
    >
      <Heading form={form} isNew={before === null} />
      <RateInputs form={form} side="charge" />
      <RateInputs form={form} side="pay" />
      <OutcomeInputs form={form} />
      <NoticeInputs form={form} />
      <Rest form={form} />
      <Summary form={form} zone={zone} />
    </SendDialog>
  );
}

type Form = ReturnType<typeof useForm<PlanFields>>;

function Heading({ form, isNew }: { form: Form; isNew: boolean }) {
  const { register } = form;
  const { errors } = form.formState;
  const required = { required: hub.required };
  return (
    <div className="fields">
      {isNew && (
        <Field label={hub.plans.id} hint={hub.plans.idHint} wrong={errors.planId?.message}>
          {(parts) => <input {...parts} className="input" autoComplete="off" {...register("planId", required)} />}
        </Field>
      )}
      <Field label={hub.plans.name} wrong={errors.name?.message}>
        {(parts) => <input {...parts} className="input" autoComplete="off" {...register("name", required)} />}
      </Field>
      <Field label={hub.plans.when} hint={hub.plans.whenHint} wrong={errors.date?.message}>
        {(parts) => <input {...parts} className="input" type="date" {...register("date")} />}
      </Field>
      <Field label={hub.plans.reason} hint={hub.plans.reasonHint} wrong={errors.reason?.message} isWide>
        {(parts) => <input {...parts} className="input" {...register("reason", required)} />}
      </Field>
    </div>
  );
}

function Rest({ form }: { form: Form }) {
  const { register } = form;
  const { errors } = form.formState;
  return (
    <div className="fields">
      <Field label={hub.plans.tax} wrong={errors.tax?.message}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            inputMode="decimal"
            {...register("tax", { validate: (text) => orTrue(percentWrong(text)) })}
          />
        )}
      </Field>
      <NumberField
        label={hub.plans.sibling}
        wrong={errors.sibling?.message}
        min={0}
        max={100}
        registered={register("sibling", { valueAsNumber: true })}
      />
      <NumberField
        label={hub.plans.makeup}
        wrong={errors.makeupDays?.message}
        min={1}
        max={3650}
        registered={register("makeupDays", { valueAsNumber: true })}
      />
    </div>
  );
}

function Summary({ form, zone }: { form: Form; zone: string }) {
  useWatch({ control: form.control });
  const [openedAt] = useState(() => Date.now());
  const terms = termsOf(form.getValues(), zone, openedAt);
  if (terms === null) return null;
  return (
    <section className="note" aria-label={hub.plans.summary}>
      <h3>{hub.plans.summary}</h3>
      <Meaning terms={terms} />
    </section>
  );
}
