import { useMutation } from "@tanstack/react-query";
import { useForm, type UseFormReturn } from "react-hook-form";

import { asProblem } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { enter, NOTHING, type Fields } from "./enter";
import { useDirectoryChanged, type Entered, type PersonKind } from "./kinds";
import { directory } from "./words";

interface Props {
  kind: Entered;
  /** Who or what is changed; nothing enters somebody new. */
  known?: Partial<Fields>;
  onClose: () => void;
  onSaved: (called: string) => void;
}

/** Entering somebody, or a course, and changing what is known of them. */
export function EnterDialog({ kind, known = {}, onClose, onSaved }: Props) {
  const changed = useDirectoryChanged();
  const form = useForm<Fields>({ defaultValues: { ...NOTHING, ...known } });
  const entering = useMutation({
    mutationFn: (fields: Fields) => enter(kind, fields, known),
    onSuccess: async (_, fields) => {
      await changed();
      onSaved([fields.first, fields.last, fields.name].filter(Boolean).join(" ") || fields.email || fields.id);
    },
  });
  const isNew = known.email === undefined && known.id === undefined;
  const called = known.name ?? ([known.first, known.last].filter(Boolean).join(" ") || (known.email ?? ""));
  const title = !isNew ? directory.changeOf(called) : kind === "guardian" ? directory.guardian : words.people.enter[kind];
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) =>
          void form.handleSubmit((fields) => {
            entering.mutate(fields);
          })(event)
        }
      >
        <div className="fields">
          {kind === "course" ? (
            <CourseInputs form={form} isNew={isNew} />
          ) : (
            <PersonInputs form={form} kind={kind} isNew={isNew} />
          )}
        </div>
        <Refusal thrown={entering.error} />
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

const REQUIRED = { required: words.schedule.required };

function PersonInputs({ form, kind, isNew }: { form: UseFormReturn<Fields>; kind: PersonKind; isNew: boolean }) {
  const { register, formState } = form;
  const { errors } = formState;
  return (
    <>
      <Field label={words.people.email} wrong={errors.email?.message} isWide>
        {(parts) => <input {...parts} className="input" type="email" readOnly={!isNew} {...register("email", REQUIRED)} />}
      </Field>
      <Field label={words.people.first}>{(parts) => <input {...parts} className="input" {...register("first")} />}</Field>
      <Field label={words.people.last}>{(parts) => <input {...parts} className="input" {...register("last")} />}</Field>
      <Field label={directory.department}>{(parts) => <input {...parts} className="input" {...register("department")} />}</Field>
      {kind === "student" && (
        <>
          <NumberField label={directory.studentNumber} min={1} registered={register("number")} />
          <Lines form={form} name="guardians" label={words.people.guardians} hint={directory.guardiansHint} />
        </>
      )}
      {kind === "teacher" && (
        <Field label={directory.access} hint={directory.accessHint}>
          {(parts) => (
            <select {...parts} className="input" {...register("access")}>
              {Object.entries(directory.accesses).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
    </>
  );
}

function CourseInputs({ form, isNew }: { form: UseFormReturn<Fields>; isNew: boolean }) {
  const { register, formState } = form;
  const { errors } = formState;
  return (
    <>
      <Field label={words.people.courseId} hint={words.people.courseIdHint} wrong={errors.id?.message}>
        {(parts) => <input {...parts} className="input" readOnly={!isNew} {...register("id", REQUIRED)} />}
      </Field>
      <Field label={words.people.name} wrong={errors.name?.message}>
        {(parts) => <input {...parts} className="input" {...register("name", REQUIRED)} />}
      </Field>
      <Lines form={form} name="teachers" label={words.people.teacherEmails} hint={words.schedule.studentsHint} />
      <Lines form={form} name="students" label={words.schedule.studentEmails} hint={words.schedule.studentsHint} />
    </>
  );
}

interface LinesProps {
  form: UseFormReturn<Fields>;
  name: "guardians" | "teachers" | "students";
  label: string;
  hint: string;
}

function Lines({ form, name, label, hint }: LinesProps) {
  return (
    <Field label={label} hint={hint} isWide>
      {(parts) => <textarea {...parts} className="input" rows={3} spellCheck={false} {...form.register(name)} />}
    </Field>
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
