import type { Schemas } from "../../api/client";
import { grouped } from "./grouped";

type PlanPart = Schemas["PlanPart"];

/** A version with the time that it counts for; the last one has no end. */
export interface VersionSpan {
  plan: PlanPart;
  from: number;
  /** Null where it goes on. Equal to `from` where a later version took its place before any class. */
  to: number | null;
  when: "past" | "now" | "later";
}

/** The versions of one plan by when they count, each until the next one does; of two from the same time the later one counts. */
export function spansOf(versions: readonly PlanPart[], now: number): VersionSpan[] {
  const ordered = [...versions].sort(
    (one, other) => Date.parse(one.effective_from) - Date.parse(other.effective_from) || one.version - other.version,
  );
  return ordered.map((plan, place) => {
    const next = ordered[place + 1];
    const from = Date.parse(plan.effective_from);
    const to = next === undefined ? null : Date.parse(next.effective_from);
    return { plan, from, to, when: to !== null && to <= now ? "past" : from <= now ? "now" : "later" };
  });
}

/** The plans by their ids, each with its versions. */
export function byPlan(plans: readonly PlanPart[]): Map<string, PlanPart[]> {
  return grouped(plans, ({ plan_id }) => plan_id);
}
