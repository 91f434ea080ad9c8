import { useQuery } from "@tanstack/react-query";

import { answered, api } from "../../api/client";
import { useNames } from "../../people/names";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { wordOf, words } from "../../words";

/** Everything that people decided about a session: who, when and why. */
export function Rulings({ sessionId }: { sessionId: string }) {
  const zone = useZone();
  const nameOf = useNames();
  const { data } = useQuery({
    queryKey: ["rulings", sessionId],
    queryFn: () =>
      answered(api.GET("/api/attendance-tracker/sessions/{session_id}/rulings", { params: { path: { session_id: sessionId } } })),
  });
  if (!data || data.rulings.length === 0) return null;
  return (
    <section className="panel sheet-part">
      <h2>{words.sheet.decisions}</h2>
      <ul className="lines">
        {data.rulings.map((one) => (
          <li key={one.id}>
            <span className="soft nowrap">
              {day(one.at, zone)} {clock(one.at, zone)}
            </span>{" "}
            <strong className="wraps">{nameOf(one.about)}</strong>:{" "}
            {one.isWithdrawn ? <s>{wordOf(words.status, one.value)}</s> : wordOf(words.status, one.value)},{" "}
            {words.sheet.by(nameOf(one.by))}. <span className="wraps">{one.reason}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
