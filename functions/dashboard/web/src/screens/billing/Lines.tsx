import { useState } from "react";

import { day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { words, wordOf } from "../../words";
import { Amount } from "./Amount";
import { Evidence } from "./Evidence";
import { percentText } from "./money";
import type { Line, Side } from "./queries";
import { hub } from "./words";

interface Props {
  lines: readonly Line[];
  /** The document that the lines stand on; a draft has none, and its lines open no evidence yet. */
  of?: { side: Side; documentId: string };
}

/** The lines of a document or a draft: what, how it comes to its amount, and what it changes of an earlier one. */
export function Lines({ lines, of }: Props) {
  return (
    <ul className="lines">
      {lines.map((line) => (
        <OneLine key={line.line_id} line={line} of={of} />
      ))}
    </ul>
  );
}

function OneLine({ line, of }: { line: Line; of: Props["of"] }) {
  const [isOpen, setIsOpen] = useState(false);
  const hasEvidence = of !== undefined && line.session_id !== null;
  return (
    <li>
      <div className="line">
        <span className="line-what">
          <span className="wraps">{line.description}</span>
          {line.how !== null && <span className="soft small">{line.how}</span>}
          <LineNotes line={line} />
        </span>
        {hasEvidence && (
          <Button
            kind="plain"
            aria-expanded={isOpen}
            aria-label={hub.document.evidenceOf(isOpen ? hub.document.hide : hub.document.evidence, line.description)}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {isOpen ? hub.document.hide : hub.document.evidence}
          </Button>
        )}
        <span className="line-sum">
          <Amount of={line.net} />
          {line.tax_basis_points > 0 && (
            <span className="small soft">{hub.document.tax(percentText(line.tax_basis_points))}</span>
          )}
        </span>
      </div>
      {isOpen && of && <Evidence side={of.side} documentId={of.documentId} lineId={line.line_id} />}
    </li>
  );
}

/** What a line is where it is no plain class, why it changes another one, and what it gives. */
function LineNotes({ line }: { line: Line }) {
  const zone = useZone();
  const status = line.evidence?.status;
  const isPlain = line.kind === "class";
  if (isPlain && status === undefined && line.makeup_until === null) return null;
  return (
    <span className="row small">
      {!isPlain && <Chip tone={line.kind === "adjustment" ? "warn" : "quiet"}>{wordOf(hub.document.kinds, line.kind)}</Chip>}
      {status !== undefined && <Chip>{wordOf(words.status, status)}</Chip>}
      {line.corrects !== null && <span>{hub.document.corrects(line.corrects)}</span>}
      {line.cause !== null && <span className="soft">{line.cause}</span>}
      {line.makeup_until !== null && <span className="soft">{hub.document.makeupUntil(day(line.makeup_until, zone))}</span>}
    </span>
  );
}
