import type { ReactNode } from "react";

export type Tone = "good" | "warn" | "bad" | "quiet";

/** A word about the state of something. `dot` puts a mark before it, hollow where nothing is certain. */
export function Chip({
  tone = "quiet",
  dot,
  title,
  children,
}: {
  tone?: Tone;
  dot?: "full" | "hollow";
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className="chip" data-tone={tone} title={title}>
      {dot && <span className="dot" data-hollow={dot === "hollow" || undefined} aria-hidden="true" />}
      {children}
    </span>
  );
}
