import { QueryClient } from "@tanstack/react-query";

import { isWorthRetrying } from "../api/client";

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
