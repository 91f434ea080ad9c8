import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import review from "../../testing/review.json";
import ReviewScreen from "./ReviewScreen";

afterEach(cleanup);

const [first, second] = review.items;
const suggestion = { email: "omar@school.example", name: "Omar Nasser", likeness: 83, reasons: ["enrolled in the course"] };
const suggested = { ...review, items: [{ ...first, suggestions: [suggestion] }, second] };
const decided = { success: true, card: first, participant: null, remembered: true, refreshed: 0, leftOut: 0 };
const DECIDE = `POST /api/attendance-tracker/review/${first?.id ?? ""}`;

test("a suggestion is confirmed by its number, and remembered", async () => {
  const asked = apiAnswers({ "GET /api/attendance-tracker/review": suggested, [DECIDE]: decided });
  renderScreen(<ReviewScreen />);
  await screen.findByRole("button", { name: "It is Omar Nasser" });
  await userEvent.keyboard("1");
  await screen.findByText(/^Decided:/);
  expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
    decision: "confirm",
    email: suggestion.email,
    remember: true,
  });
});

test("keys act on the marked card, and J marks the next", async () => {
  const asked = apiAnswers({ "GET /api/attendance-tracker/review": suggested });
  renderScreen(<ReviewScreen />);
  await screen.findByRole("button", { name: "It is Omar Nasser" });
  await userEvent.keyboard("jg");
  await waitFor(() => {
    expect(asked.find(({ method }) => method === "POST")?.path).toContain(second?.id);
  });
});

test("a key that is typed into a field decides nothing", async () => {
  const asked = apiAnswers();
  renderScreen(<ReviewScreen />);
  const [choice] = await screen.findAllByRole("combobox");
  choice?.focus();
  await userEvent.keyboard("g");
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});

test("a refusal is told, and the card is there again", async () => {
  apiAnswers({ [DECIDE]: new Refused(409, { title: "Decided already", status: 409, detail: "Somebody else was quicker." }) });
  renderScreen(<ReviewScreen />);
  await screen.findAllByRole("article");
  await userEvent.keyboard("d");
  await screen.findByText(/Somebody else was quicker/);
  expect(await screen.findAllByRole("article")).toHaveLength(review.items.length);
});

test("an empty queue says so", async () => {
  apiAnswers({ "GET /api/attendance-tracker/review": { ...review, items: [] } });
  renderScreen(<ReviewScreen />);
  expect(await screen.findByText("Nothing to decide")).toBeDefined();
});

test("a key that is held down is not a decision about each card that comes up", async () => {
  const asked = apiAnswers();
  renderScreen(<ReviewScreen />);
  await screen.findAllByRole("article");
  fireEvent.keyDown(window, { key: "d", repeat: true });
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});
