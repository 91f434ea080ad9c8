import { createContext, use } from "react";

/** What the function that serves the pages tells of this deployment. */
export interface Config {
  realtimeUrl: string | null;
  /** `open` is a local stack, where whoever has no token is the administrator. */
  auth: "open" | "token" | "google";
  googleClientId: string | null;
  timeZone: string | null;
}

export const ConfigContext = createContext<Config>({ realtimeUrl: null, auth: "token", googleClientId: null, timeZone: null });

/** This deployment's settings for its pages. */
export function useConfig(): Config {
  return use(ConfigContext);
}

/** Ask the function for the settings; throws where it does not answer. */
export async function readConfig(): Promise<Config> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`config.json: ${String(response.status)}`);
  return (await response.json()) as Config;
}
