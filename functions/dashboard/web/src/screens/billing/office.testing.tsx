/** What tests of the Financial Hub stand on: an API that answers what a real stack once did, and a page to render screens into. */

import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";

import { ConfigContext } from "../../app/config";
import { newQueryClient } from "../../app/queries";
import { startSession } from "../../auth/session";
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

// jsdom has no style sheets, and with them lacks what dialogs ask for.
Object.assign(window, { CSS: { escape: (text: string) => text.replaceAll(/[^\w-]/g, (sign) => `\\${sign}`) } });

// Two cores may be busy with other tests; what never comes still fails.
configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 20_000 });

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

/** A refusal of the API, or what it answers beside 200. */
export class Replied {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

/** Something that was asked of the API. */
export interface AskedOf {
  method: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  key: string | null;
}

/** Stand between the page and the network: recorded answers, others where a test gives them; what was asked comes back. */
export function officeAnswers(changes: Record<string, unknown> = {}): AskedOf[] {
  const asked: AskedOf[] = [];
  const answers: Record<string, unknown> = { ...RECORDED, ...changes };
  vi.spyOn(window, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams: query } = new URL(request.url);
    const path = decodeURIComponent(pathname);
    const text = await request.text();
    const body: unknown = text === "" ? null : JSON.parse(text);
    asked.push({ method: request.method, path, query, body, key: request.headers.get("Idempotency-Key") });
    const answer =
      answers[`${request.method} ${path} ${query.get("group_by") ?? ""}`.trim()] ?? answers[`${request.method} ${path}`];
    if (answer instanceof Replied) return Response.json(answer.body, { status: answer.status });
    if (answer === undefined) return Response.json({ title: "Not found", status: 404, detail: path }, { status: 404 });
    return Response.json(answer);
  });
  return asked;
}

/** Render a screen of the hub at an address, as somebody with a role. */
export function renderOffice(screen: ReactNode, at = "/billing", role = "admin", path = "*") {
  const claims = btoa(JSON.stringify({ email: `${role}@school.example`, role, name: "Vera", exp: 4102444800 }));
  startSession(`e30.${claims.replaceAll("=", "")}.c2ln`);
  const client = newQueryClient();
  client.setDefaultOptions({ queries: { ...client.getDefaultOptions().queries, retry: false } });
  const router = createMemoryRouter([{ path, element: screen }], { initialEntries: [at] });
  const config = { realtimeUrl: null, auth: "token", googleClientId: null, timeZone: "Europe/Berlin" } as const;
  const page = render(
    <ConfigContext value={config}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </ConfigContext>,
  );
  return { ...page, router };
}
