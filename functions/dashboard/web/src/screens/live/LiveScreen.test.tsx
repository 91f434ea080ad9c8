import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import activeSessions from "../../testing/active-sessions.json";
import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import LiveScreen from "./LiveScreen";

const [session] = activeSessions.sessions;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(session?.started_at ?? "") + 20 * 60_000, toFake: ["Date"] });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("a class that is on shows who is in the room and who is missing", async () => {
  apiAnswers();
  renderScreen(<LiveScreen />);
  const lesson = within(await screen.findByRole("article", { name: "Linear equations" }));
  await lesson.findByText("5 of 10 in the room");
  expect(lesson.getByText("5 missing")).toBeDefined();
  expect(lesson.getByText("1 on two devices")).toBeDefined();
  expect(lesson.getByText("Guest <b>bold</b>")).toBeDefined();
  expect(lesson.getByText("Chloé Martin")).toBeDefined();
  expect(lesson.queryByRole("alert")).toBeNull();
});

test("a teacher who is missing stands out", async () => {
  apiAnswers({ "GET /api/monitoring/active-sessions": { ...activeSessions, sessions: [{ ...session, teacher_missing: true }] } });
  renderScreen(<LiveScreen />);
  expect((await screen.findByRole("alert")).textContent).toContain("The teacher is missing");
});

test("without a class there is no active attendance session, and the next one is named", async () => {
  apiAnswers({ "GET /api/monitoring/active-sessions": { sessions: [], next_page_token: null } });
  renderScreen(<LiveScreen />);
  await screen.findByRole("heading", { name: "No active attendance sessions" });
  expect(screen.getByText(/The next class is Geometry workshop at 18:14/)).toBeDefined();
});

test("without a live connection the page says that it asks every few seconds", async () => {
  apiAnswers();
  renderScreen(<LiveScreen />);
  await screen.findByText("Polling");
  expect(screen.getByText("No live connection; read every 5 s.")).toBeDefined();
});

test("a refusal is shown in the API's own words, with the request's id", async () => {
  const refusal = { title: "Temporarily unavailable", status: 503, detail: "The store is away; try again.", request_id: "r-17" };
  apiAnswers({ "GET /api/monitoring/active-sessions": new Refused(503, refusal) });
  renderScreen(<LiveScreen />);
  const told = within(await screen.findByRole("alert"));
  expect(told.getByText("The store is away; try again.")).toBeDefined();
  expect(told.getByText(/r-17/)).toBeDefined();
  expect(told.getByRole("button", { name: "Try again" })).toBeDefined();
});

test("no network is told as such, and not as nobody being there", async () => {
  apiAnswers({ "GET /api/monitoring/active-sessions": new TypeError("Failed to fetch") });
  renderScreen(<LiveScreen />);
  expect(await screen.findByText("Rollcall cannot be reached")).toBeDefined();
  expect(screen.queryByText("No active attendance sessions")).toBeNull();
  expect(screen.queryByText(/no class is on/)).toBeNull();
  expect(screen.getByText("Stale")).toBeDefined();
});
