import { useQuery } from "@tanstack/react-query";

import { useSession } from "../../auth/session";
import { courses, students, teachers } from "../../people/names";
import { Field } from "../../ui/Field";
import type { Filters } from "../attendance/filters";
import { register } from "./words";

type Name = "from" | "to" | "course" | "teacher" | "student";

interface Props {
  filters: Filters;
  set: (name: Name, value: string) => void;
  which: readonly Name[];
}

/** The fields that narrow the register down; whoever has only their own is not asked whose. */
export function Narrowing({ filters, set, which }: Props) {
  const isStaff = useSession()?.role !== "user";
  const options: Partial<Record<Name, [string, string][]>> = {
    teacher: (useQuery({ ...teachers, enabled: isStaff }).data ?? []).map((one) => [
      one.email,
      [one.first_name, one.last_name].filter(Boolean).join(" ") || one.email,
    ]),
    student: (useQuery({ ...students, enabled: isStaff }).data ?? []).map((one) => [
      one.email,
      [one.firstName, one.lastName].filter(Boolean).join(" ") || one.email,
    ]),
    course: (useQuery(courses).data ?? []).map((one) => [one.course_id, one.name]),
  };
  const names = which.filter((name) => isStaff || (name !== "teacher" && name !== "student"));
  return (
    <div className="register-filters" role="search">
      {names.map((name) => (
        <Field key={name} label={register[name]}>
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
              <select
                {...parts}
                className="input"
                value={filters[name]}
                onChange={(event) => {
                  set(name, event.target.value);
                }}
              >
                <option value="">{register.all}</option>
                {filters[name] !== "" && !options[name]?.some(([value]) => value === filters[name]) && (
                  <option value={filters[name]}>{filters[name]}</option>
                )}
                {options[name]?.map(([value, label]) => (
                  <option key={value} value={value}>
                    {label}
                  </option>
                ))}
              </select>
            )
          }
        </Field>
      ))}
    </div>
  );
}
