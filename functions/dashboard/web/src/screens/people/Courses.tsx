import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useSession } from "../../auth/session";
import { courses, useNames } from "../../people/names";
import { Button } from "../../ui/Button";
import { words } from "../../words";
import { EnterDialog } from "./EnterDialog";
import { Listed } from "./Listed";

/** The courses that have this text in their name. */
export function Courses({ text }: { text: string }) {
  const nameOf = useNames();
  const { data, isError, error, refetch } = useQuery(courses);
  const isAdmin = useSession()?.role === "admin";
  const [changed, setChanged] = useState<Schemas["CourseEntry"] | null>(null);
  const rows = (data ?? []).filter(({ name, course_id }) => `${name} ${course_id}`.toLowerCase().includes(text));
  return (
    <>
      <Listed title={words.people.courses} thrown={isError ? error : null} again={() => void refetch()} count={rows.length}>
        <thead>
          <tr>
            <th scope="col">{words.schedule.course}</th>
            <th scope="col">{words.people.teachers}</th>
            <th scope="col" className="number">
              {words.schedule.students}
            </th>
            {isAdmin && (
              <th scope="col">
                <span className="hidden-text">{words.people.change}</span>
              </th>
            )}
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
              {isAdmin && (
                <td>
                  <Button
                    kind="plain"
                    aria-label={words.people.changeOf(one.name)}
                    onClick={() => {
                      setChanged(one);
                    }}
                  >
                    {words.people.change}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Listed>
      {changed && (
        <EnterDialog
          kind="course"
          known={{
            id: changed.course_id,
            name: changed.name,
            teachers: changed.teacher_emails.join("\n"),
            students: changed.student_emails.join("\n"),
          }}
          onClose={() => {
            setChanged(null);
          }}
        />
      )}
    </>
  );
}
