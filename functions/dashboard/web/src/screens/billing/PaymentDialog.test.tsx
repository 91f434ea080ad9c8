import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";

import { officeAnswers, renderOffice, Replied } from "./office.testing";
import { PaymentDialog } from "./PaymentDialog";

afterEach(cleanup);

const RECORD = "POST /api/billing/payments";
const MARIA = "maria.hofmann@school.example";
const FAILED = new Replied(503, { title: "Try again", status: 503, detail: "The store did not answer." });

async function typed(amount: string) {
  const user = userEvent.setup();
  await screen.findByRole("option", { name: "Maria Hofmann", hidden: true });
  await user.type(screen.getByLabelText("Party"), MARIA);
  await user.type(screen.getByLabelText("Amount"), amount);
  return user;
}

const send = (user: ReturnType<typeof userEvent.setup>) => user.click(screen.getByRole("button", { name: "Record a payment" }));

test("a payment that is sent again after a failure carries the same key, so that it counts once", async () => {
  const asked = officeAnswers({ [RECORD]: FAILED });
  renderOffice(<PaymentDialog party={null} onClose={vi.fn()} />);
  const user = await typed("12.50");
  await send(user);
  await screen.findByRole("alert");
  await send(user);
  await waitFor(() => {
    expect(asked.filter(({ method }) => method === "POST")).toHaveLength(2);
  });
  const [first, second] = asked.filter(({ method }) => method === "POST");
  expect(first?.key).toBeTruthy();
  expect(second?.key).toBe(first?.key);
  expect(first?.body).toEqual({ party: MARIA, amount: { amount_minor: 1250, currency: "EUR" }, method: "bank" });
});

test("another form has another key", async () => {
  const asked = officeAnswers({ [RECORD]: FAILED });
  for (const amount of ["1", "1"]) {
    renderOffice(<PaymentDialog party={null} onClose={vi.fn()} />);
    await send(await typed(amount));
    await screen.findByRole("alert");
    cleanup();
  }
  const keys = asked.filter(({ method }) => method === "POST").map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
});

test("what was paid back goes the other way", async () => {
  const asked = officeAnswers({ [RECORD]: { payment: {} } });
  const onClose = vi.fn();
  renderOffice(<PaymentDialog party={null} onClose={onClose} />);
  const user = await typed("3,05");
  await user.selectOptions(screen.getByLabelText("Direction"), "out");
  await send(user);
  await waitFor(() => {
    expect(onClose).toHaveBeenCalledOnce();
  });
  expect(asked.find(({ method }) => method === "POST")?.body).toMatchObject({ amount: { amount_minor: -305, currency: "EUR" } });
});

test.each([
  ["12.345", "EUR has 2 digits after the point."],
  ["1,234.50", "Write a number like 1234.50, with one point or comma."],
  ["0", "Write more than nothing."],
  ["-5", "Write more than nothing."],
])("%s is not sent, and why stands beside it", async (amount, why) => {
  const asked = officeAnswers({ [RECORD]: FAILED });
  renderOffice(<PaymentDialog party={null} onClose={vi.fn()} />);
  await send(await typed(amount));
  const wrong = await screen.findByText(why);
  expect(screen.getByLabelText("Amount").getAttribute("aria-describedby")).toContain(wrong.id);
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
});

test("choosing an open document brings what is open of it", async () => {
  officeAnswers();
  renderOffice(<PaymentDialog party="cleo.clark@school.example" onClose={vi.fn()} />);
  await screen.findAllByText(/^9\.28 EUR$/);
  await userEvent.type(screen.getByLabelText("For"), "INV-000005");
  expect(screen.getByLabelText<HTMLInputElement>("Amount").value).toBe("9.28");
  expect(screen.getByLabelText<HTMLInputElement>("Currency").value).toBe("EUR");
});
