import { wordOf, words } from "../words";
import { Chip, type Tone } from "./Chip";

/** The colour of a verdict: what is well, what wants a look, what is missing; `unknown` is never shown as missing. */
export const STATUS_TONES: Readonly<Record<string, Tone>> = {
  present: "good",
  late: "warn",
  left_early: "warn",
  partial: "warn",
  absent: "bad",
  no_show: "bad",
  excused: "quiet",
  unknown: "quiet",
};

/** A verdict in a word; a mark says that a person ruled it. */
export function StatusChip({ status, isRuled = false }: { status: string; isRuled?: boolean }) {
  return (
    <Chip tone={STATUS_TONES[status] ?? "quiet"} {...(isRuled ? { title: words.sheet.ruled } : {})}>
      {wordOf(words.status, status)}
      {isRuled && <span aria-label={words.sheet.ruled}>✎</span>}
    </Chip>
  );
}
