import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";

import { useSession } from "../../auth/session";
import { courses, guardians, students } from "../../people/names";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Dialog } from "../../ui/Dialog";
import { words } from "../../words";
import { totals } from "../register/words";
import { EnterDialog } from "./EnterDialog";
import { fieldsOf } from "./enter";
import { calledOf, personOf, studentOf, type PersonKind, type Someone } from "./kinds";
import { RemoveForm } from "./RemoveForm";
import { directory } from "./words";

interface Props {
  kind: PersonKind;
  shown: Someone;
  onClose: () => void;
  onTold: (told: string) => void;
}

/** Somebody of the directory: what is known of them, and what can be done about it. */
export function PersonDialog({ kind, shown, onClose, onTold }: Props) {
  const isAdmin = useSession()?.role === "admin";
  const [doing, setDoing] = useState<"showing" | "changing" | "removing">("showing");
  const called = calledOf(shown);
  const done = (told: string): void => {
    onTold(told);
    onClose();
  };
  if (doing === "changing") {
    return (
      <EnterDialog
        kind={kind}
        known={fieldsOf(shown)}
        onClose={onClose}
        onSaved={(name) => {
          done(directory.saved(name));
        }}
      />
    );
  }
  return (
    <Dialog title={doing === "removing" ? directory.removeOf(called) : called} onClose={onClose}>
      {doing === "removing" ? (
        <RemoveForm
          kind={kind}
          id={shown.email}
          called={called}
          onKept={onClose}
          onRemoved={() => {
            done(directory.removed(called));
          }}
        />
      ) : (
        <>
          <Facts kind={kind} shown={shown} />
          <div className="actions">
            {isAdmin && (
              <>
                <Button
                  kind="main"
                  onClick={() => {
                    setDoing("changing");
                  }}
                >
                  {words.people.change}
                </Button>
                <Button
                  kind="bad"
                  onClick={() => {
                    setDoing("removing");
                  }}
                >
                  {directory.remove}
                </Button>
              </>
            )}
            {kind === "student" && (
              <Link className="button" to={`/register?by=course&student=${encodeURIComponent(shown.email)}`}>
                {totals.ofStudent}
              </Link>
            )}
          </div>
        </>
      )}
    </Dialog>
  );
}

function Facts({ kind, shown }: { kind: PersonKind; shown: Someone }) {
  const known = useQuery(courses).data ?? [];
  const taken = known.filter(({ student_emails, teacher_emails }) =>
    (kind === "teacher" ? teacher_emails : student_emails).includes(shown.email),
  );
  return (
    <dl className="facts">
      <dt>{words.people.email}</dt>
      <dd className="wraps">{shown.email}</dd>
      {shown.department !== "" && (
        <>
          <dt>{directory.department}</dt>
          <dd>{shown.department}</dd>
        </>
      )}
      {shown.studentNumber !== null && (
        <>
          <dt>{directory.studentNumber}</dt>
          <dd>{shown.studentNumber}</dd>
        </>
      )}
      {shown.access !== null && (
        <>
          <dt>{directory.access}</dt>
          <dd>{(directory.accesses as Record<string, string>)[shown.access] ?? shown.access}</dd>
        </>
      )}
      {kind !== "guardian" && (
        <>
          <dt>{directory.coursesOf}</dt>
          <dd>{taken.length === 0 ? directory.noCourses : taken.map(({ name }) => name).join(", ")}</dd>
        </>
      )}
      {kind === "student" && <Guardians of={shown} />}
      {kind === "guardian" && <Wards of={shown} />}
    </dl>
  );
}

function Guardians({ of }: { of: Someone }) {
  const known = new Map((useQuery(guardians).data ?? []).map((one) => [one.email, personOf(one).name]));
  return (
    <>
      <dt>{words.people.guardians}</dt>
      <dd>
        {of.guardians.length === 0
          ? "–"
          : of.guardians.map((email, at) => (
              <span key={email} className="row wraps">
                {known.get(email) ? `${String(known.get(email))} (${email})` : email}
                {at === 0 && <Chip>{directory.pays}</Chip>}
              </span>
            ))}
      </dd>
    </>
  );
}

function Wards({ of }: { of: Someone }) {
  const known = (useQuery(students).data ?? []).map(studentOf).filter((one) => one.guardians.includes(of.email));
  return (
    <>
      <dt>{directory.wards}</dt>
      <dd className="wraps">{known.length === 0 ? "–" : known.map(calledOf).join(", ")}</dd>
    </>
  );
}
