import { QueryClient } from "@tanstack/react-query";

import { isWorthRetrying } from "../api/client";
import { currentSession, interruptedSession, onSessionChange } from "../auth/session";

/** What the pages know of the API, kept while it is fresh. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: isWorthRetrying,
        retryDelay: (failures) => 500 * 2 ** failures,
        staleTime: 10_000,
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
}

/**
 * Nobody sees what was read for whoever was signed in before. Somebody whose sign-in ended, and who signs in again, goes on with
 * what is there, and it is read anew.
 */
export function keepForOnePerson(client: QueryClient): () => void {
  let whose = currentSession()?.email ?? null;
  return onSessionChange(() => {
    const now = (currentSession() ?? interruptedSession())?.email ?? null;
    if (now !== whose) client.clear();
    else if (currentSession() !== null) void client.invalidateQueries();
    whose = now;
  });
}
