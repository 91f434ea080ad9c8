import type { Schemas } from "../../api/client";

type Told = Schemas["HealthBody"];
export type Refusal = Schemas["Connection"];

/** How a service stands: it works, it refuses us, or nobody has asked it yet. */
export type Standing = "works" | "refuses" | "unasked";

export interface Service {
  name: string;
  standing: Standing;
  /** When there was last word of it, where that is known. */
  lastAt: string | null;
  refusals: Refusal[];
}

const GOOGLES = ["Calendar", "Meet", "Workspace Events", "Reports"] as const;

/**
 * Every service that Rollcall leans on, with what it refuses. The API tells only of refusals: a service without one works as far
 * as is known. The audit log and Zoom are said to be unasked where they never were.
 */
export function servicesOf(told: Told): Service[] {
  const lastAt: Record<string, string | null> = { Reports: told.last_reports_sweep_at, Zoom: told.zoom_webhook_validated_at };
  const others = told.connections.map(({ service }) => service);
  const names = [...new Set([...GOOGLES, "Zoom", ...others])];
  return names.map((name) => {
    const refusals = told.connections.filter(({ service }) => service === name);
    const isUnasked = name in lastAt && lastAt[name] === null;
    return {
      name,
      refusals,
      lastAt: lastAt[name] ?? null,
      standing: refusals.length > 0 ? "refuses" : isUnasked ? "unasked" : "works",
    };
  });
}
