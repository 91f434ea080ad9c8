import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { courses, useNames } from "../../people/names";
import { Paged } from "../../tables/Pager";
import { Chip } from "../../ui/Chip";
import { Loading, Trouble } from "../../ui/states";
import { words } from "../../words";
import { CourseDialog } from "./CourseDialog";
import { Nobody } from "./PersonList";
import { directory } from "./words";

/** The courses that are meant by what is looked for. */
export function Courses({ text, onTold }: { text: string; onTold: (told: string) => void }) {
  const nameOf = useNames();
  const { data, isPending, error, refetch } = useQuery(courses);
  const [shown, setShown] = useState<string | null>(null);
  if (isPending) return <Loading lines={12} />;
  if (data === undefined) return <Trouble thrown={error} again={() => void refetch()} />;
  const meant = data.filter(({ name, course_id }) => `${name} ${course_id}`.toLowerCase().includes(text));
  const opened = data.find(({ course_id }) => course_id === shown);
  return (
    <>
      {meant.length === 0 && <Nobody kind="course" isLookedFor={text !== ""} />}
      {meant.length > 0 && (
        <Paged items={meant} of={text}>
          {(page) => (
            <div className="panel table-scroll">
              <table className="table people-table">
                <caption className="hidden-text">{words.people.courses}</caption>
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
                  {page.map((one) => (
                    <tr key={one.course_id}>
                      <th scope="row">
                        <button
                          type="button"
                          className="people-name wraps"
                          onClick={() => {
                            setShown(one.course_id);
                          }}
                        >
                          {one.name}
                        </button>{" "}
                        <span className="soft small">{one.course_id}</span>
                        {one.classroom_id !== null && (
                          <span className="only-desk">
                            {" "}
                            <Chip>{directory.fromClassroom}</Chip>
                          </span>
                        )}
                      </th>
                      <td className="wraps">{one.teacher_emails.map(nameOf).join(", ") || "–"}</td>
                      <td className="number">{one.student_emails.length}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Paged>
      )}
      {opened && (
        <CourseDialog
          shown={opened}
          onTold={onTold}
          onClose={() => {
            setShown(null);
          }}
        />
      )}
    </>
  );
}
