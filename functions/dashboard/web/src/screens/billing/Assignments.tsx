import { Plus } from "lucide-react";
import { useState } from "react";
import { useForm, useWatch } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { useNames } from "../../people/names";
import { dateField, day, instantOf } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Field } from "../../ui/Field";
import { wordOf } from "../../words";
import { SendDialog } from "./SendDialog";
import { byPlan } from "./versions";
import { hub } from "./words";

type Scope = keyof typeof hub.plans.scopes;

interface Props {
  plans: readonly Schemas["PlanPart"][];
  assignments: readonly Schemas["AssignmentPart"][];
}

/** What plans are given to, the newest first, and giving one. */
export function Assignments({ plans, assignments }: Props) {
  const zone = useZone();
  const now = useNow("minute");
  const nameOf = useNames();
  const [isGiving, setIsGiving] = useState(false);
  return (
    <section className="panel hub-panel">
      <header className="hub-panel-head">
        <div>
          <h2>{hub.plans.given}</h2>
          <p className="small soft">{hub.plans.giveLead}</p>
        </div>
        <Button
          onClick={() => {
            setIsGiving(true);
          }}
        >
          <Plus size={15} aria-hidden="true" />
          {hub.plans.give}
        </Button>
      </header>
      {assignments.length === 0 && <p className="soft">{hub.plans.givenNone}</p>}
      {assignments.length > 0 && (
        <div className="table-scroll">
          <table className="table cards">
            <thead>
              <tr>
                <th scope="col">{hub.plans.scope}</th>
                <th scope="col">{hub.plans.plan}</th>
                <th scope="col">{hub.plans.when}</th>
                <th scope="col">{hub.plans.reason}</th>
              </tr>
            </thead>
            <tbody>
              {assignments.map((each) => (
                <tr key={each.assignment_id}>
                  <td data-label={hub.plans.scope} className="wraps" title={each.about}>
                    {wordOf(hub.plans.scopes, each.scope)}
                    {each.about !== "" &&
                      each.scope !== "everything" &&
                      ` ${each.scope === "student" ? nameOf(each.about) : each.about}`}
                  </td>
                  <td data-label={hub.plans.plan}>{each.plan_id ?? <span className="soft">{hub.plans.takeBack}</span>}</td>
                  <td data-label={hub.plans.when} className="nowrap">
                    {day(each.effective_from, zone)}{" "}
                    {Date.parse(each.effective_from) > now && <Chip tone="warn">{hub.plans.later}</Chip>}
                  </td>
                  <td data-label={hub.plans.reason} className="wraps">
                    {each.reason} <span className="soft small">{each.by}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isGiving && (
        <GiveDialog
          plans={plans}
          onClose={() => {
            setIsGiving(false);
          }}
        />
      )}
    </section>
  );
}

interface GiveFields {
  scope: Scope;
  about: string;
  planId: string;
  date: string;
  reason: string;
}

const PLACES: Record<string, keyof GiveFields> = {
  scope: "scope",
  about: "about",
  plan_id: "planId",
  effective_from: "date",
  reason: "reason",
};

function GiveDialog({ plans, onClose }: { plans: Props["plans"]; onClose: () => void }) {
  const zone = useZone();
  const form = useForm<GiveFields>({
    defaultValues: { scope: "everything", about: "", planId: plans[0]?.plan_id ?? "", date: "", reason: "" },
  });
  const send = ({ scope, about, planId, date, reason }: GiveFields) => {
    const isLater = date !== "" && date !== dateField(Date.now(), zone);
    const from = isLater ? instantOf(date, "00:00", zone) : null;
    return answered(
      api.POST("/api/billing/rate-plans/assignments", {
        body: {
          scope,
          reason: reason.trim(),
          ...(scope === "everything" ? {} : { about: about.trim() }),
          ...(planId === "" ? {} : { plan_id: planId }),
          ...(from === null ? {} : { effective_from: from.toISOString() }),
        },
      }),
    );
  };
  const scope = useWatch({ control: form.control, name: "scope" });
  const { errors } = form.formState;
  return (
    <SendDialog title={hub.plans.give} act={hub.plans.give} form={form} places={PLACES} send={send} onClose={onClose}>
      <div className="fields">
        <Field label={hub.plans.scope}>
          {(parts) => (
            <select {...parts} className="input" {...form.register("scope")}>
              {Object.entries(hub.plans.scopes).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
        {scope !== "everything" && (
          <Field label={hub.plans.about} hint={hub.plans.aboutHints[scope]} wrong={errors.about?.message}>
            {(parts) => <input {...parts} className="input" {...form.register("about", { required: hub.required })} />}
          </Field>
        )}
        <Field label={hub.plans.plan} wrong={errors.planId?.message}>
          {(parts) => (
            <select {...parts} className="input" {...form.register("planId")}>
              {[...byPlan(plans).entries()].map(([planId, versions]) => (
                <option key={planId} value={planId}>
                  {versions[0]?.name ?? planId}
                </option>
              ))}
              <option value="">{hub.plans.takeBackOption}</option>
            </select>
          )}
        </Field>
        <Field label={hub.plans.when} hint={hub.plans.whenHint} wrong={errors.date?.message}>
          {(parts) => <input {...parts} className="input" type="date" {...form.register("date")} />}
        </Field>
        <Field label={hub.plans.reason} hint={hub.plans.reasonHint} wrong={errors.reason?.message} isWide>
          {(parts) => <input {...parts} className="input" {...form.register("reason", { required: hub.required })} />}
        </Field>
      </div>
    </SendDialog>
  );
}
