import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";

import type { Schemas } from "../../api/client";
import { courses, useNames } from "../../people/names";
import { day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Field } from "../../ui/Field";
import { Empty, Loading, Trouble } from "../../ui/states";
import { useFilters } from "../attendance/filters";
import { policyNow } from "../live/policy";
import { Narrowing } from "./Narrowing";
import { warningsOf, type WarningState } from "./queries";
import { warnings } from "./words";

type Warning = Schemas["WarningItem"];

const STATES: readonly WarningState[] = ["standing", "ended", ""];

/** Who has crossed a line of the policy, what that line is, and what can be done. */
export function Warnings({ onExcuse }: { onExcuse: ((email: string) => void) | null }) {
  const [search, setSearch] = useSearchParams();
  const { filters, set } = useFilters(1);
  const state = STATES.find((each) => each === search.get("state")) ?? "standing";
  const query = {
    ...(filters.student === "" ? {} : { student_email: filters.student }),
    ...(filters.course === "" ? {} : { course_id: filters.course }),
    ...(filters.teacher === "" ? {} : { teacher_email: filters.teacher }),
  };
  const found = useInfiniteQuery(warningsOf(state, query));
  const items = (found.data?.pages ?? []).flatMap((page) => page.warnings);
  return (
    <div className="stack">
      <Lines />
      <div className="register-narrow">
        <Field label={warnings.state}>
          {(parts) => (
            <select
              {...parts}
              className="input"
              value={state}
              onChange={(event) => {
                setSearch(
                  (before) => {
                    before.set("state", event.target.value);
                    return before;
                  },
                  { replace: true },
                );
              }}
            >
              {STATES.map((each) => (
                <option key={each} value={each}>
                  {warnings.states[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Narrowing filters={filters} set={set} which={["course", "teacher", "student"]} />
      </div>
      {found.isPending && <Loading lines={6} />}
      {found.isError && !found.data && <Trouble thrown={found.error} again={() => void found.refetch()} />}
      {found.data && items.length === 0 && <Empty title={warnings.none}>{warnings.noneDetail}</Empty>}
      {items.length > 0 && (
        <ul className="warnings" aria-label={warnings.title}>
          {items.map((each) => (
            <WarningCard key={each.warning_id} shown={each} onExcuse={onExcuse} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <div className="row">
          <Button isBusy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {warnings.more}
          </Button>
        </div>
      )}
    </div>
  );
}

/** The lines that the policy draws, so that nobody has to guess why somebody is warned or not. */
function Lines() {
  const policy = useQuery(policyNow).data;
  if (policy === undefined) return <p className="warning-lines" />;
  const parts = [
    policy.warn_below_percent === null ? "" : warnings.below(policy.warn_below_percent, policy.warn_after),
    policy.warn_absences_in_row === null ? "" : warnings.inRow(policy.warn_absences_in_row),
  ].filter(Boolean);
  return <p className="soft warning-lines">{parts.length === 0 ? warnings.noLines : warnings.lines(parts.join(warnings.or))}</p>;
}

function WarningCard({ shown, onExcuse }: { shown: Warning; onExcuse: ((email: string) => void) | null }) {
  const zone = useZone();
  const nameOf = useNames();
  const known = useQuery(courses).data ?? [];
  const who = nameOf(shown.student_email);
  const since = `${shown.subject}, ${day(shown.since, zone)}`;
  const course = known.find(({ course_id }) => course_id === shown.course_id)?.name ?? shown.course_id;
  return (
    <li className="panel warning">
      <div>
        <p>
          <strong title={shown.student_email}>{who}</strong> · {course}{" "}
          <Chip tone={shown.state === "standing" ? "warn" : "quiet"}>
            {shown.state === "standing"
              ? warnings.kinds[shown.kind]
              : shown.ended_at === null
                ? warnings.ended
                : warnings.endedOn(day(shown.ended_at, zone))}
          </Chip>
        </p>
        <p>{toldOf(shown)}</p>
        <p className="soft small">
          {warnings.since} {onExcuse === null ? since : <Link to={`/sessions/${shown.session_id}`}>{since}</Link>}
        </p>
      </div>
      <div className="actions">
        <Link
          className="button"
          to={`/register?by=course&student=${encodeURIComponent(shown.student_email)}&course=${encodeURIComponent(shown.course_id)}`}
        >
          {warnings.numbers}
        </Link>
        {onExcuse && (
          <Button
            onClick={() => {
              onExcuse(shown.student_email);
            }}
          >
            {warnings.excuse(who)}
          </Button>
        )}
      </div>
    </li>
  );
}

function toldOf({ kind, share, sessions, line, absences_in_row }: Warning): string {
  return kind === "low_share" ? warnings.lowShare(share, sessions, line) : warnings.absences(absences_in_row, line);
}
