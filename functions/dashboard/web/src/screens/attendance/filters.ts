import { useSearchParams } from "react-router";

import type { Schemas } from "../../api/client";
import { dateField, daysLater, instantOf } from "../../time/format";
import { useZone } from "../../time/zone";
import { words } from "../../words";

/** What the attendance screens can be narrowed down by; all of it stands in the address, so that it can be sent to somebody. */
export interface Filters {
  from: string;
  to: string;
  teacher: string;
  student: string;
  course: string;
  status: string;
}

const NAMES = ["from", "to", "teacher", "student", "course", "status"] as const;

/** The filters of the address, and a way to set one. Without dates it is the last week, today included. */
export function useFilters(days: number) {
  const zone = useZone();
  const [search, setSearch] = useSearchParams();
  const usual: Filters = {
    from: dateField(daysLater(new Date(), 1 - days, zone), zone),
    to: dateField(new Date(), zone),
    teacher: "",
    student: "",
    course: "",
    status: "",
  };
  const filters = { ...usual };
  for (const name of NAMES) filters[name] = search.get(name) ?? usual[name];
  const set = (name: keyof Filters, value: string): void => {
    setSearch(
      (before) => {
        if (value === "" || value === usual[name]) before.delete(name);
        else before.set(name, value);
        return before;
      },
      // A choice can be gone back from; a date is changed figure by figure.
      { replace: name === "from" || name === "to" },
    );
  };
  return { filters, set };
}

type Verdict = Schemas["LogRow"]["status"];

function isVerdict(status: string): status is Verdict {
  return Object.hasOwn(words.status, status);
}

/** The filters as the API takes them: from the first day's midnight to the one after the last day. */
export function queryOf(filters: Filters, zone: string) {
  const from = instantOf(filters.from, "00:00", zone);
  const last = instantOf(filters.to, "00:00", zone);
  return {
    ...(from ? { from: from.toISOString() } : {}),
    ...(last ? { to: daysLater(last, 1, zone).toISOString() } : {}),
    ...(filters.teacher === "" ? {} : { teacher_email: filters.teacher }),
    ...(filters.student === "" ? {} : { student_email: filters.student }),
    ...(filters.course === "" ? {} : { course_id: filters.course }),
    ...(isVerdict(filters.status) ? { status: filters.status } : {}),
  };
}
