import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { answered, api, type Schemas } from "../api/client";
import { everyPage } from "../api/pages";
import { useSession } from "../auth/session";

const KEPT_MS = 5 * 60_000;

/** The students that the caller may see. */
export const students = queryOptions({
  queryKey: ["students"],
  queryFn: async (): Promise<Schemas["StudentEntry"][]> => {
    const { pages } = await everyPage((page_token) =>
      answered(
        api.GET("/api/attendance-tracker/students", { params: { query: { limit: 500, ...(page_token ? { page_token } : {}) } } }),
      ),
    );
    return pages.flatMap((page) => page.students);
  },
  staleTime: KEPT_MS,
});

/** The teachers that the caller may see. */
export const teachers = queryOptions({
  queryKey: ["teachers"],
  queryFn: async (): Promise<Schemas["PersonEntry"][]> => {
    const { pages } = await everyPage((page_token) =>
      answered(api.GET("/api/people/teachers", { params: { query: { limit: 500, ...(page_token ? { page_token } : {}) } } })),
    );
    return pages.flatMap((page) => page.people);
  },
  staleTime: KEPT_MS,
});

/** The guardians that the caller may see. */
export const guardians = queryOptions({
  queryKey: ["guardians"],
  queryFn: async (): Promise<Schemas["PersonEntry"][]> => {
    const { pages } = await everyPage((page_token) =>
      answered(api.GET("/api/people/guardians", { params: { query: { limit: 500, ...(page_token ? { page_token } : {}) } } })),
    );
    return pages.flatMap((page) => page.people);
  },
  staleTime: KEPT_MS,
});

/** The courses that the caller may see. */
export const courses = queryOptions({
  queryKey: ["courses"],
  queryFn: async (): Promise<Schemas["CourseEntry"][]> => {
    const { pages } = await everyPage((page_token) =>
      answered(api.GET("/api/people/courses", { params: { query: { limit: 500, ...(page_token ? { page_token } : {}) } } })),
    );
    return pages.flatMap((page) => page.courses);
  },
  staleTime: KEPT_MS,
});

/** What somebody is called, by their address. */
export type NameOf = (email: string) => string;

/** The names of the directory; an address that it does not know stands for itself, up to its `@`. */
export function useNames(): NameOf {
  const isStaff = useSession()?.role !== "user";
  const known = useQuery({ ...students, enabled: isStaff }).data;
  const staff = useQuery({ ...teachers, enabled: isStaff }).data;
  return useMemo(() => {
    const names = new Map<string, string>();
    for (const { email, first_name, last_name } of staff ?? []) remember(names, email, first_name, last_name);
    for (const { email, firstName, lastName } of known ?? []) remember(names, email, firstName, lastName);
    return (email) => names.get(email) ?? email.split("@")[0] ?? email;
  }, [known, staff]);
}

function remember(names: Map<string, string>, email: string, first: string | null, last: string | null): void {
  const name = fullName(first, last);
  if (name !== "") names.set(email, name);
}

/** First and last name as one; empty where neither is known. */
export function fullName(first: string | null, last: string | null): string {
  return [first, last].filter(Boolean).join(" ");
}
