import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import sessionOver from "../../testing/session-over.json";
import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import MineScreen from "./MineScreen";
import { sumOf, type OwnRow } from "./own";

const [row] = sessionOver.participants;
const student = { email: "cleo@school.example", firstName: "Cleo", lastName: "Clark" };
const me = {
  success: true,
  email: "user@school.example",
  role: "user",
  person: null,
  student: null,
  courses: [],
  guardian_of: [],
};
const ME = "GET /api/people/me";
const LOGS = "GET /api/monitoring/attendance-logs";

function rows(...statuses: string[]) {
  const logs = statuses.map((status, number) => ({
    ...row,
    session_id: String(number),
    role: "student",
    status,
    override: null,
  }));
  return { logs, next_page_token: null };
}

function askedFor(asked: ReturnType<typeof apiAnswers>): (string | null)[] {
  return asked.filter(({ path }) => path.endsWith("attendance-logs")).map(({ query }) => query.get("student_email"));
}

afterEach(cleanup);

test("students see their own attendance and are asked for no other", async () => {
  const asked = apiAnswers({
    [ME]: { ...me, student: { ...student, email: me.email } },
    [LOGS]: rows("present", "absent", "unknown"),
  });
  renderScreen(<MineScreen />, "/mine", "user");
  await screen.findByText("In 1 of 2 classes.");
  expect(screen.getByText("1 not decided yet.")).toBeDefined();
  expect(askedFor(asked)).toEqual(["user@school.example"]);
  expect(screen.queryByLabelText("Whose")).toBeNull();
});

test("a guardian of two chooses whose attendance it is", async () => {
  const dan = { email: "dan@school.example", firstName: "Dan", lastName: "Drew" };
  const asked = apiAnswers({ [ME]: { ...me, guardian_of: [student, dan] }, [LOGS]: rows("late") });
  renderScreen(<MineScreen />, "/mine", "user");
  await screen.findByRole("heading", { level: 1, name: "Attendance of Cleo Clark" });
  fireEvent.change(await screen.findByLabelText("Whose"), { target: { value: dan.email } });
  await screen.findByRole("heading", { level: 1, name: "Attendance of Dan Drew" });
  await screen.findByText("In 1 of 1 classes.");
  expect(askedFor(asked)).toEqual([student.email, dan.email]);
});

test("whoever has no class yet is told so, and a refusal is told as such", async () => {
  apiAnswers({ [ME]: me, [LOGS]: rows() });
  renderScreen(<MineScreen />, "/mine", "user");
  await screen.findByRole("heading", { name: "No classes yet" });
  cleanup();
  apiAnswers({ [ME]: me, [LOGS]: new Refused(503, { title: "Temporarily unavailable", status: 503, detail: "Try again." }) });
  renderScreen(<MineScreen />, "/mine", "user");
  await screen.findByRole("heading", { name: "Temporarily unavailable" });
});

test("what nobody decided and what is excused counts neither for nor against somebody", () => {
  const statuses = ["present", "late", "absent", "excused", "unknown"];
  expect(sumOf(statuses.map((status) => ({ status }) as OwnRow))).toEqual({ came: 2, counted: 3, open: 1 });
});
