import "./settings.css";

import { useQuery } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Page } from "../../ui/Page";
import { Loading, Trouble } from "../../ui/states";
import { wordOf, words } from "../../words";
import { policyNow } from "../live/policy";
import { Policy } from "./Policy";

/** How Rollcall itself is: what it is connected to, what refuses it and what to do about it; and the attendance policy. */
export default function SettingsScreen() {
  const health = useQuery({
    queryKey: ["health"],
    queryFn: () => answered(api.GET("/api/monitoring/health")),
    refetchInterval: 30_000,
  });
  const policy = useQuery(policyNow);
  const isComing = health.isPending || policy.isPending;
  return (
    <Page title={words.settings.title}>
      <div className="stack">
        {isComing && <Loading lines={12} />}
        {health.isError && !health.data && <Trouble thrown={health.error} again={() => void health.refetch()} />}
        {health.data && !isComing && <Health told={health.data} />}
        {!isComing && <Policy policy={policy} />}
      </div>
    </Page>
  );
}

const TONES = { ok: "good", degraded: "warn", late: "bad" } as const;

function Health({ told }: { told: Schemas["HealthBody"] }) {
  const zone = useZone();
  const when = (at: string | null): string => (at === null ? words.settings.never : `${day(at, zone)}, ${clock(at, zone, true)}`);
  return (
    <>
      <section className="panel part">
        <h2>
          {words.settings.health} <Chip tone={TONES[told.status]}>{wordOf(words.settings.states, told.status)}</Chip>
        </h2>
        <dl className="pairs">
          <dt>{words.settings.tick}</dt>
          <dd>{when(told.last_tick_at)}</dd>
          <dt>{words.settings.housekeeping}</dt>
          <dd>{when(told.last_housekeeping_at)}</dd>
          <dt>{words.settings.reports}</dt>
          <dd>{when(told.last_reports_sweep_at)}</dd>
          <dt>{words.settings.zoom}</dt>
          <dd>{when(told.zoom_webhook_validated_at)}</dd>
          {told.oldest_due !== null && (
            <>
              <dt>{words.settings.due}</dt>
              <dd>{when(told.oldest_due.due_at)}</dd>
            </>
          )}
        </dl>
      </section>
      <section className="panel part">
        <h2>{words.settings.refused}</h2>
        {told.connections.length === 0 && <p className="soft">{words.settings.noneRefused}</p>}
        <ul className="troubles">
          {told.connections.map((one) => (
            <li key={one.service + one.subject}>
              <strong className="wraps">
                {one.service}, {one.subject}
              </strong>
              <span>{one.trouble}</span>
              <span className="note">{one.remedy}</span>
            </li>
          ))}
        </ul>
      </section>
      <section className="panel part">
        <h2>{words.settings.subscriptions}</h2>
        {told.subscriptions.length === 0 && <p className="soft">{words.settings.noSubscriptions}</p>}
        <ul className="troubles">
          {told.subscriptions.map((one) => (
            <li key={one.teacher_email}>
              <span className="row">
                <strong className="wraps">{one.teacher_email}</strong>
                <Chip tone={one.delivers ? "good" : "warn"}>{wordOf(words.settings.subscription, one.state)}</Chip>
                {one.expires_at !== null && <span className="soft small">{words.settings.until(when(one.expires_at))}</span>}
              </span>
              {one.trouble !== null && <span>{one.trouble}</span>}
              {one.remedy !== null && <span className="note">{one.remedy}</span>}
            </li>
          ))}
        </ul>
      </section>
      {told.unsynced_classes.length > 0 && <Unsynced classes={told.unsynced_classes} />}
    </>
  );
}

function Unsynced({ classes }: { classes: Schemas["UnsyncedClass"][] }) {
  return (
    <section className="panel part">
      <h2>{words.settings.unsynced}</h2>
      <ul className="troubles">
        {classes.map((one) => (
          <li key={one.session_id}>
            <a href={`/sessions/${one.session_id}`}>{one.subject}</a>
            <span className="soft small">{words.settings.daysLeft(one.days_left)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
