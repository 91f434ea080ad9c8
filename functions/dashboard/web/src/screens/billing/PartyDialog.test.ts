import { expect, test } from "vitest";

import { partyOf } from "./PartyDialog";

const typed = { email: "m@school.example", name: " ", currency: "EUR", students: "", address: "", dueDays: 14 };

test("what is left open is nothing", () => {
  expect(partyOf(typed)).toEqual({ currency: "EUR", name: null, postal_address: null, students: [], due_days: 14 });
});

test("the lines of an address are parted by commas, each once", () => {
  expect(partyOf({ ...typed, address: "12 High Street,\n\n 10115 Berlin\n" }).postal_address).toBe(
    "12 High Street, 10115 Berlin",
  );
});

test("students keep their order, since the first one pays in full", () => {
  expect(partyOf({ ...typed, students: "b@x.example\na@x.example\nb@x.example" }).students).toEqual([
    "b@x.example",
    "a@x.example",
  ]);
});
