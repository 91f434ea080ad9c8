import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";

import { Loading, Trouble } from "../../ui/states";
import { Choice } from "./Choice";
import { Download } from "./Download";
import { ranked } from "./figures";
import type { Bounds } from "./period";
import { margin, revenue } from "./queries";
import { Ranking } from "./Ranking";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

const GROUPS = ["teacher", "student", "course"] as const;
const { teacher, student, course } = hub.overview.groups;

/** What was charged in a time by whom or what, and what was paid for it where that is known. */
export function RevenueBy({ bounds, currency }: { bounds: Bounds; currency: string }) {
  const nameOf = usePartyNames();
  const [search] = useSearchParams();
  const by = GROUPS.find((each) => each === search.get("by")) ?? "teacher";
  // The staff is paid for classes, so of a student only what was charged is known.
  const margins = useQuery({ ...margin(by === "student" ? "teacher" : by, bounds), enabled: by !== "student" });
  const charges = useQuery({ ...revenue("student", bounds), enabled: by === "student" });
  const { data, isPending, isError, error, refetch } = by === "student" ? charges : margins;
  const told = `${hub.overview.by} ${hub.overview.groups[by]}`;
  return (
    <section className="panel hub-panel">
      <header className="hub-panel-head">
        <h2 className="row">
          {hub.overview.by}
          <Choice label={hub.overview.by} name="by" value={by} options={{ teacher, student, course }} />
        </h2>
        <Download
          path={`/api/billing/reports/${by === "student" ? "revenue" : "margin"}`}
          search={{ ...bounds, group_by: by, format: "csv" }}
          label={hub.csv}
          told={hub.csvOf(told)}
          kind="plain"
        />
      </header>
      {isPending && <Loading lines={4} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && (
        <Ranking
          rows={ranked(data, currency)}
          caption={told}
          head={hub.overview.groups[by]}
          nameOf={(key) => (key === null ? hub.overview.belongsToNone[by] : by === "course" ? key : nameOf(key))}
        />
      )}
    </section>
  );
}
