import type { Schemas } from "../../api/client";
import { useNames } from "../../people/names";
import { classroom } from "./words";

/** What an import from Classroom would change. */
export function ClassroomPreview({ told }: { told: Schemas["ClassroomImportBody"] }) {
  const nameOf = useNames();
  const isNothing = told.enrolled.length + told.removed.length + told.new + told.changed === 0;
  const lists: [string, readonly string[]][] = [
    [classroom.enrolled, told.enrolled],
    [classroom.removed, told.removed],
    [classroom.teachersLeft, told.teachers_left],
  ];
  return (
    <div className="stack" role="status">
      <p className="note" data-tone={isNothing ? undefined : "good"}>
        {isNothing ? classroom.nothing : classroom.people(told.new, told.changed, told.unchanged)}
      </p>
      {lists.map(
        ([title, emails]) =>
          emails.length > 0 && (
            <div key={title}>
              <h3>
                {title} ({emails.length})
              </h3>
              <p className="wraps small">{emails.map((email) => `${nameOf(email)} (${email})`).join(", ")}</p>
            </div>
          ),
      )}
      {told.unclear.length > 0 && (
        <div className="note" data-tone="warn">
          <h3>
            {classroom.unclear} ({told.unclear.length})
          </h3>
          <p>{classroom.unclearDetail}</p>
          <ul>
            {told.unclear.map(({ google_id, first_name, last_name, message }) => (
              <li key={google_id}>
                {[first_name, last_name].filter(Boolean).join(" ") || google_id}: {message}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
