import type { ReactNode } from "react";

import { asProblem } from "../api/problem";
import { words } from "../words";
import { Button } from "./Button";

/** Something is on its way: lines where it will stand, so that nothing jumps when it comes. */
export function Loading({ lines = 4 }: { lines?: number }) {
  return (
    <div className="panel skeleton" role="status">
      <span className="hidden-text">{words.states.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} aria-hidden="true" />
      ))}
    </div>
  );
}

/** There is nothing, and that is no mistake. */
export function Empty({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="panel state">
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  );
}

/** What went wrong, in the API's own words, with what can be done about it. */
export function Trouble({ thrown, again }: { thrown: unknown; again?: () => void }) {
  const problem = asProblem(thrown);
  const told = problem.isOffline
    ? { title: words.states.offline, detail: words.states.offlineDetail }
    : problem.isForbidden
      ? { title: words.states.forbidden, detail: problem.detail || words.states.forbiddenDetail }
      : { title: problem.title || words.states.failed, detail: problem.detail };
  return (
    <div className="panel state" data-tone="bad" role="alert">
      <h2>{told.title}</h2>
      {told.detail !== "" && <p>{told.detail}</p>}
      {problem.fields.length > 0 && (
        <ul>
          {problem.fields.map(({ field, message }) => (
            <li key={field + message}>
              {field}: {message}
            </li>
          ))}
        </ul>
      )}
      {again && <Button onClick={again}>{words.states.again}</Button>}
      {problem.requestId !== null && <p className="small">{words.states.requestId(problem.requestId)}</p>}
    </div>
  );
}

/** A refusal inside a form or beside a button: one line, in the API's own words. */
export function TroubleNote({ thrown }: { thrown: unknown }) {
  if (thrown === null || thrown === undefined) return null;
  const problem = asProblem(thrown);
  const text = problem.isOffline ? words.states.offlineDetail : [problem.title, problem.detail].filter(Boolean).join(". ");
  return (
    <div className="note" data-tone="bad" role="alert">
      {text}
    </div>
  );
}
