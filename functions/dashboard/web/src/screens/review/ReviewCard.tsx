import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { students, useNames } from "../../people/names";
import { clock, day, span } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { wordOf, words } from "../../words";
import type { Card, Decision } from "./cards";

interface Props {
  card: Card;
  isCurrent: boolean;
  onDecide: (decision: Decision) => void;
}

/** One question and its answers. */
export function ReviewCard({ card, isCurrent, onDecide }: Props) {
  const zone = useZone();
  const nameOf = useNames();
  const can = (action: Card["actions"][number]): boolean => card.actions.includes(action);
  return (
    <article className="panel card" aria-labelledby={`card-${card.id}`}>
      <header>
        <Chip tone="warn">{wordOf(words.review.kinds, card.kind)}</Chip>
        <h2 id={`card-${card.id}`} className="wraps">
          {card.participantName ?? (card.email === null ? "?" : nameOf(card.email))}
        </h2>
        <p className="soft small">
          <Link to={`/sessions/${card.sessionId}`}>{card.subject}</Link>, {day(card.classStart, zone)}{" "}
          {clock(card.classStart, zone)} · {nameOf(card.teacherEmail)} · {words.review.present(span(card.seconds))}
        </p>
        <p>{wordOf(words.review.questions, card.kind)}</p>
      </header>
      {can("confirm") && (
        <ul className="suggestions">
          {card.suggestions.map(({ email, name, likeness, reasons }, number) => (
            <li key={email}>
              <Button
                onClick={() => {
                  onDecide({ decision: "confirm", email });
                }}
              >
                {words.review.itIs(name ?? nameOf(email))}
                {isCurrent && number < 9 && <kbd aria-hidden="true">{number + 1}</kbd>}
              </Button>
              <span className="soft small">
                {email} · {words.review.likeness(likeness)} {reasons.join("; ")}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="actions">
        {can("confirm") && (
          <SomebodyElse
            onChoose={(email) => {
              onDecide({ decision: "confirm", email });
            }}
          />
        )}
        {can("guest") && (
          <Button
            onClick={() => {
              onDecide({ decision: "guest" });
            }}
          >
            {words.review.guest}
            {isCurrent && <kbd aria-hidden="true">G</kbd>}
          </Button>
        )}
        {can("dismiss") && (
          <Button
            onClick={() => {
              onDecide({ decision: "dismiss" });
            }}
          >
            {words.review.dismiss}
            {isCurrent && <kbd aria-hidden="true">D</kbd>}
          </Button>
        )}
        {(can("override") || can("sync")) && (
          <Link className="button" to={`/sessions/${card.sessionId}`}>
            {can("sync") ? words.review.sync : words.review.override}
          </Link>
        )}
      </div>
    </article>
  );
}

/** Somebody of the directory who was not suggested. */
function SomebodyElse({ onChoose }: { onChoose: (email: string) => void }) {
  const [email, setEmail] = useState("");
  const known = useQuery(students).data ?? [];
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (email !== "") onChoose(email);
      }}
    >
      <select
        className="input somebody"
        aria-label={words.review.somebody}
        value={email}
        onChange={(event) => {
          setEmail(event.target.value);
        }}
      >
        <option value="">{words.review.somebody}</option>
        {known.map((one) => (
          <option key={one.email} value={one.email}>
            {[one.firstName, one.lastName].filter(Boolean).join(" ") || one.email}
          </option>
        ))}
      </select>
      <Button type="submit" disabled={email === ""}>
        {words.review.confirm}
      </Button>
    </form>
  );
}
