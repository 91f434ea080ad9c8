import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Empty, Loading, Trouble } from "../../ui/states";
import { Assignments } from "./Assignments";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { Meaning } from "./Meaning";
import { PlanDialog } from "./PlanDialog";
import { ratePlans } from "./queries";
import { byPlan, spansOf, type VersionSpan } from "./versions";
import { VersionLine } from "./VersionLine";
import { hub } from "./words";

type PlanPart = Schemas["PlanPart"];

/** What classes cost and earn: every plan with its versions on a time line, and what plans are given to. */
export default function PlansScreen() {
  const { data, isPending, isError, error, refetch } = useQuery(ratePlans);
  const [made, setMade] = useState<{ before: PlanPart | null } | null>(null);
  return (
    <Hub
      title={hub.sections.plans}
      lead={hub.plans.lead}
      actions={
        <>
          <Download
            path="/api/billing/rate-plans"
            search={{ format: "csv" }}
            label={hub.csv}
            told={hub.csvOf(hub.sections.plans)}
          />
          <Button
            kind="main"
            onClick={() => {
              setMade({ before: null });
            }}
          >
            <Plus size={16} aria-hidden="true" />
            {hub.plans.add}
          </Button>
        </>
      }
    >
      {isPending && <Loading lines={8} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.plans.length === 0 && <Empty title={hub.plans.none}>{hub.plans.noneDetail}</Empty>}
      {data && (
        <>
          {[...byPlan(data.plans).entries()].map(([planId, versions]) => (
            <OnePlan
              key={planId}
              planId={planId}
              versions={versions}
              onNew={(before) => {
                setMade({ before });
              }}
            />
          ))}
          <Assignments plans={data.plans} assignments={data.assignments} />
        </>
      )}
      {made !== null && (
        <PlanDialog
          before={made.before}
          onClose={() => {
            setMade(null);
          }}
        />
      )}
    </Hub>
  );
}

interface OnePlanProps {
  planId: string;
  versions: readonly PlanPart[];
  onNew: (before: PlanPart) => void;
}

function OnePlan({ planId, versions, onNew }: OnePlanProps) {
  const now = useNow("minute");
  const spans = spansOf(versions, now);
  const latest = spans.at(-1);
  if (latest === undefined) return null;
  return (
    <section className="panel hub-panel">
      <header className="hub-panel-head">
        <h2 className="row">
          {latest.plan.name} <span className="small soft">{planId}</span>
        </h2>
        <Button
          onClick={() => {
            onNew(latest.plan);
          }}
        >
          {hub.plans.version}
        </Button>
      </header>
      <VersionLine spans={spans} name={latest.plan.name} now={now} />
      <div>
        {spans.toReversed().map((span) => (
          <OneVersion key={span.plan.version} span={span} />
        ))}
      </div>
    </section>
  );
}

const TONES = { past: "quiet", now: "good", later: "warn" } as const;

function OneVersion({ span: { plan, when } }: { span: VersionSpan }) {
  const zone = useZone();
  return (
    <details className="version" open={when === "now"}>
      <summary>
        <strong>{hub.plans.versionNumber(plan.version)}</strong>
        <Chip tone={TONES[when]}>{hub.plans[when]}</Chip>
        <span className="soft small">
          {hub.plans.from(`${day(plan.effective_from, zone)}, ${clock(plan.effective_from, zone)}`)}
          {plan.by !== null && ` · ${hub.plans.by(plan.by)}`}
          {plan.reason !== null && ` · ${plan.reason}`}
        </span>
      </summary>
      <Meaning terms={plan} />
    </details>
  );
}
