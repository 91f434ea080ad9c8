import { expect, test } from "vitest";

import type { Schemas } from "../../api/client";
import { servicesOf } from "./services";

const WELL = {
  connections: [],
  last_reports_sweep_at: "2026-11-21T10:00:00Z",
  zoom_webhook_validated_at: null,
} as unknown as Schemas["HealthBody"];
const refusal = {
  service: "Meet",
  subject: "ada@school.example",
  trouble: "Insufficient permissions",
  remedy: "Grant it.",
  since: "",
  seen_at: "",
};

function standings(told: Schemas["HealthBody"]): Record<string, string> {
  return Object.fromEntries(servicesOf(told).map(({ name, standing }) => [name, standing]));
}

test("what nothing refuses works, and what was never asked is not said to work", () => {
  expect(standings(WELL)).toEqual({
    Calendar: "works",
    Meet: "works",
    "Workspace Events": "works",
    Reports: "works",
    Zoom: "unasked",
  });
});

test("a service that refuses us for one teacher is named with what to do, also one that is new here", () => {
  const told = { ...WELL, connections: [refusal, { ...refusal, service: "People" }] };
  expect(standings(told)).toMatchObject({ Meet: "refuses", Calendar: "works", People: "refuses" });
  expect(servicesOf(told).find(({ name }) => name === "Meet")?.refusals).toEqual([refusal]);
});
