/** What tests of the pages stand on: an API that answers what a real stack once did, and a page to render screens into. */

import { QueryClientProvider } from "@tanstack/react-query";
import { configure, render } from "@testing-library/react";
import type { ReactNode } from "react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { vi } from "vitest";

import { ConfigContext } from "../app/config";
import { newQueryClient } from "../app/queries";
import { startSession } from "../auth/session";
import activeSessions from "./active-sessions.json";
import classes from "./classes.json";
import policy from "./policy.json";
import review from "./review.json";
import sessionLive from "./session-live.json";
import sessionOver from "./session-over.json";
import students from "./students.json";

// A busy machine draws late; what never comes is still found missing.
configure({ asyncUtilTimeout: 8000 });

// jsdom draws nothing, so that nothing in it can be scrolled to.
Element.prototype.scrollIntoView = () => undefined;
// jsdom escapes nothing for selectors; dialogs need it.
Object.assign(window, { CSS: { escape: (text: string) => text.replaceAll(/[^\w-]/g, (sign) => `\\${sign}`) } });

const EMPTY = { next_page_token: null };

/** The answers of the recorded stack, by method and path. */
const RECORDED: Record<string, unknown> = {
  "GET /api/monitoring/active-sessions": activeSessions,
  [`GET /api/monitoring/sessions/${sessionLive.session_id}`]: sessionLive,
  [`GET /api/monitoring/sessions/${sessionOver.session_id}`]: sessionOver,
  "GET /api/schedule/classes": classes,
  "GET /api/attendance-tracker/review": review,
  "GET /api/attendance-tracker/policy": policy,
  "GET /api/attendance-tracker/students": students,
  "GET /api/people/teachers": { ...EMPTY, people: [] },
  "GET /api/people/courses": { ...EMPTY, courses: [] },
};

/** A refusal of the API. */
export class Refused {
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
  authorization: string | null;
  /** The key by which what is sent twice counts once. */
  key: string | null;
}

/**
 * Stand between the page and the network: recorded answers, others where a test gives them; what was asked comes back.
 *
 * An answer is found by method and path, for reports by what they group by too; a function makes one each time it is asked.
 */
export function apiAnswers(changes: Record<string, unknown> = {}): AskedOf[] {
  const asked: AskedOf[] = [];
  const answers: Record<string, unknown> = { ...RECORDED, ...changes };
  vi.spyOn(window, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(typeof input === "string" ? new URL(input, window.location.href) : input, init);
    const { pathname, searchParams: query } = new URL(request.url);
    const path = decodeURIComponent(pathname);
    const text = await request.text();
    const body: unknown = text === "" ? null : JSON.parse(text);
    const { headers, method } = request;
    asked.push({ method, path, query, body, authorization: headers.get("authorization"), key: headers.get("Idempotency-Key") });
    const found = answers[`${method} ${path} ${query.get("group_by") ?? ""}`.trim()] ?? answers[`${method} ${path}`];
    const answer: unknown = typeof found === "function" ? (found as () => unknown)() : found;
    if (answer instanceof Error) throw answer;
    if (answer instanceof Refused) return Response.json(answer.body, { status: answer.status });
    if (answer === undefined) return Response.json({ title: "Not found", status: 404, detail: path }, { status: 404 });
    return Response.json(answer);
  });
  return asked;
}

/** A token of somebody with a role, as this page reads it. */
export function tokenOf(role: string, claims: Record<string, unknown> = {}): string {
  const part = btoa(JSON.stringify({ email: `${role}@school.example`, role, name: "Ada", exp: 4102444800, ...claims }));
  return `e30.${part.replaceAll("=", "")}.c2ln`;
}

/** Render a screen at an address, as somebody with a role. */
export function renderScreen(screen: ReactNode, at = "/", role = "admin", path = "*") {
  startSession(tokenOf(role));
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
