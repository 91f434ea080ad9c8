import { expect, test } from "vitest";

import { fieldsOf, NOTHING, personBody, studentBody } from "./enter";

const BEN = { email: "ben@school.example", name: "Ben Baker", first: "Ben", last: "Baker", department: "7b", studentNumber: 12 };

test("a field that is emptied takes away what was there", () => {
  const fields = { ...NOTHING, ...fieldsOf({ ...BEN, guardians: ["mum@home.example"], access: null }) };
  expect(studentBody({ ...fields, last: " ", number: "", guardians: "" })).toEqual({
    firstName: "Ben",
    lastName: null,
    department: "7b",
    studentId: null,
    guardianEmails: [],
  });
  expect(studentBody(fields)).toMatchObject({ studentId: 12, guardianEmails: ["mum@home.example"] });
});

test("what a teacher may do is named only where it changes", () => {
  const before = { access: "teacher" };
  expect(personBody({ ...NOTHING, access: "teacher" }, before)).not.toHaveProperty("access");
  expect(personBody({ ...NOTHING, access: "user" }, before)).toMatchObject({ access: "user" });
  expect(personBody({ ...NOTHING, access: "" }, before)).toMatchObject({ access: null });
});
