import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { daysLater } from "../../time/format";

export type By = "student" | "course" | "teacher";
export type WarningState = "standing" | "ended" | "";
export type StudentTotal = Schemas["StudentRow"];
export type CourseTotal = Schemas["CourseRow"];
export type TeacherTotal = Schemas["TeacherRow"];

/** What the API adds up over some time. */
export function totalsOf(by: By, query: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ["totals", by, query],
    queryFn: async () =>
      (await answered(api.GET("/api/attendance-tracker/totals", { params: { query: { ...query, by } } }))).totals,
  });
}

/** Warnings, the last raised first. */
export function warningsOf(state: WarningState, query: Readonly<Record<string, string>>) {
  return infiniteQueryOptions({
    queryKey: ["warnings", state, query],
    initialPageParam: "",
    queryFn: ({ pageParam }) =>
      answered(
        api.GET("/api/attendance-tracker/warnings", {
          params: {
            query: { ...query, ...(state === "" ? {} : { state }), ...(pageParam === "" ? {} : { page_token: pageParam }) },
          },
        }),
      ),
    getNextPageParam: (page) => page.next_page_token ?? undefined,
  });
}

/** Somebody's standing excuses from now on. */
export function excusesOf(email: string) {
  return queryOptions({
    queryKey: ["excuses", email],
    enabled: email !== "",
    queryFn: async () => (await answered(api.GET("/api/attendance-tracker/excuses", { params: { query: { email } } }))).excuses,
  });
}

const AHEAD_DAYS = 56;

/** The classes of a student in the next eight weeks, from which they can be excused. */
export function classesAhead(email: string, now: number, zone: string) {
  const query = { student_email: email, from: new Date(now).toISOString(), to: daysLater(now, AHEAD_DAYS, zone).toISOString() };
  return queryOptions({
    queryKey: ["classes", "ahead", email],
    enabled: email !== "",
    queryFn: async () =>
      (await answered(api.GET("/api/schedule/classes", { params: { query: { ...query, status: "scheduled", limit: 500 } } })))
        .classes,
  });
}
