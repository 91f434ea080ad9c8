import { answered, api } from "../../api/client";
import { addressesOf } from "../schedule/classForm";
import type { Entered, PersonKind, Someone } from "./kinds";

/** What is typed; addresses stand one per line. */
export interface Fields {
  email: string;
  first: string;
  last: string;
  department: string;
  number: string;
  access: string;
  guardians: string;
  id: string;
  name: string;
  teachers: string;
  students: string;
}

export const NOTHING: Fields = {
  email: "",
  first: "",
  last: "",
  department: "",
  number: "",
  access: "",
  guardians: "",
  id: "",
  name: "",
  teachers: "",
  students: "",
};

/** The fields of somebody who is known. */
export function fieldsOf(one: Someone): Partial<Fields> {
  return {
    email: one.email,
    first: one.first,
    last: one.last,
    department: one.department,
    number: one.studentNumber === null ? "" : String(one.studentNumber),
    access: one.access ?? "",
    guardians: one.guardians.join("\n"),
  };
}

const ACCESSES = ["user", "teacher", "admin"] as const;

/** What is asked of the API about a student: an emptied field takes away what was there. */
export function studentBody(fields: Fields) {
  return {
    firstName: given(fields.first),
    lastName: given(fields.last),
    department: given(fields.department),
    studentId: fields.number.trim() === "" ? null : Number(fields.number),
    guardianEmails: addressesOf(fields.guardians),
  };
}

/** The same of a teacher or guardian; what they may do is named only where it is another than it was. */
export function personBody(fields: Fields, before: Partial<Fields>) {
  const access = ACCESSES.find((each) => each === fields.access) ?? null;
  return {
    first_name: given(fields.first),
    last_name: given(fields.last),
    department: given(fields.department),
    ...(fields.access === (before.access ?? "") ? {} : { access }),
  };
}

function given(text: string): string | null {
  return text.trim() === "" ? null : text.trim();
}

/** Enter somebody or a course, or change what is known. */
export async function enter(kind: Entered, fields: Fields, before: Partial<Fields>): Promise<unknown> {
  if (kind !== "course") return enterPerson(kind, fields, before);
  const body = {
    name: fields.name.trim(),
    teacher_emails: addressesOf(fields.teachers),
    student_emails: addressesOf(fields.students),
  };
  return answered(api.PUT("/api/people/courses/{course_id}", { params: { path: { course_id: fields.id.trim() } }, body }));
}

async function enterPerson(kind: PersonKind, fields: Fields, before: Partial<Fields>): Promise<unknown> {
  const email = fields.email.trim();
  if (kind === "student") {
    const body = studentBody(fields);
    return answered(api.PUT("/api/attendance-tracker/students/{student}", { params: { path: { student: email } }, body }));
  }
  const params = { path: { email } };
  const body = personBody(fields, before);
  return kind === "teacher"
    ? answered(api.PUT("/api/people/teachers/{email}", { params, body }))
    : answered(api.PUT("/api/people/guardians/{email}", { params, body }));
}
