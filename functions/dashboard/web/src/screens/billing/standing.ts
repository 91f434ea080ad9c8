import type { DocumentHead, Side, Standing } from "./queries";
import { hub } from "./words";
import type { Money } from "./money";
import type { Tone } from "../../ui/Chip";

/** How a document stands for whoever looks: as the API says it, and overdue where it is open after its day. */
export type State = keyof typeof hub.standing;

export const STATES: readonly State[] = ["unpaid", "partly_paid", "overdue", "paid", "cancelled"];

/** The states that can be asked for; `open` is everything of which something is left to pay. */
export type Wanted = State | "open";

export const TONES: Readonly<Record<State, Tone>> = {
  unpaid: "quiet",
  partly_paid: "warn",
  overdue: "bad",
  paid: "good",
  cancelled: "quiet",
  credit_note: "quiet",
};

/** One row of a list of documents. What is null is not read yet. */
export interface Row {
  documentId: string;
  side: Side;
  number: string;
  party: string;
  period: { from: string; to: string } | null;
  issuedAt: string | null;
  dueAt: string;
  gross: Money;
  open: Money | null;
  state: State | null;
}

/** How a document stands by its account, at an instant. */
export function stateOf({ standing, due_at, open }: Standing, now: number): State {
  if (standing === "cancelled" || standing === "paid") return standing;
  if (open.amount_minor > 0 && Date.parse(due_at) < now) return "overdue";
  return standing === "partly_paid" ? "partly_paid" : "unpaid";
}

/** Which side a document is of; a credit note is of that of the document that it takes back. */
export function sideOf({ paper, cancels }: Pick<DocumentHead, "paper" | "cancels">): Side {
  return paper === "payment_order" || (cancels ?? "").startsWith("PO-") ? "pay" : "charge";
}

/** A document of a list, with what its party's account says about it. */
export function rowOf(head: DocumentHead, standing: Standing | undefined, now: number): Row {
  const isNote = head.paper === "credit_note";
  return {
    documentId: head.document_id,
    side: sideOf(head),
    number: head.number,
    party: head.party,
    period: { from: head.period_from, to: head.period_to },
    issuedAt: head.issued_at,
    dueAt: head.due_at,
    gross: head.gross,
    open: isNote ? null : (standing?.open ?? null),
    state: isNote ? "credit_note" : standing ? stateOf(standing, now) : null,
  };
}

/** A document as its party's account tells it, which knows no more of it. */
export function rowOfAccount(party: string, side: Side, standing: Standing, now: number): Row {
  return {
    documentId: standing.document_id,
    side,
    number: standing.number,
    party,
    period: null,
    issuedAt: null,
    dueAt: standing.due_at,
    gross: standing.gross,
    open: standing.open,
    state: standing.gross.amount_minor < 0 ? "credit_note" : stateOf(standing, now),
  };
}

/** Whether a row is one that was asked for. */
export function isWanted({ state, open }: Row, wanted: Wanted | null): boolean {
  if (wanted === null) return true;
  return wanted === "open" ? (open?.amount_minor ?? 0) > 0 : state === wanted;
}
