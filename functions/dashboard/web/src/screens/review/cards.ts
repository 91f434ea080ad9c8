import { queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";

export type Card = Schemas["CardBody"];

/** The decisions that wait, the first page of them. */
export const openCards = queryOptions({
  queryKey: ["review", "open"],
  queryFn: () => answered(api.GET("/api/attendance-tracker/review", { params: { query: { state: "open", limit: 100 } } })),
});
