import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { students, useNames } from "../../people/names";
import { clock, dateField, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { excuseOf, mistakesOf, type ExcuseFields } from "./excuse";
import { classesAhead } from "./queries";
import { excuses, register } from "./words";

interface Props {
  /** Whom it is about, where that is known already. */
  student: string;
  onClose: () => void;
  onTold: (told: string) => void;
}

/** Excusing somebody in advance, from one class or from all of some days. */
export function ExcuseDialog({ student, onClose, onTold }: Props) {
  const zone = useZone();
  const client = useQueryClient();
  const nameOf = useNames();
  const [openedAt] = useState(() => Date.now());
  const [isTried, setIsTried] = useState(false);
  const today = dateField(openedAt, zone);
  const [fields, setFields] = useState<ExcuseFields>({
    email: student,
    is: "class",
    classId: "",
    first: today,
    last: today,
    reason: "",
  });
  const set = (changes: Partial<ExcuseFields>): void => {
    setFields((before) => ({ ...before, ...changes }));
  };
  const wrong = isTried ? mistakesOf(fields) : {};
  const excusing = useMutation({
    mutationFn: () => answered(api.POST("/api/attendance-tracker/excuses", { body: excuseOf(fields, zone) })),
    onSuccess: async ({ excuses: given, classesBegun }) => {
      await client.invalidateQueries({ queryKey: ["excuses"] });
      const told = excuses.given(nameOf(fields.email.trim()), given.length);
      onTold(classesBegun > 0 ? `${told} ${excuses.begun(classesBegun)}` : told);
      onClose();
    },
  });
  return (
    <Dialog title={excuses.give} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (Object.keys(mistakesOf(fields)).length === 0) excusing.mutate();
        }}
      >
        <Who fields={fields} set={set} wrong={wrong.email} />
        <What fields={fields} set={set} wrong={wrong} now={openedAt} />
        <Field label={excuses.reason} hint={excuses.reasonHint} wrong={wrong.reason}>
          {(parts) => (
            <input
              {...parts}
              className="input"
              value={fields.reason}
              onChange={(event) => {
                set({ reason: event.target.value });
              }}
            />
          )}
        </Field>
        <TroubleNote thrown={excusing.error} />
        <ul className="small">
          {excusing.error !== null &&
            asProblem(excusing.error).fields.map(({ field, message }) => (
              <li key={field}>
                {field}: {message}
              </li>
            ))}
        </ul>
        <div className="actions">
          <Button kind="main" type="submit" isBusy={excusing.isPending}>
            {excuses.giveAct}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface PartProps {
  fields: ExcuseFields;
  set: (changes: Partial<ExcuseFields>) => void;
}

function Who({ fields, set, wrong }: PartProps & { wrong: string | undefined }) {
  const known = useQuery(students).data ?? [];
  return (
    <Field label={register.student} wrong={wrong}>
      {(parts) => (
        <>
          <input
            {...parts}
            className="input"
            type="email"
            list="excused-students"
            autoComplete="off"
            value={fields.email}
            onChange={(event) => {
              set({ email: event.target.value, classId: "" });
            }}
          />
          <datalist id="excused-students">
            {known.map(({ email, firstName, lastName }) => (
              <option key={email} value={email}>
                {[firstName, lastName].filter(Boolean).join(" ")}
              </option>
            ))}
          </datalist>
        </>
      )}
    </Field>
  );
}

interface WhatProps extends PartProps {
  wrong: Partial<Record<keyof ExcuseFields, string>>;
  now: number;
}

function What({ fields, set, wrong, now }: WhatProps) {
  return (
    <fieldset className="stack excuse-what">
      <legend>{excuses.for}</legend>
      <div className="row">
        {(["class", "time"] as const).map((each) => (
          <label key={each} className="row">
            <input
              type="radio"
              name="excused-from"
              checked={fields.is === each}
              onChange={() => {
                set({ is: each });
              }}
            />
            {each === "class" ? excuses.oneClass : excuses.someTime}
          </label>
        ))}
      </div>
      {fields.is === "class" ? (
        <OneClass fields={fields} set={set} wrong={wrong.classId} now={now} />
      ) : (
        <div className="fields">
          {(["first", "last"] as const).map((each) => (
            <Field key={each} label={each === "first" ? register.from : register.to} wrong={wrong[each]}>
              {(parts) => (
                <input
                  {...parts}
                  className="input"
                  type="date"
                  value={fields[each]}
                  onChange={(event) => {
                    set({ [each]: event.target.value });
                  }}
                />
              )}
            </Field>
          ))}
        </div>
      )}
    </fieldset>
  );
}

function OneClass({ fields, set, wrong, now }: PartProps & { wrong: string | undefined; now: number }) {
  const zone = useZone();
  const isKnown = (useQuery(students).data ?? []).some(({ email }) => email === fields.email.trim());
  const email = isKnown ? fields.email.trim() : "";
  const ahead = useQuery(classesAhead(email, now, zone));
  const isNone = ahead.data?.length === 0;
  return (
    <Field label={excuses.which} wrong={wrong} {...(isNone ? { hint: excuses.noClasses } : {})}>
      {(parts) => (
        <select
          {...parts}
          className="input"
          value={fields.classId}
          onChange={(event) => {
            set({ classId: event.target.value });
          }}
        >
          <option value="" />
          {(ahead.data ?? []).map(({ class_id, subject, start_time }) => (
            <option key={class_id} value={class_id}>
              {`${day(start_time, zone)}, ${clock(start_time, zone)} · ${subject}`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
