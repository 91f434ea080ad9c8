import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";

import { answered, api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { addressesOf } from "../schedule/classForm";

export type Entered = "student" | "teacher" | "course";

interface Fields {
  email: string;
  first: string;
  last: string;
  guardians: string;
  id: string;
  name: string;
  teachers: string;
  students: string;
}

const NOTHING: Fields = { email: "", first: "", last: "", guardians: "", id: "", name: "", teachers: "", students: "" };

/** Entering somebody, or a course; entering the same again changes what is given. */
export function EnterDialog({ kind, known = {}, onClose }: { kind: Entered; known?: Partial<Fields>; onClose: () => void }) {
  const client = useQueryClient();
  const [thrown, setThrown] = useState<unknown>(null);
  const { register, handleSubmit, formState } = useForm<Fields>({ defaultValues: { ...NOTHING, ...known } });
  const { errors } = formState;
  const entering = useMutation({
    mutationFn: (fields: Fields) => enter(kind, fields),
    onSuccess: async () => {
      await Promise.all(["students", "teachers", "courses"].map((name) => client.invalidateQueries({ queryKey: [name] })));
      onClose();
    },
    onError: setThrown,
  });
  const required = { required: words.schedule.required };
  const lines = (name: "guardians" | "teachers" | "students", label: string) => (
    <Field label={label} hint={words.schedule.studentsHint} isWide>
      {(parts) => <textarea {...parts} className="input" rows={3} spellCheck={false} {...register(name)} />}
    </Field>
  );
  return (
    <Dialog title={words.people.enter[kind]} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) =>
          void handleSubmit((fields) => {
            setThrown(null);
            entering.mutate(fields);
          })(event)
        }
      >
        {kind === "course" ? (
          <div className="fields">
            <Field label={words.people.courseId} hint={words.people.courseIdHint} wrong={errors.id?.message}>
              {(parts) => <input {...parts} className="input" readOnly={known.id !== undefined} {...register("id", required)} />}
            </Field>
            <Field label={words.people.name} wrong={errors.name?.message}>
              {(parts) => <input {...parts} className="input" {...register("name", required)} />}
            </Field>
            {lines("teachers", words.people.teacherEmails)}
            {lines("students", words.schedule.studentEmails)}
          </div>
        ) : (
          <div className="fields">
            <Field label={words.people.email} wrong={errors.email?.message} isWide>
              {(parts) => (
                <input
                  {...parts}
                  className="input"
                  type="email"
                  readOnly={known.email !== undefined}
                  {...register("email", required)}
                />
              )}
            </Field>
            <Field label={words.people.first}>{(parts) => <input {...parts} className="input" {...register("first")} />}</Field>
            <Field label={words.people.last}>{(parts) => <input {...parts} className="input" {...register("last")} />}</Field>
            {kind === "student" && lines("guardians", words.people.guardians)}
          </div>
        )}
        <Refusal thrown={thrown} />
        <div className="actions">
          <Button kind="main" type="submit" isBusy={entering.isPending}>
            {words.save}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Refusal({ thrown }: { thrown: unknown }) {
  if (thrown === null) return null;
  return (
    <>
      <TroubleNote thrown={thrown} />
      <ul className="small">
        {asProblem(thrown).fields.map(({ field, message }) => (
          <li key={field}>
            {field}: {message}
          </li>
        ))}
      </ul>
    </>
  );
}

async function enter(kind: Entered, fields: Fields): Promise<unknown> {
  const given = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  const email = fields.email.trim();
  if (kind === "student") {
    const body = { firstName: given(fields.first), lastName: given(fields.last), guardianEmails: addressesOf(fields.guardians) };
    return answered(api.PUT("/api/attendance-tracker/students/{student}", { params: { path: { student: email } }, body }));
  }
  if (kind === "teacher") {
    const body = { first_name: given(fields.first), last_name: given(fields.last) };
    return answered(api.PUT("/api/people/teachers/{email}", { params: { path: { email } }, body }));
  }
  const body = {
    name: fields.name.trim(),
    teacher_emails: addressesOf(fields.teachers),
    student_emails: addressesOf(fields.students),
  };
  return answered(api.PUT("/api/people/courses/{course_id}", { params: { path: { course_id: fields.id.trim() } }, body }));
}
