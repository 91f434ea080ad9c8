import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { useSession } from "../../auth/session";
import { useNames } from "../../people/names";
import { clock, longDay, span } from "../../time/format";
import { useZone, zoneLabel } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Dialog } from "../../ui/Dialog";
import { words } from "../../words";
import { CancelForm } from "./CancelForm";
import { ClassForm } from "./ClassForm";
import type { PlannedClass } from "./queries";
import { schedule } from "./words";

interface Props {
  shown: PlannedClass;
  onClose: () => void;
  /** What has been done with it, once the dialog is gone. */
  onTold: (told: string) => void;
}

/** One class: when, who, its link, and what can still be done with it. */
export function ClassDialog({ shown, onClose, onTold }: Props) {
  const [doing, setDoing] = useState<"showing" | "changing" | "cancelling">("showing");
  const isStaff = useSession()?.role !== "user";
  const isOpen = shown.status === "scheduled";
  return (
    <Dialog title={shown.subject} onClose={onClose}>
      {doing === "showing" && <Facts shown={shown} />}
      {doing === "changing" && (
        <ClassForm
          changed={shown}
          onDone={onClose}
          onBooked={({ classes }) => {
            onTold(schedule.changed(classes.length));
            onClose();
          }}
        />
      )}
      {doing === "cancelling" && (
        <CancelForm
          shown={shown}
          onKept={onClose}
          onCancelled={(count) => {
            onTold(schedule.cancelled(count));
            onClose();
          }}
        />
      )}
      {doing === "showing" && (
        <div className="actions">
          {shown.status !== "scheduled" && shown.status !== "cancelled" && (
            <Link className="button" to={`/sessions/${shown.session_id}`}>
              {words.live.sheet}
            </Link>
          )}
          {isStaff && isOpen && (
            <Button
              onClick={() => {
                setDoing("changing");
              }}
            >
              {words.schedule.change}
            </Button>
          )}
          {isStaff && isOpen && (
            <Button
              kind="bad"
              onClick={() => {
                setDoing("cancelling");
              }}
            >
              {words.schedule.cancelClass}
            </Button>
          )}
        </div>
      )}
    </Dialog>
  );
}

function Facts({ shown }: { shown: PlannedClass }) {
  const zone = useZone();
  const nameOf = useNames();
  return (
    <dl className="facts">
      <dt>{words.schedule.when}</dt>
      <dd>
        {longDay(shown.start_time, zone)}, {clock(shown.start_time, zone)}–{clock(shown.end_time, zone)}{" "}
        <span className="soft">
          ({span(shown.duration_minutes * 60)}, {zoneLabel(zone, new Date(shown.start_time))})
        </span>
      </dd>
      <dt>{words.schedule.state}</dt>
      <dd className="row">
        <Chip tone={shown.status === "active" ? "good" : "quiet"}>{words.classStatus[shown.status]}</Chip>
        {shown.series_id !== null && <Chip>{words.schedule.series}</Chip>}
        {shown.cancel_reason !== null && <span className="soft">{shown.cancel_reason}</span>}
      </dd>
      <dt>{words.schedule.teacher}</dt>
      <dd className="wraps">
        {[shown.teacher_email, ...shown.co_teacher_emails].map((email) => `${nameOf(email)} (${email})`).join(", ")}
      </dd>
      {shown.course_id !== null && (
        <>
          <dt>{words.schedule.course}</dt>
          <dd className="wraps">{shown.course_id}</dd>
        </>
      )}
      <dt>{words.schedule.students}</dt>
      <dd className="wraps">{shown.student_emails.length === 0 ? "–" : shown.student_emails.map(nameOf).join(", ")}</dd>
      <dt>{words.schedule.link}</dt>
      <dd>{shown.meet_link === null ? words.schedule.noLink : <MeetLink link={shown.meet_link} />}</dd>
      {!shown.calendar.is_current && shown.calendar.trouble !== null && (
        <>
          <dt>{words.schedule.calendar}</dt>
          <dd className="note" data-tone="warn">
            {shown.calendar.trouble}
          </dd>
        </>
      )}
    </dl>
  );
}

/** A meeting's link, to open and to copy. */
export function MeetLink({ link }: { link: string }) {
  const [copying, setCopying] = useState<"not yet" | "copied" | "failed">("not yet");
  const isCopied = copying === "copied";
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(link);
      setCopying("copied");
    } catch {
      setCopying("failed");
    }
  };
  return (
    <span className="row">
      <a className="wraps" href={link} target="_blank" rel="noreferrer">
        {link.replace("https://", "")}
      </a>
      <Button onClick={() => void copy()}>
        {isCopied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
        <span aria-live="polite">{isCopied ? words.schedule.copied : words.schedule.copy}</span>
      </Button>
      {copying === "failed" && (
        <span className="small" role="alert">
          {schedule.copyFailed}
        </span>
      )}
    </span>
  );
}
