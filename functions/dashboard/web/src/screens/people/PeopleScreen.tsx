import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { courses, students, teachers, useNames } from "../../people/names";
import { Field } from "../../ui/Field";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { words } from "../../words";

/** Students, teachers and courses, as far as they are the caller's. */
export default function PeopleScreen() {
  const [text, setText] = useState("");
  const coming = [useQuery(courses), useQuery(students), useQuery(teachers)];
  const isComing = coming.some(({ isPending }) => isPending);
  return (
    <Page title={words.people.title} lead={words.people.lead}>
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

function Courses({ text }: { text: string }) {
  const nameOf = useNames();
  const { data, isError, error, refetch } = useQuery(courses);
  const rows = (data ?? []).filter(({ name, course_id }) => `${name} ${course_id}`.toLowerCase().includes(text));
  return (
    <Listed
      title={words.people.courses}

      thrown={isError ? error : null}
      again={() => void refetch()}
      count={rows.length}
    >
      <thead>
        <tr>
          <th scope="col">{words.schedule.course}</th>
          <th scope="col">{words.people.teachers}</th>
          <th scope="col" className="number">
            {words.schedule.students}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.course_id}>
            <td className="wraps">
              {one.name} <span className="soft small">{one.course_id}</span>
            </td>
            <td className="wraps">{one.teacher_emails.map(nameOf).join(", ")}</td>
            <td className="number">{one.student_emails.length}</td>
          </tr>
        ))}
      </tbody>
    </Listed>
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

interface ListedProps {
  title: string;
  thrown: unknown;
  again: () => void;
  count: number;
  children: React.ReactNode;
}

function Listed({ title, thrown, again, count, children }: ListedProps) {
  return (
    <section>
      <h2>{title}</h2>
      {thrown !== null && <Trouble thrown={thrown} again={again} />}
      {thrown === null && count === 0 && <Empty title={words.people.none} />}
      {count > 0 && (
        <div className="panel table-scroll">
          <table className="table">
            <caption className="hidden-text">{title}</caption>
            {children}
          </table>
        </div>
      )}
    </section>
  );
}
