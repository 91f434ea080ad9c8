import { queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { everyPage } from "../../api/pages";
import type { Bounds } from "./period";

export type Side = "charge" | "pay";
export type DocumentRow = Schemas["RowPart"];
export type WholeDocument = Schemas["DocumentPart"];
export type Line = Schemas["LinePart"];
export type Draft = Schemas["DraftPart"];
export type Question = Schemas["QuestionPart"];
export type Standing = Schemas["StandingPart"];
export type Party = Schemas["PartyPart"];
export type LineEvidence = Schemas["LineEvidenceBody"];

/** Where everything of the hub is kept, so that one word makes all of it be read again. */
export const HUB = "billing";

const KEPT_MS = 60_000;

/** What was charged, by whom or what, in a time. */
export function revenue(by: "teacher" | "student" | "course", { from, to }: Bounds) {
  return queryOptions({
    queryKey: [HUB, "revenue", by, from, to],
    queryFn: async () =>
      (await answered(api.GET("/api/billing/reports/revenue", { params: { query: { from, to, group_by: by } } }))).rows,
  });
}

/** What was charged and what was paid for it, by month, teacher or course. */
export function margin(by: "month" | "teacher" | "course", { from, to }: Bounds) {
  return queryOptions({
    queryKey: [HUB, "margin", by, from, to],
    queryFn: async () =>
      (await answered(api.GET("/api/billing/reports/margin", { params: { query: { from, to, group_by: by } } }))).rows,
  });
}

/** What is open of everybody, by how long it is over due. */
export function outstanding(side: Side) {
  return queryOptions({
    queryKey: [HUB, "outstanding", side],
    queryFn: async () => (await answered(api.GET("/api/billing/reports/outstanding", { params: { query: { side } } }))).rows,
    staleTime: KEPT_MS,
  });
}

/** The same by month of issuing, or by whose classes were charged. */
export function outstandingBy(by: "teacher" | "month") {
  return queryOptions({
    queryKey: [HUB, "outstanding", "charge", by],
    queryFn: async () =>
      (await answered(api.GET("/api/billing/reports/outstanding", { params: { query: { side: "charge", group_by: by } } }))).sums,
    staleTime: KEPT_MS,
  });
}

/** A party's statements and accounts of one side, of all time or of one. */
export function statement(party: string, side: Side, bounds: Bounds | null = null) {
  return queryOptions({
    queryKey: [HUB, "statement", side, party, bounds?.from ?? null, bounds?.to ?? null],
    queryFn: () =>
      answered(
        api.GET("/api/billing/statements/{payer}", {
          params: { path: { payer: party }, query: { side, ...(bounds ?? {}) } },
        }),
      ),
    staleTime: KEPT_MS,
  });
}

/** The drafts of everybody in a time, with what has to be answered first. */
export function drafts(side: Side, { from, to }: Bounds) {
  return queryOptions({
    queryKey: [HUB, "drafts", side, from, to],
    queryFn: () =>
      side === "charge"
        ? answered(api.GET("/api/billing/invoices/drafts", { params: { query: { from, to } } }))
        : answered(api.GET("/api/billing/payroll/drafts", { params: { query: { from, to } } })),
    staleTime: KEPT_MS,
  });
}

/** How far the run of a period is. */
export function run(side: Side, { from, to }: Bounds) {
  return queryOptions({
    queryKey: [HUB, "run", side, from, to],
    queryFn: () => answered(api.GET("/api/billing/runs", { params: { query: { paper: paperOf(side), from, to } } })),
  });
}

/** One document whole, with the evidence of its lines. */
export function document(side: Side, documentId: string) {
  const path = { params: { path: { document_id: documentId } } };
  return queryOptions({
    queryKey: [HUB, "document", side, documentId],
    queryFn: async () =>
      (side === "charge"
        ? await answered(api.GET("/api/billing/invoices/{document_id}", path))
        : await answered(api.GET("/api/billing/payroll/{document_id}", path))
      ).document,
    staleTime: KEPT_MS,
  });
}

/** Everything that one line rests on, as it stands now. */
export function lineEvidence(side: Side, documentId: string, lineId: string) {
  const path = { params: { path: { document_id: documentId, line_id: lineId } } };
  return queryOptions({
    queryKey: [HUB, "evidence", side, documentId, lineId],
    queryFn: () =>
      side === "charge"
        ? answered(api.GET("/api/billing/invoices/{document_id}/lines/{line_id}/evidence", path))
        : answered(api.GET("/api/billing/payroll/{document_id}/lines/{line_id}/evidence", path)),
    staleTime: KEPT_MS,
  });
}

/** Everybody who is entered as a payer or as staff. */
export const parties = queryOptions({
  queryKey: [HUB, "parties"],
  queryFn: async (): Promise<Party[]> => {
    const { pages } = await everyPage((page_token) =>
      answered(api.GET("/api/billing/parties", { params: { query: { limit: 500, ...(page_token ? { page_token } : {}) } } })),
    );
    return pages.flatMap((page) => page.parties);
  },
  staleTime: KEPT_MS,
});

/** Every version of every rate plan, and what plans are given to. */
export const ratePlans = queryOptions({
  queryKey: [HUB, "plans"],
  queryFn: () => answered(api.GET("/api/billing/rate-plans", { params: { query: {} } })),
  staleTime: KEPT_MS,
});

/** What waits for a party's next document, of one party or of all. */
export function waiting(party: string | null) {
  return queryOptions({
    queryKey: [HUB, "waiting", party],
    queryFn: async () =>
      (await answered(api.GET("/api/billing/ad-hoc", { params: { query: party === null ? {} : { party } } }))).ad_hoc,
  });
}

/** A party's packages with what is left of them, and its lessons to make up. */
export function packages(party: string) {
  return queryOptions({
    queryKey: [HUB, "packages", party],
    queryFn: async () => (await answered(api.GET("/api/billing/packages", { params: { query: { party } } }))).packages,
  });
}

/** What a side's documents are called by the API. */
export function paperOf(side: Side): "invoice" | "payment_order" {
  return side === "charge" ? "invoice" : "payment_order";
}

/** Where a document's own page is. */
export function pathOf(side: Side, documentId: string): string {
  return `/billing/${side === "charge" ? "invoices" : "payroll"}/${documentId}`;
}
