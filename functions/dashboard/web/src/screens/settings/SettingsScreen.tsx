import "./settings.css";

import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { answered, api, type Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Page } from "../../ui/Page";
import { Loading, Trouble } from "../../ui/states";
import { wordOf, words } from "../../words";
import { policyNow } from "../live/policy";
import { Policy } from "./Policy";
import { servicesOf, type Service } from "./services";

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
        <Jobs jobs={told.jobs} />
      </section>
      <section className="panel part">
        <h2>{words.settings.refused}</h2>
        <ul className="troubles">
          {servicesOf(told).map((one) => (
            <ServiceLine key={one.name} service={one} />
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

const JOB_TONES: Readonly<Record<string, "good" | "warn" | "bad" | "quiet" | undefined>> = {
  enabled: "good",
  paused: "warn",
  disabled: "warn",
  failing: "bad",
  missing: "bad",
};

/** The clock's jobs: whether each is on, how its last attempt went, and what to do where it is not well. */
function Jobs({ jobs }: { jobs: Schemas["HealthBody"]["jobs"] }) {
  const zone = useZone();
  const when = (at: string): string => `${day(at, zone)}, ${clock(at, zone, true)}`;
  return (
    <ul className="troubles">
      {Object.entries(jobs).map(([name, job]) => (
        <li key={name}>
          <span className="row">
            <strong>{wordOf(words.settings.jobs, name)}</strong>
            <Chip tone={JOB_TONES[job.state] ?? "quiet"} dot={job.state === "unknown" ? "hollow" : "full"}>
              {wordOf(words.settings.jobStates, job.state)}
            </Chip>
            <span className="soft small">
              {job.last_attempt_at !== null && words.settings.lastAttempt(when(job.last_attempt_at), job.last_outcome)}{" "}
              {job.next_run_at !== null && words.settings.nextRun(when(job.next_run_at))}
            </span>
          </span>
          {job.remedy !== null && <span className="note">{job.remedy}</span>}
        </li>
      ))}
    </ul>
  );
}

const STANDING_TONES = { works: "good", refuses: "bad", unasked: "quiet" } as const;

/** One service: how it stands, what it is for, and what to do where it refuses. */
function ServiceLine({ service: { name, standing, lastAt, refusals } }: { service: Service }) {
  const zone = useZone();
  const when = (at: string): string => `${day(at, zone)}, ${clock(at, zone)}`;
  return (
    <li>
      <span className="row">
        <strong>{name}</strong>
        <Chip tone={STANDING_TONES[standing]} dot={standing === "unasked" ? "hollow" : "full"}>
          {words.settings.standings[standing]}
        </Chip>
        <span className="soft small">
          {words.settings.services[name]} {lastAt !== null && words.settings.lastAt(when(lastAt))}
        </span>
      </span>
      {standing === "unasked" && <span className="soft small">{words.settings.toDo[name]}</span>}
      {refusals.map((one) => (
        <span key={one.subject} className="note" data-tone="warn">
          <strong className="wraps">{one.subject}:</strong> {one.trouble} {words.settings.since(when(one.since))} {one.remedy}
        </span>
      ))}
    </li>
  );
}

function Unsynced({ classes }: { classes: Schemas["UnsyncedClass"][] }) {
  return (
    <section className="panel part">
      <h2>{words.settings.unsynced}</h2>
      <ul className="troubles">
        {classes.map((one) => (
          <li key={one.session_id}>
            <Link to={`/sessions/${one.session_id}`}>{one.subject}</Link>
            <span className="soft small">
              {words.settings.daysLeft(one.days_left)}. {one.sync?.message} {one.sync?.remedy}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
