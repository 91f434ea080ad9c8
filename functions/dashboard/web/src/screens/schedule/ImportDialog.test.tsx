import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { apiAnswers, renderScreen } from "../../testing/api";
import { ImportDialog } from "./ImportDialog";

// Dialogs take their time in jsdom where many tests share a core.
vi.setConfig({ testTimeout: 20_000 });
afterEach(cleanup);

const IMPORT = "POST /api/schedule/import";
const CLASS = {
  row: 2,
  class_id: null,
  series_id: null,
  session_id: null,
  teacher_email: "ada@school.example",
  subject: "Algebra",
  start_time: "2030-12-02T15:00:00Z",
  end_time: "2030-12-02T16:00:00Z",
  meet_link: null,
};
const TABLE = "teacher_email,subject,start_time,duration_minutes\nada@school.example,Algebra,2030-12-02 16:00,60\n";

function dryRun(errors: unknown[]) {
  return { dry_run: true, booked: 0, classes: errors.length === 0 ? [CLASS] : [], errors };
}

async function pasted(onBooked = vi.fn()) {
  renderScreen(<ImportDialog onClose={vi.fn()} onBooked={onBooked} />);
  const user = userEvent.setup();
  await user.click(screen.getByLabelText("Or paste the table"));
  await user.paste(TABLE);
  await user.click(screen.getByRole("button", { name: "Check the table" }));
  return user;
}

test("a mistake stands at its row and its cell, and the row is mended there", async () => {
  const wrong = { row: 2, field: "start_time", message: "The time says no zone.", conflict: false };
  const answers = { [IMPORT]: dryRun([wrong]) };
  const asked = apiAnswers(answers);
  const user = await pasted();
  const told = await screen.findByText(/The time says no zone/);
  const cell = screen.getByLabelText("Row 2, start_time");
  expect(cell.getAttribute("aria-invalid")).toBe("true");
  expect(cell.getAttribute("aria-describedby")).toBe(told.closest("td")?.id);
  await user.clear(cell);
  await user.paste("2030-12-02T15:00:00Z");
  apiAnswers({ [IMPORT]: dryRun([]) });
  await user.click(screen.getByRole("button", { name: "Check again" }));
  await screen.findByRole("button", { name: "Book 1 class" });
  expect(asked.every(({ body }) => body === null || (body as { dry_run: boolean }).dry_run)).toBe(true);
});

test("two classes at once are booked only where the reader chooses so", async () => {
  const wrong = { row: 2, field: "start_time", message: "Already booked at that time.", conflict: true };
  apiAnswers({ [IMPORT]: dryRun([wrong]) });
  const user = await pasted();
  const choice = await screen.findByRole("checkbox");
  const asked = apiAnswers({ [IMPORT]: dryRun([]) });
  await user.click(choice);
  await screen.findByRole("button", { name: "Book 1 class" });
  expect(asked.at(-1)?.body).toMatchObject({ allow_conflicts: true, dry_run: true });
});

test("a table that is sent again after a lost answer carries the same key", async () => {
  apiAnswers({ [IMPORT]: dryRun([]) });
  const onBooked = vi.fn();
  const user = await pasted(onBooked);
  const book = await screen.findByRole("button", { name: "Book 1 class" });
  const keys: (string | null)[] = [];
  const answers = [
    () => Promise.reject(new TypeError("lost")),
    () => Promise.resolve(Response.json({ ...dryRun([]), booked: 1 })),
  ];
  vi.spyOn(window, "fetch").mockImplementation(async (input) => {
    const request = input as Request;
    if (!request.url.endsWith("/import")) return Response.json({});
    keys.push(request.headers.get("Idempotency-Key"));
    return (answers.shift() ?? (() => Promise.reject(new Error("too often"))))();
  });
  await user.click(book);
  await screen.findByRole("alert");
  await user.click(screen.getByRole("button", { name: "Book 1 class" }));
  await waitFor(() => {
    expect(onBooked).toHaveBeenCalledOnce();
  });
  expect(keys[0]).toBeTruthy();
  expect(keys[0]).toBe(keys[1]);
});
