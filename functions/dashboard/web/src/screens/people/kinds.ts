import { useQueryClient } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";

export type PersonKind = "student" | "teacher" | "guardian";
export type Entered = PersonKind | "course";
export type ListName = "students" | "teachers" | "guardians" | "courses";

export const LIST_OF: Readonly<Record<Entered, ListName>> = {
  student: "students",
  teacher: "teachers",
  guardian: "guardians",
  course: "courses",
};

/** Somebody of the directory, whatever they are in it. */
export interface Someone {
  email: string;
  name: string;
  first: string;
  last: string;
  department: string;
  studentNumber: number | null;
  guardians: readonly string[];
  access: string | null;
}

export function studentOf(one: Schemas["StudentEntry"]): Someone {
  const [first, last] = [one.firstName ?? "", one.lastName ?? ""];
  return {
    email: one.email,
    name: [first, last].filter(Boolean).join(" "),
    first,
    last,
    department: one.department ?? "",
    studentNumber: one.studentId,
    guardians: one.guardianEmails,
    access: one.access,
  };
}

export function personOf(one: Schemas["PersonEntry"]): Someone {
  const [first, last] = [one.first_name ?? "", one.last_name ?? ""];
  return {
    email: one.email,
    name: [first, last].filter(Boolean).join(" "),
    first,
    last,
    department: one.department ?? "",
    studentNumber: null,
    guardians: [],
    access: one.access,
  };
}

/** Whether somebody is meant by what is looked for. */
export function isMeant(one: Someone, text: string): boolean {
  return `${one.name} ${one.email} ${one.department} ${String(one.studentNumber ?? "")}`.toLowerCase().includes(text);
}

/** Somebody's name where they have one. */
export function calledOf(one: Someone): string {
  return one.name || one.email;
}

/** Whatever was read of the directory is read again. */
export function useDirectoryChanged(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(Object.values(LIST_OF).map((name) => client.invalidateQueries({ queryKey: [name] })));
  };
}

/** Take somebody's role away, or delete a course. */
export async function remove(kind: Entered, id: string): Promise<unknown> {
  switch (kind) {
    case "student":
      return answered(api.DELETE("/api/attendance-tracker/students/{student}", { params: { path: { student: id } } }));
    case "teacher":
      return answered(api.DELETE("/api/people/teachers/{email}", { params: { path: { email: id } } }));
    case "guardian":
      return answered(api.DELETE("/api/people/guardians/{email}", { params: { path: { email: id } } }));
    case "course":
      return answered(api.DELETE("/api/people/courses/{course_id}", { params: { path: { course_id: id } } }));
  }
}
