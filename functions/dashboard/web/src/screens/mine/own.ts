import { queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { everyPage } from "../../api/pages";
import { daysLater } from "../../time/format";

export type OwnRow = Schemas["LogRow"];

const DAYS = 90;

/** What the directory has of whoever is signed in: also whose guardian they are. */
export const aboutMe = queryOptions({
  queryKey: ["me"],
  queryFn: () => answered(api.GET("/api/people/me")),
  staleTime: 5 * 60_000,
});

/** The attendance of one student in the last weeks, whom the API lets the caller see: themselves, or a student of theirs. */
export function attendanceOf(email: string, zone: string) {
  return queryOptions({
    queryKey: ["logs", "mine", email],
    queryFn: async () => {
      const from = daysLater(new Date(), -DAYS, zone).toISOString();
      const { pages, isCut } = await everyPage((page_token) =>
        answered(
          api.GET("/api/monitoring/attendance-logs", {
            params: { query: { from, student_email: email, limit: 500, ...(page_token ? { page_token } : {}) } },
          }),
        ),
      );
      return { rows: pages.flatMap((page) => page.logs).filter(({ role }) => role === "student"), isCut };
    },
  });
}

const CAME = new Set(["present", "late", "left_early", "partial"]);

/** In how many of the classes that count somebody was, and how many nobody has decided yet. */
export function sumOf(rows: readonly OwnRow[]): { came: number; counted: number; open: number } {
  const open = rows.filter(({ status }) => status === "unknown").length;
  const counted = rows.filter(({ status }) => status !== "unknown" && status !== "excused");
  return { came: counted.filter(({ status }) => CAME.has(status)).length, counted: counted.length, open };
}
