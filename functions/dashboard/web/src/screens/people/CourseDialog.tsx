import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";

import { answered, api, type Schemas } from "../../api/client";
import { useSession } from "../../auth/session";
import { useNames } from "../../people/names";
import { saveText, sheetOf } from "../../tables/csv";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { EnterDialog } from "./EnterDialog";
import { useDirectoryChanged } from "./kinds";
import { RemoveForm } from "./RemoveForm";
import { directory } from "./words";

interface Props {
  shown: Schemas["CourseEntry"];
  onClose: () => void;
  onTold: (told: string) => void;
}

/** A course and its roster. Its teachers keep the roster; an administrator changes all of it. */
export function CourseDialog({ shown, onClose, onTold }: Props) {
  const isAdmin = useSession()?.role === "admin";
  const nameOf = useNames();
  const [doing, setDoing] = useState<"showing" | "changing" | "removing">("showing");
  const done = (told: string): void => {
    onTold(told);
    onClose();
  };
  if (doing === "changing") {
    return (
      <EnterDialog
        kind="course"
        known={{
          id: shown.course_id,
          name: shown.name,
          teachers: shown.teacher_emails.join("\n"),
          students: shown.student_emails.join("\n"),
        }}
        onClose={onClose}
        onSaved={(name) => {
          done(directory.saved(name));
        }}
      />
    );
  }
  if (doing === "removing") {
    return (
      <Dialog title={directory.removeOf(shown.name)} onClose={onClose}>
        <RemoveForm
          kind="course"
          id={shown.course_id}
          called={shown.name}
          onKept={onClose}
          onRemoved={() => {
            done(directory.removed(shown.name));
          }}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={shown.name} onClose={onClose}>
      <p className="soft">
        {shown.course_id} · {shown.teacher_emails.map(nameOf).join(", ")}
      </p>
      <Roster course={shown} />
      <div className="actions">
        <Button
          onClick={() => {
            const lines = shown.student_emails.map((email) => [email, nameOf(email), shown.course_id]);
            saveText(`roster-${shown.course_id}.csv`, sheetOf([["email", "name", "course"], ...lines]));
          }}
        >
          <Download size={15} aria-hidden="true" />
          {directory.rosterCsv}
        </Button>
        {isAdmin && (
          <>
            <Button
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
      </div>
    </Dialog>
  );
}

interface Step {
  is: "on" | "off";
  email: string;
}

function Roster({ course }: { course: Schemas["CourseEntry"] }) {
  const nameOf = useNames();
  const changed = useDirectoryChanged();
  const [added, setAdded] = useState("");
  const stepping = useMutation({
    mutationFn: ({ is, email }: Step) => {
      const params = { path: { course_id: course.course_id, email } };
      const path = "/api/people/courses/{course_id}/students/{email}";
      return answered(is === "on" ? api.PUT(path, { params }) : api.DELETE(path, { params }));
    },
    onSuccess: async (_, { is }) => {
      if (is === "on") setAdded("");
      await changed();
    },
  });
  const ordered = [...course.student_emails].sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
  return (
    <div className="stack">
      <h3>{directory.roster}</h3>
      {ordered.length === 0 && <p className="soft">{directory.rosterNone}</p>}
      <ul className="roster" aria-label={directory.rosterOf(course.name)}>
        {ordered.map((email) => (
          <li key={email}>
            <span className="wraps">
              {nameOf(email)} <span className="soft small">{email}</span>
            </span>
            <Button
              kind="plain"
              aria-label={directory.offOf(nameOf(email))}
              onClick={() => {
                stepping.mutate({ is: "off", email });
              }}
            >
              {directory.off}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="row roster-add"
        onSubmit={(event) => {
          event.preventDefault();
          if (added.trim() !== "") stepping.mutate({ is: "on", email: added.trim() });
        }}
      >
        <Field label={directory.rosterAdd}>
          {(parts) => (
            <input
              {...parts}
              className="input"
              type="email"
              value={added}
              onChange={(event) => {
                setAdded(event.target.value);
              }}
            />
          )}
        </Field>
        <Button type="submit" isBusy={stepping.isPending}>
          {directory.add}
        </Button>
      </form>
      <TroubleNote thrown={stepping.error} />
    </div>
  );
}
