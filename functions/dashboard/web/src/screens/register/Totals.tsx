import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";

import { useZone } from "../../time/zone";
import { Paged } from "../../tables/Pager";
import { Field } from "../../ui/Field";
import { Empty, Loading, Trouble } from "../../ui/states";
import { queryOf, useFilters } from "../attendance/filters";
import { Download } from "../billing/Download";
import { Narrowing } from "./Narrowing";
import { totalsOf, type By } from "./queries";
import { TotalsTable } from "./TotalsTable";
import { totals } from "./words";

const QUARTER = 90;
const BYS: readonly By[] = ["student", "course", "teacher"];

/** Sums of attendance by student, course or teacher. */
export function Totals() {
  const zone = useZone();
  const [search, setSearch] = useSearchParams();
  const { filters, set } = useFilters(QUARTER);
  const by = BYS.find((each) => each === search.get("by")) ?? "student";
  const query = queryOf({ ...filters, status: "" }, zone);
  const { data, isPending, error, refetch } = useQuery(totalsOf(by, query));
  return (
    <div className="stack">
      <div className="register-narrow">
        <Field label={totals.by}>
          {(parts) => (
            <select
              {...parts}
              className="input"
              value={by}
              onChange={(event) => {
                setSearch(
                  (before) => {
                    before.set("by", event.target.value);
                    return before;
                  },
                  { replace: true },
                );
              }}
            >
              {BYS.map((each) => (
                <option key={each} value={each}>
                  {totals.bys[each]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Narrowing filters={filters} set={set} which={["from", "to", "course", "teacher", "student"]} />
      </div>
      {isPending && <Loading lines={10} />}
      {data === undefined && error !== null && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.length === 0 && <Empty title={totals.none}>{totals.noneDetail}</Empty>}
      {data !== undefined && data.length > 0 && (
        <>
          <Paged items={data} of={`${by} ${JSON.stringify(query)}`}>
            {(page) => <TotalsTable rows={page} />}
          </Paged>
          <p className="soft small">
            {totals.shareHint} {totals.unknownNote}
          </p>
          <div className="row">
            <Download path="/api/attendance-tracker/totals" search={{ ...query, by, format: "csv" }} label={totals.csv} />
          </div>
        </>
      )}
    </div>
  );
}
