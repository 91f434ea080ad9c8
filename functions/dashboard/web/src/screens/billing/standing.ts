import type { DocumentRow, Side } from "./queries";
import { hub } from "./words";
import type { Money } from "./money";
import type { Tone } from "../../ui/Chip";

/** How a document stands for whoever looks: as the API says it, and overdue where it is open after its day. */
export type State = keyof typeof hub.standing;

export const STATES: readonly Exclude<State, "credit_note">[] = ["unpaid", "partly_paid", "overdue", "paid", "cancelled"];

/** The states that can be asked for; `open` is everything of which something is left to pay. */
export type Wanted = Exclude<State, "credit_note"> | "open";

export const TONES: Readonly<Record<State, Tone>> = {
  unpaid: "quiet",
  partly_paid: "warn",
  overdue: "bad",
  paid: "good",
  cancelled: "quiet",
  credit_note: "quiet",
};

/** One row of a list of documents; of a credit note nothing is open. */
export interface Row {
  documentId: string;
  side: Side;
  number: string;
  party: string;
  period: { from: string; to: string };
  issuedAt: string;
  dueAt: string;
  gross: Money;
  open: Money | null;
  state: State;
}

/** How a document stands by what is open of it, at an instant. */
export function stateOf(
  { standing, due_at, open }: { standing: string; due_at: string; open: Pick<Money, "amount_minor"> },
  now: number,
): State {
  if (standing === "cancelled" || standing === "paid") return standing;
  if (open.amount_minor > 0 && Date.parse(due_at) < now) return "overdue";
  return standing === "partly_paid" ? "partly_paid" : "unpaid";
}

/** Which side a document is of; a credit note is of that of the document that it takes back. */
export function sideOf({ paper, cancels }: Pick<DocumentRow, "paper" | "cancels">): Side {
  return paper === "payment_order" || (cancels ?? "").startsWith("PO-") ? "pay" : "charge";
}

/** A document of a list, as it stands at an instant. */
export function rowOf(document: DocumentRow, now: number): Row {
  const { standing, open, due_at } = document;
  return {
    documentId: document.document_id,
    side: sideOf(document),
    number: document.number,
    party: document.party,
    period: { from: document.period_from, to: document.period_to },
    issuedAt: document.issued_at,
    dueAt: due_at,
    gross: document.gross,
    open,
    state: standing === null || open === null ? "credit_note" : stateOf({ standing, due_at, open }, now),
  };
}

/** Whether a row is one that was asked for. */
export function isWanted({ state, open }: Row, wanted: Wanted | null): boolean {
  if (wanted === null) return true;
  return wanted === "open" ? (open?.amount_minor ?? 0) > 0 : state === wanted;
}
