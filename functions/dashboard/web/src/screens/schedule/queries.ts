import { queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { everyPage } from "../../api/pages";

export type PlannedClass = Schemas["ClassBody"];
export type Scope = "this" | "following" | "all";

/** Every class that starts in a stretch of time, by its start. */
export function classesBetween(from: Date, to: Date) {
  const query = { from: from.toISOString(), to: to.toISOString(), limit: 500 };
  return queryOptions({
    queryKey: ["classes", query.from, query.to],
    queryFn: async () => {
      const { pages } = await everyPage((page_token) =>
        answered(api.GET("/api/schedule/classes", { params: { query: { ...query, ...(page_token ? { page_token } : {}) } } })),
      );
      return pages.flatMap(({ classes }) => classes);
    },
    refetchInterval: 60_000,
  });
}
