import { useQuery } from "@tanstack/react-query";

import { words } from "../words";
import { openCards } from "../screens/review/cards";

/** How many decisions wait, beside the name of the screen that holds them. */
export function ReviewCount() {
  const { data } = useQuery({ ...openCards, refetchInterval: 300_000 });
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  const shown = data?.next_page_token ? `${String(count)}+` : String(count);
  return (
    <span className="count">
      <span aria-hidden="true">{shown}</span>
      <span className="hidden-text">{words.nav.waiting(shown)}</span>
    </span>
  );
}
