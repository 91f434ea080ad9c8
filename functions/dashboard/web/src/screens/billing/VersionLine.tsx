import { day } from "../../time/format";
import { useZone } from "../../time/zone";
import { placeOn, type Axis } from "../../ui/PresenceBar";
import type { VersionSpan } from "./versions";
import { hub } from "./words";

const DAY_MS = 86_400_000;

/** The versions of a plan on a line of time, with today on it. */
export function VersionLine({ spans, name, now }: { spans: readonly VersionSpan[]; name: string; now: number }) {
  const zone = useZone();
  const axis = axisOf(spans, now);
  return (
    <div className="version-line">
      <ol aria-label={hub.plans.timeline(name)}>
        {spans
          .filter(({ from, to }) => to === null || to > from)
          .map(({ plan, from, to, when }) => {
            const start = placeOn(axis, from);
            return (
              <li
                key={plan.version}
                data-when={when}
                style={{ insetInlineStart: `${String(start)}%`, inlineSize: `${String(placeOn(axis, to ?? axis.to) - start)}%` }}
                title={`${hub.plans.versionNumber(plan.version)}, ${hub.plans.from(day(plan.effective_from, zone))}`}
              >
                <span className="hidden-text">
                  {hub.plans.versionNumber(plan.version)} {hub.plans.from(day(plan.effective_from, zone))}, {hub.plans[when]}
                </span>
                <span aria-hidden="true">{plan.version}</span>
              </li>
            );
          })}
      </ol>
      <span className="bar-now" style={{ insetInlineStart: `${String(placeOn(axis, now))}%` }} />
      <div className="version-ends small soft" aria-hidden="true">
        <span>{day(axis.from, zone)}</span>
        <span>{day(axis.to, zone)}</span>
      </div>
    </div>
  );
}

/** From the first version on until some time after the last one, and after today. */
function axisOf(spans: readonly VersionSpan[], now: number): Axis {
  const starts = spans.map(({ from }) => from);
  const from = Math.min(now, ...starts);
  const last = Math.max(now, ...starts);
  return { from, to: last + Math.max(30 * DAY_MS, (last - from) / 5), now };
}
