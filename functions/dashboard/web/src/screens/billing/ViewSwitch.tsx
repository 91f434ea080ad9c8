import { Link, useSearchParams } from "react-router";

import { hub } from "./words";

/** Between what was issued and what would be. */
export function ViewSwitch() {
  const [search] = useSearchParams();
  const isDrafts = search.get("view") === "drafts";
  return (
    <span className="row view-switch" role="group" aria-label={hub.list.viewLabel}>
      <Link className="button" to="?" aria-current={isDrafts ? undefined : "true"}>
        {hub.list.views.issued}
      </Link>
      <Link className="button" to="?view=drafts" aria-current={isDrafts ? "true" : undefined}>
        {hub.list.views.drafts}
      </Link>
    </span>
  );
}
