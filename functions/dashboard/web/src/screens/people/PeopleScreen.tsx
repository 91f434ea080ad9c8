import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useSession } from "../../auth/session";
import { courses, students, teachers } from "../../people/names";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Loading } from "../../ui/states";
import { words } from "../../words";
import { Courses } from "./Courses";
import { EnterDialog, type Entered } from "./EnterDialog";
import { Listed } from "./Listed";

/** Students, teachers and courses, as far as they are the caller's. */
export default function PeopleScreen() {
  const [text, setText] = useState("");
  const isAdmin = useSession()?.role === "admin";
  const coming = [useQuery(courses), useQuery(students), useQuery(teachers)];
  const isComing = coming.some(({ isPending }) => isPending);
  return (
    <Page title={words.people.title} lead={words.people.lead} actions={isAdmin && <Enter />}>
      <div className="stack">
        <div className="fields narrow">
          <Field label={words.people.find}>
            {(parts) => (
              <input
                {...parts}
                className="input"
                type="search"
                value={text}
                onChange={(event) => {
                  setText(event.target.value);
                }}
              />
            )}
          </Field>
        </div>
        {isComing ? (
          <Loading lines={12} />
        ) : (
          <>
            <Courses text={text.toLowerCase()} />
            <Students text={text.toLowerCase()} />
            <Teachers text={text.toLowerCase()} />
          </>
        )}
      </div>
    </Page>
  );
}

const KINDS: readonly Entered[] = ["student", "teacher", "course"];

function Enter() {
  const [entered, setEntered] = useState<Entered | null>(null);
  return (
    <>
      {KINDS.map((kind) => (
        <Button
          key={kind}
          onClick={() => {
            setEntered(kind);
          }}
        >
          {words.people.enter[kind]}
        </Button>
      ))}
      {entered !== null && (
        <EnterDialog
          kind={entered}
          onClose={() => {
            setEntered(null);
          }}
        />
      )}
    </>
  );
}

function Students({ text }: { text: string }) {
  const { data, isError, error, refetch } = useQuery(students);
  const named = (data ?? []).map((one) => ({ ...one, name: [one.firstName, one.lastName].filter(Boolean).join(" ") }));
  const rows = named.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(text));
  return (
    <Listed
      title={words.schedule.students}

      thrown={isError ? error : null}
      again={() => void refetch()}
      count={rows.length}
    >
      <thead>
        <tr>
          <th scope="col">{words.people.name}</th>
          <th scope="col">{words.people.email}</th>
          <th scope="col" className="only-desk">
            {words.people.guardians}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.email}>
            <td className="wraps">{one.name || "–"}</td>
            <td className="wraps">{one.email}</td>
            <td className="wraps only-desk">{one.guardianEmails.join(", ") || "–"}</td>
          </tr>
        ))}
      </tbody>
    </Listed>
  );
}

function Teachers({ text }: { text: string }) {
  const { data, isError, error, refetch } = useQuery(teachers);
  const named = (data ?? []).map((one) => ({ ...one, name: [one.first_name, one.last_name].filter(Boolean).join(" ") }));
  const rows = named.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(text));
  return (
    <Listed
      title={words.people.teachers}

      thrown={isError ? error : null}
      again={() => void refetch()}
      count={rows.length}
    >
      <thead>
        <tr>
          <th scope="col">{words.people.name}</th>
          <th scope="col">{words.people.email}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.email}>
            <td className="wraps">{one.name || "–"}</td>
            <td className="wraps">{one.email}</td>
          </tr>
        ))}
      </tbody>
    </Listed>
  );
}
