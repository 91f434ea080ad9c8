import { useState } from "react";

import type { Schemas } from "../../api/client";
import { clock, longDay } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { words } from "../../words";
import { MeetLink } from "./ClassDialog";
import { ClassForm } from "./ClassForm";
import type { Slot } from "./slots";

interface Props {
  /** Where free time in the calendar was chosen; null is any. */
  at: Slot | null;
  onClose: () => void;
}

/** Booking a class or a series, and the link that comes of it. */
export function BookDialog({ at, onClose }: Props) {
  const zone = useZone();
  const [booked, setBooked] = useState<Schemas["BookedBody"] | null>(null);
  if (booked === null) {
    return (
      <Dialog title={words.schedule.book} onClose={onClose}>
        <ClassForm changed={null} at={at} onDone={onClose} onBooked={setBooked} />
      </Dialog>
    );
  }
  return (
    <Dialog title={words.schedule.booked} onClose={onClose}>
      <p>
        <strong>{booked.subject}</strong>, {longDay(booked.start_time, zone)}, {clock(booked.start_time, zone)}–
        {clock(booked.end_time, zone)}. {booked.classes.length > 1 && words.schedule.bookedMany(booked.classes.length)}
      </p>
      {booked.meet_link === null ? <p>{words.schedule.noLink}</p> : <MeetLink link={booked.meet_link} />}
      {booked.calendar.trouble !== null && (
        <p className="note" data-tone="warn">
          {booked.calendar.trouble}
        </p>
      )}
      <div className="actions">
        <Button kind="main" onClick={onClose}>
          {words.schedule.done}
        </Button>
      </div>
    </Dialog>
  );
}
