import { useConfig } from "../app/config";

/** The reader's own zone, where the organisation has named none. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** The zone that every time on the pages is told in. */
export function useZone(): string {
  return useConfig().timeZone ?? OWN_ZONE;
}

/** A zone as people say it: `Europe/Berlin, GMT+1`. */
export function zoneLabel(zone: string, at: Date): string {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "shortOffset" }).formatToParts(at);
  const offset = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return zone === offset || zone === "UTC" ? "UTC" : `${zone.replaceAll("_", " ")}, ${offset}`;
}
