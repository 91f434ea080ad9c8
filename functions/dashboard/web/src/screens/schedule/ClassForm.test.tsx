import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { apiAnswers, Refused, renderScreen } from "../../testing/api";
import classes from "../../testing/classes.json";
import { ClassForm } from "./ClassForm";

afterEach(cleanup);

const BOOK = "POST /api/schedule/class";
const [booked] = classes.classes;

async function fillIn() {
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Subject"), "Algebra");
  await user.type(screen.getByLabelText("Teacher's e-mail"), "ada@school.example");
  await user.click(screen.getByRole("button", { name: "Book a class" }));
  return user;
}

test("what the API refuses stands beside the field that it names", async () => {
  const errors = [{ field: "student_emails.2", message: "Write an address like ada@school.example." }];
  apiAnswers({ [BOOK]: new Refused(422, { title: "Bad input", status: 422, detail: "1 field", errors }) });
  renderScreen(<ClassForm changed={null} onDone={vi.fn()} />);
  await fillIn();
  const wrong = await screen.findByText("Write an address like ada@school.example.");
  expect(screen.getByLabelText("Students' e-mails").getAttribute("aria-describedby")).toContain(wrong.id);
  expect(screen.getByLabelText("Students' e-mails").getAttribute("aria-invalid")).toBe("true");
});

test("a double booking can be wanted, and is asked for by another key", async () => {
  const refusal = { title: "Double booking", status: 409, detail: "Ada teaches then.", class_ids: ["c"] };
  const asked = apiAnswers({ [BOOK]: new Refused(409, refusal) });
  renderScreen(<ClassForm changed={null} onDone={vi.fn()} />);
  const user = await fillIn();
  await user.click(await screen.findByRole("button", { name: "Go ahead all the same" }));
  await waitFor(() => {
    expect(
      asked.filter(({ method }) => method === "POST").map(({ body }) => (body as { allow_conflicts: boolean }).allow_conflicts),
    ).toEqual([false, true]);
  });
});

test("a form that is sent twice carries one key, so that it books once", async () => {
  const onBooked = vi.fn();
  apiAnswers({ [BOOK]: { ...booked, classes: [booked] } });
  renderScreen(<ClassForm changed={null} onDone={vi.fn()} onBooked={onBooked} />);
  await fillIn();
  await waitFor(() => {
    expect(onBooked).toHaveBeenCalledOnce();
  });
});

test("what has to be filled in is said without asking the API", async () => {
  const asked = apiAnswers();
  renderScreen(<ClassForm changed={null} onDone={vi.fn()} />);
  await userEvent.click(screen.getByRole("button", { name: "Book a class" }));
  expect(await screen.findAllByText("Fill this in.")).toHaveLength(2);
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});

test("somebody of the directory is added by choosing, and nobody twice", async () => {
  const student = { email: "ben@school.example", firstName: "Ben", lastName: "Baker" };
  apiAnswers({ "GET /api/attendance-tracker/students": { students: [student], next_page_token: null } });
  renderScreen(<ClassForm changed={null} onDone={vi.fn()} />);
  const user = userEvent.setup();
  const add = await screen.findByLabelText("Add somebody from the directory");
  for (const typed of ["ben@school.example", "ben@school.example"]) await user.type(add, typed);
  expect(screen.getByLabelText<HTMLTextAreaElement>("Students' e-mails").value).toBe("ben@school.example");
  expect((add as HTMLInputElement).value).toBe("");
});
