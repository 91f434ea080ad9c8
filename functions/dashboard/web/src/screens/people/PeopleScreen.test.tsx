import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import { ClassroomDialog } from "./ClassroomDialog";
import PeopleScreen from "./PeopleScreen";

// Dialogs take their time in jsdom where many tests share a core.
vi.setConfig({ testTimeout: 20_000 });
afterEach(cleanup);

const STUDENTS = "GET /api/attendance-tracker/students";
const GUARDIANS = { "GET /api/people/guardians": { success: true, people: [], next_page_token: null } };

function many(count: number) {
  const students = Array.from({ length: count }, (_, at) => ({
    person_id: `p${String(at)}`,
    studentId: null,
    email: `s${String(at).padStart(3, "0")}@school.example`,
    firstName: null,
    lastName: null,
    department: null,
    guardianEmails: [],
    access: null,
  }));
  return { success: true, students, next_page_token: null };
}

test("a long list is shown page by page, and looking for somebody begins at the first", async () => {
  apiAnswers({ ...GUARDIANS, [STUDENTS]: many(60) });
  renderScreen(<PeopleScreen />, "/people");
  await screen.findByText("1–50 of 60");
  await userEvent.click(screen.getByText("After"));
  await screen.findByText("51–60 of 60");
  await userEvent.click(screen.getByLabelText("Find"));
  await userEvent.paste("s00");
  expect(await screen.findAllByText("s001@school.example")).not.toHaveLength(0);
  expect(screen.queryByText("s055@school.example")).toBeNull();
});

test("what it means to remove somebody is said before, and only then it is done", async () => {
  const asked = apiAnswers({
    ...GUARDIANS,
    [STUDENTS]: many(1),
    "DELETE /api/attendance-tracker/students/s000@school.example": {},
  });
  renderScreen(<PeopleScreen />, "/people");
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "s000@school.example" }));
  await user.click(await screen.findByRole("button", { name: "Remove" }));
  await screen.findByText(/Their attendance, their classes and their bills stay/);
  expect(asked.some(({ method }) => method === "DELETE")).toBe(false);
  await user.click(screen.getByRole("button", { name: "Remove s000@school.example" }));
  await screen.findByText("s000@school.example is removed.");
});

test("a teacher sees the lists and is offered nothing that only an administrator may do", async () => {
  apiAnswers({ ...GUARDIANS, [STUDENTS]: many(1) });
  renderScreen(<PeopleScreen />, "/people", "teacher");
  await screen.findByRole("button", { name: "s000@school.example" });
  expect(screen.queryByRole("button", { name: "Enter a student" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Import CSV" })).toBeNull();
});

test("where Classroom is not connected it says so, and what to do", async () => {
  const refusal = { title: "No valid credentials found", status: 502, detail: "Run the consent flow as that person." };
  apiAnswers({ "GET /api/people/classroom-courses": new Refused(502, refusal) });
  renderScreen(<ClassroomDialog onClose={vi.fn()} onTold={vi.fn()} />, "/", "teacher");
  await userEvent.click(screen.getByRole("button", { name: "Show the courses" }));
  await screen.findByText(/Google Classroom could not be read/);
  await screen.findByText(/Run the consent flow as that person/);
  await screen.findByText(/An administrator connects it once/);
});
