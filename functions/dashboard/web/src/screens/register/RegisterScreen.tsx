import "./register.css";

import { useState } from "react";
import { useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { Tabs } from "../../tables/Tabs";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { ExcuseDialog } from "./ExcuseDialog";
import { Excuses } from "./Excuses";
import { Totals } from "./Totals";
import { Warnings } from "./Warnings";
import { excuses, register } from "./words";

type View = "totals" | "warnings" | "excuses";

const VIEWS: readonly View[] = ["totals", "warnings", "excuses"];

/** The register: sums of attendance, warnings and excuses. Students and guardians see their own sums and warnings. */
export default function RegisterScreen() {
  const isStaff = useSession()?.role !== "user";
  const [search] = useSearchParams();
  const [told, setTold] = useState<string | null>(null);
  const [excused, setExcused] = useState<string | null>(null);
  const views = VIEWS.filter((each) => isStaff || each !== "excuses");
  const view = views.find((each) => each === search.get("view")) ?? "totals";
  return (
    <Page
      title={register.title}
      lead={isStaff ? register.lead : register.ownLead}
      actions={
        isStaff && (
          <Button
            kind="main"
            onClick={() => {
              setTold(null);
              setExcused(search.get("student") ?? "");
            }}
          >
            {excuses.give}
          </Button>
        )
      }
    >
      <Tabs
        label={register.views}
        parameter="view"
        shown={view}
        names={views.map((each) => [each, register.view[each]] as const)}
      />
      <div role="status">
        {told !== null && (
          <p className="note register-told" data-tone="good">
            {told}
          </p>
        )}
      </div>
      {view === "totals" && <Totals />}
      {view === "warnings" && <Warnings onExcuse={isStaff ? setExcused : null} />}
      {view === "excuses" && <Excuses onTold={setTold} />}
      {excused !== null && (
        <ExcuseDialog
          student={excused}
          onTold={setTold}
          onClose={() => {
            setExcused(null);
          }}
        />
      )}
    </Page>
  );
}
