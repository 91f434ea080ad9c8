/** What tests of the Financial Hub stand on: an API that answers what a real stack once did, and a page to render screens into. */

import type { ReactNode } from "react";

import { apiAnswers, Refused, renderScreen, type AskedOf } from "../../testing/api";
import drafts from "./fixtures/drafts.json";
import evidence from "./fixtures/evidence.json";
import invoice from "./fixtures/invoice.json";
import invoices from "./fixtures/invoices.json";
import marginByMonth from "./fixtures/margin-by-month.json";
import marginByTeacher from "./fixtures/margin-by-teacher.json";
import outstanding from "./fixtures/outstanding.json";
import packages from "./fixtures/packages.json";
import parties from "./fixtures/parties.json";
import plans from "./fixtures/plans.json";
import statement from "./fixtures/statement.json";

const [line] = invoice.document.lines;
const NOBODY = { next_page_token: null };

/** The answers of the recorded stack, by method and path. */
const RECORDED: Record<string, unknown> = {
  "GET /api/billing/invoices": invoices,
  [`GET /api/billing/invoices/${invoice.document.document_id}`]: invoice,
  [`GET /api/billing/invoices/${invoice.document.document_id}/lines/${line?.line_id ?? ""}/evidence`]: evidence,
  "GET /api/billing/invoices/drafts": drafts,
  "GET /api/billing/parties": parties,
  "GET /api/billing/packages": packages,
  "GET /api/billing/rate-plans": plans,
  "GET /api/billing/reports/outstanding": outstanding,
  "GET /api/billing/reports/margin month": marginByMonth,
  "GET /api/billing/reports/margin teacher": marginByTeacher,
  [`GET /api/billing/statements/${statement.party}`]: statement,
  "GET /api/attendance-tracker/students": { ...NOBODY, students: [] },
  "GET /api/people/teachers": { ...NOBODY, people: [] },
};

/** Stand between the page and the network: the hub's recorded answers, others where a test gives them. */
export function officeAnswers(changes: Record<string, unknown> = {}): AskedOf[] {
  return apiAnswers({ ...RECORDED, ...changes });
}

/** Render a screen of the hub at an address, as somebody with a role. */
export function renderOffice(screen: ReactNode, at = "/billing", role = "admin", path = "*") {
  return renderScreen(screen, at, role, path);
}

export { Refused as Replied, type AskedOf };
