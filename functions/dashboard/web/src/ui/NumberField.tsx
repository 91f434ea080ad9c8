import type { UseFormRegisterReturn } from "react-hook-form";

import { Field } from "./Field";

interface Props {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  isWide?: boolean;
  min?: number;
  max?: number;
  required?: boolean;
  /** What the form's `register` gives for this field. */
  registered: UseFormRegisterReturn;
}

/** A labelled whole number within bounds. */
export function NumberField({ min, max, required, registered, ...field }: Props) {
  return (
    <Field {...field}>
      {(parts) => <input {...parts} className="input" type="number" min={min} max={max} required={required} {...registered} />}
    </Field>
  );
}
