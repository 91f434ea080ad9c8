import { useForm } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { words } from "../../words";
import { addressesOf } from "../schedule/classForm";
import { currencyWrong, orTrue } from "./fields";
import { type Party } from "./queries";
import { SendDialog } from "./SendDialog";
import { hub } from "./words";

/** What is typed about a party; students stand one per line. */
export interface PartyFields {
  email: string;
  name: string;
  currency: string;
  students: string;
  address: string;
  dueDays: number;
}

const PLACES: Record<string, keyof PartyFields> = {
  email: "email",
  name: "name",
  currency: "currency",
  students: "students",
  postal_address: "address",
  due_days: "dueDays",
};

/** What is asked of the API; the lines of an address are parted by commas there. */
export function partyOf(fields: PartyFields): Schemas["PartyAsked"] {
  const lines = fields.address.split("\n").map((line) => line.trim().replace(/,$/, ""));
  const address = lines.filter((line) => line !== "").join(", ");
  return {
    currency: fields.currency,
    name: fields.name.trim() === "" ? null : fields.name.trim(),
    postal_address: address === "" ? null : address,
    students: addressesOf(fields.students),
    due_days: fields.dueDays,
  };
}

/** Entering a party, or changing one. What is billed already stays as it was billed. */
export function PartyDialog({ changed, email = "", onClose }: { changed: Party | null; email?: string; onClose: () => void }) {
  const form = useForm<PartyFields>({
    defaultValues: {
      email: changed?.email ?? email,
      name: changed?.name ?? "",
      currency: changed?.currency ?? "EUR",
      students: (changed?.students ?? []).join("\n"),
      address: (changed?.postal_address ?? "").replaceAll(", ", "\n"),
      dueDays: changed?.due_days ?? 14,
    },
  });
  const send = (fields: PartyFields) =>
    answered(
      api.PUT("/api/billing/parties/{email}", { params: { path: { email: fields.email.trim() } }, body: partyOf(fields) }),
    );
  return (
    <SendDialog
      title={changed === null ? hub.parties.add : hub.parties.change}
      act={words.save}
      form={form}
      places={PLACES}
      send={send}
      onClose={onClose}
    >
      <Inputs form={form} isNew={changed === null} />
    </SendDialog>
  );
}

function Inputs({ form, isNew }: { form: ReturnType<typeof useForm<PartyFields>>; isNew: boolean }) {
  const { register } = form;
  const { errors } = form.formState;
  const required = { required: hub.required };
  return (
    <div className="fields">
      <Field label={hub.parties.email} wrong={errors.email?.message}>
        {(parts) => <input {...parts} className="input" type="email" readOnly={!isNew} {...register("email", required)} />}
      </Field>
      <Field label={hub.parties.name} wrong={errors.name?.message}>
        {(parts) => <input {...parts} className="input" {...register("name")} />}
      </Field>
      <Field label={hub.parties.currency} wrong={errors.currency?.message}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            maxLength={3}
            {...register("currency", {
              setValueAs: (text: string) => text.trim().toUpperCase(),
              validate: (code) => orTrue(currencyWrong(code)),
            })}
          />
        )}
      </Field>
      <NumberField
        label={hub.parties.due}
        wrong={errors.dueDays?.message}
        min={0}
        max={365}
        registered={register("dueDays", { ...required, valueAsNumber: true })}
      />
      <Field label={hub.parties.students} hint={hub.parties.studentsHint} wrong={errors.students?.message} isWide>
        {(parts) => <textarea {...parts} className="input" rows={3} spellCheck={false} {...register("students")} />}
      </Field>
      <Field label={hub.parties.address} wrong={errors.address?.message} isWide>
        {(parts) => <textarea {...parts} className="input" rows={3} {...register("address")} />}
      </Field>
    </div>
  );
}
