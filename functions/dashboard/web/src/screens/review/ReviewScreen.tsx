import "./review.css";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { openCards, useDecide, type Card, type Decision } from "./cards";
import { useKeys } from "./keys";
import { ReviewCard } from "./ReviewCard";

/** What a person has to decide, a card each. The keys act on the card that is marked. */
export default function ReviewScreen() {
  const { data, isPending, isError, error, refetch } = useQuery(openCards);
  const cards = data?.items ?? [];
  const [at, setAt] = useState(0);
  const deciding = useDecide();
  const [last, setLast] = useState<Card | null>(null);
  const current = cards[Math.min(at, cards.length - 1)];
  const decide = (card: Card, decision: Decision): void => {
    if (deciding.isPending || (!card.actions.includes(decision.decision) && decision.decision !== "reopen")) return;
    deciding.mutate(
      { card, decision },
      {
        onSuccess: () => {
          setLast(decision.decision === "reopen" ? null : card);
        },
      },
    );
  };
  const undo = (): void => {
    if (last) decide(last, { decision: "reopen" });
  };
  useKeys({
    j: () => {
      setAt(Math.min(at + 1, cards.length - 1));
    },
    k: () => {
      setAt(Math.max(at - 1, 0));
    },
    u: undo,
    ...(current ? keysOf(current, decide) : {}),
  });
  return (
    <Page title={words.review.title} lead={words.review.lead}>
      <div className="review" aria-live="polite">
        <TroubleNote thrown={deciding.error} />
        {last && (
          <p className="note undo" data-tone="good">
            {words.review.decided(last.participantName ?? last.email ?? "")}{" "}
            <Button kind="plain" onClick={undo} isBusy={deciding.isPending}>
              {words.review.undo} <kbd aria-hidden="true">U</kbd>
            </Button>
          </p>
        )}
      </div>
      {isPending && <Loading lines={8} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && cards.length === 0 && <Empty title={words.review.none}>{words.review.noneDetail}</Empty>}
      {data?.next_page_token != null && <p className="note">{words.review.more(cards.length)}</p>}
      <ol className="review">
        {cards.map((card, number) => (
          <Marked
            key={card.id}
            isCurrent={card === current}
            onFocus={() => {
              setAt(number);
            }}
          >
            <ReviewCard
              card={card}
              isCurrent={card === current}
              onDecide={(decision) => {
                decide(card, decision);
              }}
            />
          </Marked>
        ))}
      </ol>
    </Page>
  );
}

function keysOf(card: Card, decide: (card: Card, decision: Decision) => void): Record<string, () => void> {
  const keys: Record<string, () => void> = {
    g: () => {
      decide(card, { decision: "guest" });
    },
    d: () => {
      decide(card, { decision: "dismiss" });
    },
  };
  card.suggestions.slice(0, 9).forEach(({ email }, number) => {
    keys[String(number + 1)] = () => {
      decide(card, { decision: "confirm", email });
    };
  });
  return keys;
}

/** A card's place in the queue; the marked one is always to be seen. */
function Marked({ isCurrent, onFocus, children }: { isCurrent: boolean; onFocus: () => void; children: React.ReactNode }) {
  const place = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) place.current?.scrollIntoView({ block: "nearest" });
  }, [isCurrent]);
  return (
    <li ref={place} aria-current={isCurrent || undefined} onFocus={onFocus}>
      {children}
    </li>
  );
}
