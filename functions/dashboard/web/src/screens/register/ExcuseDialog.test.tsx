import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import students from "../../testing/students.json";
import { ExcuseDialog } from "./ExcuseDialog";

// Dialogs take their time in jsdom where many tests share a core.
vi.setConfig({ testTimeout: 20_000 });
afterEach(cleanup);

const EXCUSE = "POST /api/attendance-tracker/excuses";
const EMAIL = students.students[0]?.email ?? "";

async function overSomeDays() {
  const told = vi.fn();
  renderScreen(<ExcuseDialog student={EMAIL} onClose={vi.fn()} onTold={told} />);
  const user = userEvent.setup();
  await user.click(screen.getByLabelText("All classes of some days"));
  await user.click(screen.getByLabelText("Reason"));
  await user.paste("a journey");
  return { told, user };
}

test("nothing is asked before it is said why", async () => {
  const asked = apiAnswers();
  renderScreen(<ExcuseDialog student={EMAIL} onClose={vi.fn()} onTold={vi.fn()} />);
  await userEvent.click(screen.getByRole("button", { name: "Excuse" }));
  expect(await screen.findAllByText("Fill this in.")).toHaveLength(2);
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});

test("classes that had begun are told, for an excuse does not reach them", async () => {
  apiAnswers({ [EXCUSE]: { success: true, excuses: [{}, {}], classesBegun: 1 } });
  const { told, user } = await overSomeDays();
  await user.click(screen.getByRole("button", { name: "Excuse" }));
  await waitFor(() => {
    expect(told).toHaveBeenCalledOnce();
  });
  expect(told.mock.calls[0]?.[0]).toMatch(/is excused from 2 classes\. 1 class of that time had begun already/);
});

test("a refusal stays in the dialog, in the API's own words", async () => {
  apiAnswers({ [EXCUSE]: new Refused(409, { title: "Too late", status: 409, detail: "Every class of that time has begun." }) });
  const { told, user } = await overSomeDays();
  await user.click(screen.getByRole("button", { name: "Excuse" }));
  await screen.findByText(/Every class of that time has begun/);
  expect(told).not.toHaveBeenCalled();
});
