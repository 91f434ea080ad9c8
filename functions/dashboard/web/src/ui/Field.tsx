import { useId, type ReactNode } from "react";

interface Parts {
  id: string;
  "aria-describedby"?: string;
  "aria-invalid"?: true;
}

interface Props {
  label: string;
  hint?: string;
  wrong?: string | undefined;
  isWide?: boolean;
  /** Makes the input, with the attributes that tie it to its label, hint and mistake. */
  children: (parts: Parts) => ReactNode;
}

/** A labelled input with its hint and with what is wrong about it. */
export function Field({ label, hint, wrong, isWide = false, children }: Props) {
  const id = useId();
  const told = [hint ? `${id}-hint` : "", wrong ? `${id}-wrong` : ""].filter(Boolean).join(" ");
  const parts: Parts = { id, ...(told ? { "aria-describedby": told } : {}), ...(wrong ? { "aria-invalid": true } : {}) };
  return (
    <div className={isWide ? "field wide" : "field"}>
      <label htmlFor={id}>{label}</label>
      {children(parts)}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong && (
        <span className="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}
