import { Link } from "react-router";

import { useNames } from "../../people/names";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import type { Question } from "./queries";
import { hub } from "./words";

const IN_REVIEW = new Set(["guessed", "unidentified", "may_be_stranger"]);

/** Where a question is answered. */
export function remedyOf({ doubt, session_id }: Pick<Question, "doubt" | "session_id">): { to: string; label: string } {
  if (IN_REVIEW.has(doubt)) return { to: "/review", label: hub.drafts.toReview };
  if (doubt === "no_plan" || doubt === "no_price") return { to: "/billing/plans", label: hub.drafts.toPlans };
  return { to: `/sessions/${session_id}`, label: hub.drafts.toSheet };
}

/** What has to be answered before all of a period can be billed: what, about whom, and where to answer it. */
export function Questions({ questions }: { questions: readonly Question[] }) {
  const zone = useZone();
  const nameOf = useNames();
  if (questions.length === 0) return null;
  return (
    <details className="panel questions" open={questions.length <= 5}>
      <summary>
        <strong>{hub.drafts.questions(questions.length)}.</strong> <span className="soft">{hub.drafts.questionsDetail}</span>
      </summary>
      <ul>
        {questions.map((question) => {
          const { to, label } = remedyOf(question);
          const who = question.person === null ? question.display_name : nameOf(question.person);
          return (
            <li key={[question.session_id, question.person, question.display_name, question.doubt].join()}>
              <Chip tone="warn">{hub.drafts.doubts[question.doubt] ?? question.doubt}</Chip>
              <span className="question-what">
                <span>
                  {who !== null && <strong className="wraps">{who}, </strong>}
                  {question.subject}, {day(question.start_at, zone)}, {clock(question.start_at, zone)}
                </span>
                <span className="soft small">{question.remedy}</span>
              </span>
              <Link className="button" data-kind="plain" to={to}>
                {label}
              </Link>
            </li>
          );
        })}
      </ul>
    </details>
  );
}
