import { useQuery } from "@tanstack/react-query";
import type { UseFormReturn } from "react-hook-form";

import type { Schemas } from "../../api/client";
import { fullName, students, teachers } from "../../people/names";
import { Field } from "../../ui/Field";
import { NumberField } from "../../ui/NumberField";
import { words } from "../../words";
import { addressesOf, type ClassFields } from "./classForm";

interface Props {
  form: UseFormReturn<ClassFields>;
  courses: readonly Schemas["CourseEntry"][];
  isNew: boolean;
  isTeacher: boolean;
  zone: string;
}

/**
 * The fields of a class. Choosing a course brings its roster, and its teacher where there is none yet; people of the directory
 * are offered by name, and whoever is in no directory is written by address.
 */
export function ClassInputs({ form, courses, isNew, isTeacher, zone }: Props) {
  const { register, setValue, getValues, watch } = form;
  const { errors } = form.formState;
  const choose = (courseId: string): void => {
    const course = courses.find(({ course_id }) => course_id === courseId);
    if (course === undefined) return;
    setValue("students", course.student_emails.join("\n"), { shouldValidate: true });
    const [first] = course.teacher_emails;
    if (isNew && !isTeacher && getValues("teacher") === "" && first !== undefined) {
      setValue("teacher", first, { shouldValidate: true });
    }
  };
  const required = { required: words.schedule.required };
  const staff = useQuery({ ...teachers, enabled: isNew && !isTeacher }).data ?? [];
  const known = useQuery(students).data ?? [];
  return (
    <div className="fields">
      <Field label={words.schedule.subject} wrong={errors.subject?.message} isWide>
        {(parts) => <input {...parts} className="input" autoFocus {...register("subject", required)} />}
      </Field>
      <Field label={words.schedule.course} hint={words.schedule.courseHint} wrong={errors.course?.message}>
        {(parts) => (
          <>
            <input
              {...parts}
              className="input"
              list="courses"
              autoComplete="off"
              {...register("course", {
                onChange: (event: { target: { value: string } }) => {
                  choose(event.target.value);
                },
              })}
            />
            <datalist id="courses">
              {courses.map(({ course_id, name }) => (
                <option key={course_id} value={course_id}>
                  {name}
                </option>
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={words.schedule.teacherEmail} wrong={errors.teacher?.message}>
        {(parts) => (
          <>
            <input
              {...parts}
              className="input"
              type="email"
              list="teachers"
              autoComplete="off"
              readOnly={!isNew || isTeacher}
              {...register("teacher", required)}
            />
            <datalist id="teachers">
              {staff.map(({ email, first_name, last_name }) => (
                <option key={email} value={email}>
                  {fullName(first_name, last_name)}
                </option>
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={words.schedule.date} wrong={errors.date?.message}>
        {(parts) => <input {...parts} className="input" type="date" {...register("date", required)} />}
      </Field>
      <Field label={words.schedule.time} hint={zone} wrong={errors.time?.message}>
        {(parts) => <input {...parts} className="input" type="time" {...register("time", required)} />}
      </Field>
      <NumberField
        label={words.schedule.minutes}
        wrong={errors.minutes?.message}
        min={1}
        max={1440}
        registered={register("minutes", { ...required, valueAsNumber: true })}
      />
      {isNew && (
        <Field label={words.schedule.repeat}>
          {(parts) => (
            <select {...parts} className="input" {...register("repeat")}>
              {Object.entries(words.schedule.repeats).map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {isNew && watch("repeat") !== "never" && (
        <NumberField
          label={words.schedule.count}
          wrong={errors.count?.message}
          min={2}
          max={260}
          registered={register("count", { valueAsNumber: true })}
        />
      )}
      {isNew && (
        <Field label={words.schedule.provider} wrong={errors.provider?.message}>
          {(parts) => (
            <select {...parts} className="input" {...register("provider")}>
              <option value="google_meet">Google Meet</option>
              <option value="zoom">Zoom</option>
            </select>
          )}
        </Field>
      )}
      <Field label={words.schedule.studentEmails} hint={words.schedule.studentsHint} wrong={errors.students?.message} isWide>
        {(parts) => <textarea {...parts} className="input" rows={4} spellCheck={false} {...register("students")} />}
      </Field>
      {known.length > 0 && (
        <AddStudent
          known={known}
          onChosen={(email) => {
            setValue("students", [...new Set([...addressesOf(getValues("students")), email])].join("\n"), {
              shouldValidate: true,
            });
          }}
        />
      )}
    </div>
  );
}

/** Somebody of the directory, found by name: choosing a suggestion adds the address to the list. */
function AddStudent({ known, onChosen }: { known: readonly Schemas["StudentEntry"][]; onChosen: (email: string) => void }) {
  return (
    <Field label={words.schedule.addStudent} hint={words.schedule.addStudentHint} isWide>
      {(parts) => (
        <>
          <input
            {...parts}
            className="input"
            list="known-students"
            autoComplete="off"
            onChange={({ currentTarget }) => {
              const chosen = known.find(({ email }) => email === currentTarget.value.trim());
              if (chosen === undefined) return;
              onChosen(chosen.email);
              currentTarget.value = "";
            }}
          />
          <datalist id="known-students">
            {known.map(({ email, firstName, lastName }) => (
              <option key={email} value={email}>
                {fullName(firstName, lastName)}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}
