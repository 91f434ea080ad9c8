import type { Schemas } from "../../api/client";
import { daysLater, instantOf } from "../../time/format";
import { excuses } from "./words";

/** What is typed to excuse somebody. */
export interface ExcuseFields {
  email: string;
  is: "class" | "time";
  classId: string;
  first: string;
  last: string;
  reason: string;
}

/** What has to be filled in or mended before the API is asked, by field. */
export function mistakesOf(fields: ExcuseFields): Partial<Record<keyof ExcuseFields, string>> {
  const needed: (keyof ExcuseFields)[] =
    fields.is === "class" ? ["email", "classId", "reason"] : ["email", "first", "last", "reason"];
  const empty = needed.filter((name) => fields[name].trim() === "");
  return {
    ...(fields.is === "time" && fields.last !== "" && fields.last < fields.first ? { last: excuses.backwards } : {}),
    ...Object.fromEntries(empty.map((name) => [name, excuses.required])),
  };
}

/** What is asked of the API: one class, or whole days of the zone, the last included. */
export function excuseOf(fields: ExcuseFields, zone: string): Schemas["ExcuseAsked"] {
  const told = { email: fields.email.trim(), reason: fields.reason.trim() };
  if (fields.is === "class") return { ...told, classId: fields.classId };
  const from = instantOf(fields.first, "00:00", zone);
  const last = instantOf(fields.last, "00:00", zone);
  return { ...told, from: from?.toISOString() ?? "", to: last === null ? "" : daysLater(last, 1, zone).toISOString() };
}
