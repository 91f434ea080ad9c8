import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { useSession } from "../../auth/session";
import { clock, day, span } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { PresenceBar, Scale, type Axis } from "../../ui/PresenceBar";
import { Loading, Trouble } from "../../ui/states";
import { words, wordOf } from "../../words";
import { Amount } from "./Amount";
import { axisOf, countedStays, staysOf, visitRows } from "./evidence";
import { lineEvidence, type LineEvidence, type Side } from "./queries";
import { rateSentences } from "./meaning";
import { hub } from "./words";

interface Props {
  side: Side;
  documentId: string;
  lineId: string;
}

/** What a line rests on: when the person was there by each source, what was decided, by which rules, and whether it still holds. */
export function Evidence({ side, documentId, lineId }: Props) {
  const { data, isPending, isError, error, refetch } = useQuery(lineEvidence(side, documentId, lineId));
  if (isPending) return <Loading lines={5} />;
  if (isError) return <Trouble thrown={error} again={() => void refetch()} />;
  return <Shown told={data} side={side} />;
}

/** The evidence itself, drawn. */
export function Shown({ told, side }: { told: LineEvidence; side: Side }) {
  const isStaff = useSession()?.role !== "user";
  return (
    <section className="evidence">
      <div className="row">
        <Holding asBilled={told.as_billed} />
        <Chip tone={told.is_intact ? "quiet" : "bad"}>{told.is_intact ? hub.evidence.intact : hub.evidence.broken}</Chip>
        {isStaff && told.lesson && <Link to={`/sessions/${told.lesson.session_id}`}>{hub.evidence.sheet}</Link>}
      </div>
      {told.lesson?.cancelled_at != null && <Cancelled at={told.lesson.cancelled_at} />}
      {told.verdict && <Verdict verdict={told.verdict} />}
      {told.lesson && told.verdict && <Bars told={told} axis={axisOf(told)} />}
      <div className="evidence-columns">
        <Decisions decisions={told.decisions} />
        {told.policy && (
          <div>
            <h3>{hub.evidence.rules(told.policy.version)}</h3>
            <ul className="small">
              {told.policy.words.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </div>
        )}
        {told.rate_plan && (
          <div>
            <h3>{hub.evidence.price(told.rate_plan.name, told.rate_plan.version)}</h3>
            <ul className="small">
              {rateSentences(told.rate_plan.rate, side).map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
              {told.rate_plan.percent !== null && <li>{hub.evidence.percent(told.rate_plan.percent)}</li>}
            </ul>
          </div>
        )}
      </div>
      <Corrections told={told} />
    </section>
  );
}

function Holding({ asBilled }: { asBilled: boolean | null }) {
  if (asBilled === null) return <Chip dot="hollow">{hub.evidence.unsure}</Chip>;
  return (
    <Chip
      tone={asBilled ? "good" : "warn"}
      dot={asBilled ? "full" : "hollow"}
      title={asBilled ? hub.evidence.stillHint : hub.evidence.changedHint}
    >
      {asBilled ? hub.evidence.still : hub.evidence.changed}
    </Chip>
  );
}

function Cancelled({ at }: { at: string }) {
  const zone = useZone();
  return <p>{hub.evidence.cancelled(`${day(at, zone)}, ${clock(at, zone)}`)}</p>;
}

function Verdict({ verdict }: { verdict: NonNullable<LineEvidence["verdict"]> }) {
  return (
    <p>
      <strong>{wordOf(words.status, verdict.status)}</strong>, {hub.evidence.inRoom(span(verdict.seconds))}
      {verdict.shared_seconds > 0 && `, ${hub.evidence.together(span(verdict.shared_seconds))}`};{" "}
      {wordOf(words.match, verdict.match)}, {wordOf(words.basis, verdict.basis)}.
      {verdict.computed_status !== verdict.status && <> {hub.evidence.computed(wordOf(words.status, verdict.computed_status))}</>}
    </p>
  );
}

function Bars({ told, axis }: { told: LineEvidence; axis: Axis }) {
  if (!told.verdict || !told.lesson) return null;
  const rows = visitRows(told.visits);
  return (
    <div className="evidence-bars">
      <span />
      <Scale axis={axis} />
      <span className="small">{hub.evidence.counted}</span>
      <PresenceBar stays={countedStays(told.verdict.stays, told.lesson)} axis={axis} />
      {told.verdict.shared.length > 0 && (
        <>
          <span className="small">{hub.evidence.shared}</span>
          <PresenceBar stays={countedStays(told.verdict.shared, told.lesson)} axis={axis} />
        </>
      )}
      {rows.length === 0 && <p className="soft small evidence-wide">{hub.evidence.noVisits}</p>}
      {rows.map(({ key, source, device, stays }) => (
        <div key={key} className="evidence-row">
          <span className="small">
            {wordOf(words.sources, source)}
            {device !== null && <span className="soft"> {hub.evidence.device(device)}</span>}
          </span>
          <PresenceBar stays={staysOf(stays, axis)} axis={axis} kind="source" />
        </div>
      ))}
    </div>
  );
}

function Decisions({ decisions }: { decisions: LineEvidence["decisions"] }) {
  const zone = useZone();
  return (
    <div>
      <h3>{hub.evidence.decisions}</h3>
      {decisions.length === 0 && <p className="small soft">{hub.evidence.noDecisions}</p>}
      <ul className="small">
        {decisions.map((each) => (
          <li key={`${each.at}${each.kind}${each.value}`}>
            {each.is_withdrawn ? <s>{hub.evidence.decided[each.kind]}</s> : hub.evidence.decided[each.kind]}
            {each.value !== "" && `: ${wordOf(words.status, each.value)}`}
            {each.is_withdrawn && ` (${hub.evidence.withdrawn})`}
            <span className="soft">
              {" "}
              · {day(each.at, zone)}, {clock(each.at, zone)}
              {each.by !== null && ` · ${each.by}`}
            </span>
            {each.reason !== "" && <div className="wraps">{each.reason}</div>}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Corrections({ told }: { told: LineEvidence }) {
  if (told.corrections.length === 0) return null;
  return (
    <div>
      <h3>{hub.evidence.corrections}</h3>
      <ul className="small">
        {told.corrections.map((each) => (
          <li key={each.number + each.line_id}>
            {each.number}: {wordOf(hub.document.kinds, each.kind)} <Amount of={each.net} />
            {each.cause !== null && <span className="soft"> · {each.cause}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
