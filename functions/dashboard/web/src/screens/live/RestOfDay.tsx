import { useNames } from "../../people/names";
import { clock, span } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { words } from "../../words";
import { EndedClass } from "./EndedClass";
import type { PlannedClass } from "./queries";

const MOST = 12;

/** The classes that are still to come today. */
export function Upcoming({ classes, onNow }: { classes: PlannedClass[]; onNow: ReadonlySet<string> }) {
  const zone = useZone();
  const nameOf = useNames();
  const now = useNow("minute");
  const coming = classes
    .filter(
      ({ status, start_time, class_id }) =>
        status === "scheduled" && !onNow.has(class_id) && Date.parse(start_time) > now - 120_000,
    )
    .slice(0, MOST);
  return (
    <section className="rest">
      <h2>{words.live.upcoming}</h2>
      {coming.length === 0 && <p className="soft small">{words.live.noneUpcoming}</p>}
      <ul>
        {coming.map((one) => (
          <li key={one.class_id}>
            <span className="rest-time">{clock(one.start_time, zone)}</span>
            <span className="rest-what">
              <span className="wraps">{one.subject}</span>
              <span className="soft small" title={one.teacher_email}>
                {nameOf(one.teacher_email)}
              </span>
            </span>
            <span className="soft small nowrap">{words.live.startsIn(span((Date.parse(one.start_time) - now) / 1000))}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The classes that ended today, the last one first. */
export function EndedToday({ classes }: { classes: PlannedClass[] }) {
  const ended = classes
    .filter(({ status }) => status === "completed")
    .sort((one, other) => Date.parse(other.end_time) - Date.parse(one.end_time))
    .slice(0, MOST);
  return (
    <section className="rest">
      <h2>{words.live.ended}</h2>
      {ended.length === 0 && <p className="soft small">{words.live.noneEnded}</p>}
      <ul>
        {ended.map((one) => (
          <EndedClass key={one.class_id} ended={one} />
        ))}
      </ul>
    </section>
  );
}
