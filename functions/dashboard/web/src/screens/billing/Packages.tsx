import { useQuery } from "@tanstack/react-query";

import type { Schemas } from "../../api/client";
import { useNames } from "../../people/names";
import { day } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Loading, TroubleNote } from "../../ui/states";
import { moneyText, shareOf } from "./money";
import { packages } from "./queries";
import { hub } from "./words";

/** A party's packages and lessons to make up: how much is used, and until when the rest is good. */
export function Packages({ party }: { party: string }) {
  const { data, isPending, error } = useQuery(packages(party));
  return (
    <section className="panel hub-panel">
      <h2>{hub.packages.title}</h2>
      {isPending && <Loading lines={2} />}
      {!data && <TroubleNote thrown={error} />}
      {data?.length === 0 && <p className="soft">{hub.packages.none}</p>}
      <ul className="packages">
        {data?.map((each) => (
          <OnePackage key={each.package_id} shown={each} />
        ))}
      </ul>
    </section>
  );
}

function OnePackage({ shown }: { shown: Schemas["PackagePart"] }) {
  const zone = useZone();
  const nameOf = useNames();
  const now = useNow("minute");
  const isOver = shown.good_until !== null && Date.parse(shown.good_until) < now;
  const about = [
    shown.student === null ? null : nameOf(shown.student),
    shown.course_id ?? hub.packages.anyCourse,
    shown.good_until === null ? hub.packages.noEnd : hub.packages.until(day(shown.good_until, zone)),
    shown.worth === null ? null : hub.packages.worth(moneyText(shown.worth)),
  ];
  return (
    <li>
      <span className="row">
        <strong className="wraps">{shown.name}</strong>
        {shown.is_taken_back ? (
          <Chip>{hub.packages.takenBack}</Chip>
        ) : isOver ? (
          <Chip>{hub.packages.over}</Chip>
        ) : (
          <Chip tone={shown.left > 0 ? "good" : "quiet"}>{hub.packages.left(shown.left)}</Chip>
        )}
      </span>
      <span className="rank-bar" aria-hidden="true">
        <span data-kind="charged" style={{ inlineSize: `${String(shareOf(shown.used, shown.lessons))}%` }} />
      </span>
      <span className="small soft">{[hub.packages.used(shown.used, shown.lessons), ...about].filter(Boolean).join(" · ")}</span>
    </li>
  );
}
