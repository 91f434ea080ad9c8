import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";

export type Card = Schemas["CardBody"];

/** What can be decided about a card. */
export interface Decision {
  decision: "confirm" | "guest" | "dismiss" | "reopen";
  email?: string;
  remember?: boolean;
}

/** The decisions that wait, the first page of them. */
export const openCards = queryOptions({
  queryKey: ["review", "open"],
  queryFn: () => answered(api.GET("/api/attendance-tracker/review", { params: { query: { state: "open", limit: 100 } } })),
});

/** Decide a card. The card leaves the queue at once; a refusal brings it back. */
export function useDecide() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ card, decision }: { card: Card; decision: Decision }) =>
      answered(
        api.POST("/api/attendance-tracker/review/{card_id}", {
          params: { path: { card_id: card.id } },
          body: { remember: true, ...decision },
        }),
      ),
    onMutate: ({ card, decision }) => {
      if (decision.decision === "reopen") return;
      client.setQueryData(openCards.queryKey, (before) =>
        before === undefined ? before : { ...before, items: before.items.filter(({ id }) => id !== card.id) },
      );
    },
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: ["review"] });
      await client.invalidateQueries({ queryKey: ["session"] });
    },
  });
}
