import { useMutation, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { daysLater } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { Trouble, TroubleNote } from "../../ui/states";
import { wordOf, words } from "../../words";
import { policyNow } from "../live/policy";

const NAMES = [
  "grace_minutes",
  "minimum_share_percent",
  "minimum_minutes",
  "left_early_minutes",
  "teacher_no_show_minutes",
] as const;
type Fields = Record<(typeof NAMES)[number], number> & { reason: string };
const PREVIEW_DAYS = 28;

/** The attendance policy: what it is, what another one would have made of the last weeks, and setting it. */
export function Policy({ policy }: { policy: UseQueryResult<Schemas["PolicyPart"]> }) {
  return (
    <section className="panel part">
      <h2>{words.policy.title}</h2>
      <p className="soft">{words.policy.lead}</p>
      {policy.isError && <Trouble thrown={policy.error} again={() => void policy.refetch()} />}
      {policy.data && <PolicyForm key={policy.data.version} policy={policy.data} />}
    </section>
  );
}

function PolicyForm({ policy }: { policy: Schemas["PolicyPart"] }) {
  const zone = useZone();
  const client = useQueryClient();
  const [shown, setShown] = useState<Schemas["PreviewBody"] | null>(null);
  const { register, handleSubmit, getValues } = useForm<Fields>({
    defaultValues: { ...Object.fromEntries(NAMES.map((name) => [name, policy[name]])), reason: "" },
  });
  const rules = () => Object.fromEntries(NAMES.map((name) => [name, getValues(name)]));
  const previewing = useMutation({
    mutationFn: () => {
      const now = new Date();
      const body = { from: daysLater(now, -PREVIEW_DAYS, zone).toISOString(), to: now.toISOString(), ...rules() };
      return answered(api.POST("/api/attendance-tracker/policy/preview", { body }));
    },
    onSuccess: setShown,
  });
  const setting = useMutation({
    mutationFn: () => answered(api.POST("/api/attendance-tracker/policy", { body: { reason: getValues("reason"), ...rules() } })),
    onSuccess: () => client.invalidateQueries({ queryKey: policyNow.queryKey }),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) =>
        void handleSubmit(() => {
          setting.mutate();
        })(event)
      }
    >
      <div className="fields">
        {NAMES.map((name) => (
          <NumberField
            key={name}
            label={words.policy.fields[name]}
            min={0}
            registered={register(name, { valueAsNumber: true })}
          />
        ))}
        <Field label={words.schedule.reason} isWide>
          {(parts) => <input {...parts} className="input" required {...register("reason")} />}
        </Field>
      </div>
      {shown && <Preview shown={shown} />}
      {setting.isSuccess && (
        <p className="note" data-tone="good" role="status">
          {words.policy.set}
        </p>
      )}
      <TroubleNote thrown={previewing.error ?? setting.error} />
      <div className="actions">
        <Button
          isBusy={previewing.isPending}
          onClick={() => {
            previewing.mutate();
          }}
        >
          {words.policy.preview}
        </Button>
        <Button kind="main" type="submit" isBusy={setting.isPending}>
          {words.policy.save}
        </Button>
      </div>
    </form>
  );
}

function Preview({ shown }: { shown: Schemas["PreviewBody"] }) {
  return (
    <div className="note" role="status">
      <p>
        <strong>{words.policy.changed(shown.changed_count, shown.verdicts, shown.classes)}</strong>
      </p>
      <ul className="legend-plain">
        {Object.entries(shown.counts).map(([status, counts]) => (
          <li key={status}>
            {wordOf(words.status, status)}: {counts.from} → {counts.to}
          </li>
        ))}
      </ul>
    </div>
  );
}
