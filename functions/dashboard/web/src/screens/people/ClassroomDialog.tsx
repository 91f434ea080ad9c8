import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api, type Schemas } from "../../api/client";
import { asProblem } from "../../api/problem";
import { useSession } from "../../auth/session";
import { courses, teachers } from "../../people/names";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { ClassroomPreview } from "./ClassroomPreview";
import { useDirectoryChanged } from "./kinds";
import { classroom } from "./words";

interface Asked {
  teacher: string;
  classroomId: string;
  courseId: string;
}

/** Taking over the roster of a Google Classroom course: chosen, looked at, and only then stored. */
export function ClassroomDialog({ onClose, onTold }: { onClose: () => void; onTold: (told: string) => void }) {
  const session = useSession();
  const changed = useDirectoryChanged();
  const [asked, setAsked] = useState<Asked>({
    teacher: session?.role === "teacher" ? session.email : "",
    classroomId: "",
    courseId: "",
  });
  const importing = useMutation({
    mutationFn: ({ isDryRun }: { isDryRun: boolean }) =>
      answered(
        api.POST("/api/people/courses/{course_id}/classroom-import", {
          params: { path: { course_id: asked.courseId.trim() } },
          body: { classroom_id: asked.classroomId, teacher_email: asked.teacher.trim(), dry_run: isDryRun },
        }),
      ),
    onSuccess: async (done) => {
      if (done.dry_run) return;
      await changed();
      onTold(classroom.done(done.course.name, done.enrolled.length, done.removed.length));
      onClose();
    },
  });
  const preview = importing.data?.dry_run ? importing.data : undefined;
  return (
    <Dialog title={classroom.title} onClose={onClose}>
      <p className="soft">{classroom.lead}</p>
      <Choosing
        asked={asked}
        isTeacher={session?.role === "teacher"}
        onAsked={(next) => {
          importing.reset();
          setAsked(next);
        }}
      />
      {preview && <ClassroomPreview told={preview} />}
      <Refused thrown={importing.error} />
      <div className="actions">
        {preview ? (
          <Button
            kind="main"
            isBusy={importing.isPending}
            onClick={() => {
              importing.mutate({ isDryRun: false });
            }}
          >
            {classroom.act}
          </Button>
        ) : (
          <Button
            kind="main"
            disabled={asked.classroomId === "" || asked.courseId.trim() === ""}
            isBusy={importing.isPending}
            onClick={() => {
              importing.mutate({ isDryRun: true });
            }}
          >
            {classroom.preview}
          </Button>
        )}
        <Button onClick={onClose}>{words.cancel}</Button>
      </div>
    </Dialog>
  );
}

interface ChoosingProps {
  asked: Asked;
  isTeacher: boolean;
  onAsked: (asked: Asked) => void;
}

function Choosing({ asked, isTeacher, onAsked }: ChoosingProps) {
  const staff = useQuery(teachers).data ?? [];
  const own = useQuery(courses).data ?? [];
  const listing = useMutation({
    mutationFn: () =>
      answered(api.GET("/api/people/classroom-courses", { params: { query: { teacher_email: asked.teacher.trim() } } })),
  });
  const found = listing.data?.courses;
  return (
    <div className="stack">
      <form
        className="row classroom-whose"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onAsked({ ...asked, classroomId: "" });
          listing.mutate();
        }}
      >
        <Field label={classroom.teacher} hint={classroom.teacherHint}>
          {(parts) => (
            <>
              <input
                {...parts}
                className="input"
                type="email"
                list="classroom-teachers"
                readOnly={isTeacher}
                value={asked.teacher}
                onChange={(event) => {
                  listing.reset();
                  onAsked({ ...asked, teacher: event.target.value, classroomId: "" });
                }}
              />
              <datalist id="classroom-teachers">
                {staff.map(({ email, first_name, last_name }) => (
                  <option key={email} value={email}>
                    {[first_name, last_name].filter(Boolean).join(" ")}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
        <Button type="submit" isBusy={listing.isPending}>
          {classroom.list}
        </Button>
      </form>
      <Refused thrown={listing.error} />
      {found?.length === 0 && <p className="note">{classroom.none}</p>}
      {found && found.length > 0 && <Pairing asked={asked} found={found} own={own} isTeacher={isTeacher} onAsked={onAsked} />}
    </div>
  );
}

interface PairingProps extends ChoosingProps {
  found: readonly Schemas["ClassroomCourse"][];
  own: readonly Schemas["CourseEntry"][];
}

const ANOTHER = " another";

/** Which of Classroom's courses becomes which of ours; one that was taken over before is found again. */
function Pairing({ asked, found, own, isTeacher, onAsked }: PairingProps) {
  const [isNew, setIsNew] = useState(false);
  return (
    <div className="fields">
      <Field label={classroom.choose}>
        {(parts) => (
          <select
            {...parts}
            className="input"
            value={asked.classroomId}
            onChange={(event) => {
              const before = own.find(({ classroom_id }) => classroom_id === event.target.value);
              onAsked({ ...asked, classroomId: event.target.value, courseId: before?.course_id ?? asked.courseId });
            }}
          >
            <option value="" />
            {found.map(({ classroom_id, name }) => (
              <option key={classroom_id} value={classroom_id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={classroom.into}>
        {(parts) => (
          <select
            {...parts}
            className="input"
            value={isNew ? ANOTHER : asked.courseId}
            onChange={(event) => {
              setIsNew(event.target.value === ANOTHER);
              onAsked({ ...asked, courseId: event.target.value === ANOTHER ? "" : event.target.value });
            }}
          >
            <option value="" />
            {!isTeacher && <option value={ANOTHER}>{classroom.anotherCourse}</option>}
            {own.map(({ course_id, name }) => (
              <option key={course_id} value={course_id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {isNew && (
        <Field label={classroom.newId} hint={words.people.courseIdHint}>
          {(parts) => (
            <input
              {...parts}
              className="input"
              value={asked.courseId}
              onChange={(event) => {
                onAsked({ ...asked, courseId: event.target.value });
              }}
            />
          )}
        </Field>
      )}
    </div>
  );
}

/** A refusal; where Google is not connected it says what that means and what to do. */
function Refused({ thrown }: { thrown: unknown }) {
  if (thrown === null) return null;
  if (asProblem(thrown).status !== 502) return <TroubleNote thrown={thrown} />;
  return (
    <div className="stack" role="alert">
      <p>
        <strong>{classroom.refused}.</strong> {classroom.notConnected}
      </p>
      <TroubleNote thrown={thrown} />
      <p className="soft">{classroom.remedy}</p>
    </div>
  );
}
