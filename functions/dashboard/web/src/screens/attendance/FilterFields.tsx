import { useQuery } from "@tanstack/react-query";

import { courses, students, teachers } from "../../people/names";
import { Field } from "../../ui/Field";
import { words } from "../../words";
import type { Filters } from "./filters";

interface Props {
  filters: Filters;
  set: (name: keyof Filters, value: string) => void;
  which: readonly (keyof Filters)[];
}

/** The fields that narrow a screen down. Choosing is enough; there is nothing to send. */
export function FilterFields({ filters, set, which }: Props) {
  const options: Partial<Record<keyof Filters, [string, string][]>> = {
    teacher: (useQuery(teachers).data ?? []).map((one) => [
      one.email,
      [one.first_name, one.last_name].filter(Boolean).join(" ") || one.email,
    ]),
    student: (useQuery(students).data ?? []).map((one) => [
      one.email,
      [one.firstName, one.lastName].filter(Boolean).join(" ") || one.email,
    ]),
    course: (useQuery(courses).data ?? []).map((one) => [one.course_id, one.name]),
    status: Object.entries(words.status),
  };
  return (
    <div className="filters" role="search">
      {which.map((name) => (
        <Field key={name} label={words.logs.filters[name]}>
          {(parts) =>
            name === "from" || name === "to" ? (
              <input
                {...parts}
                className="input"
                type="date"
                value={filters[name]}
                onChange={(event) => {
                  set(name, event.target.value);
                }}
              />
            ) : (
              <Choice
                parts={parts}
                value={filters[name]}
                options={options[name] ?? []}
                onChoose={(value) => {
                  set(name, value);
                }}
              />
            )
          }
        </Field>
      ))}
    </div>
  );
}

interface ChoiceProps {
  parts: { id: string };
  value: string;
  options: [string, string][];
  onChoose: (value: string) => void;
}

function Choice({ parts, value, options, onChoose }: ChoiceProps) {
  const isKnown = value === "" || options.some(([each]) => each === value);
  return (
    <select
      {...parts}
      className="input"
      value={value}
      onChange={(event) => {
        onChoose(event.target.value);
      }}
    >
      <option value="">{words.logs.all}</option>
      {!isKnown && <option value={value}>{value}</option>}
      {options.map(([each, label]) => (
        <option key={each} value={each}>
          {label}
        </option>
      ))}
    </select>
  );
}
