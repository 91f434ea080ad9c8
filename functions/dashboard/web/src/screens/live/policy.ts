import { queryOptions, useQuery } from "@tanstack/react-query";

import { answered, api } from "../../api/client";

/** The attendance policy that holds now. */
export const policyNow = queryOptions({
  queryKey: ["policy"],
  queryFn: async () => (await answered(api.GET("/api/attendance-tracker/policy"))).policy,
  staleTime: 10 * 60_000,
});

const USUAL_MINUTES = 5;

/** How long after the bell nobody is late yet, in milliseconds. */
export function useGraceMs(): number {
  return (useQuery(policyNow).data?.grace_minutes ?? USUAL_MINUTES) * 60_000;
}
