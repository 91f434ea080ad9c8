import { useState, type MouseEvent } from "react";

import { dateField, longDay } from "../../time/format";
import { useZone } from "../../time/zone";
import { minuteAt, timeOf, type Slot } from "./slots";
import { schedule } from "./words";

interface Props {
  each: Date;
  hours: readonly [number, number];
  onBook: (at: Slot) => void;
}

/** What is free of a day in the calendar: a click books at the time that it points at, which is shown before. */
export function FreeTime({ each, hours, onBook }: Props) {
  const zone = useZone();
  const [minute, setMinute] = useState<number | null>(null);
  const [first, last] = hours;
  const share = (minutes: number): string => `${String((minutes / ((last - first) * 60)) * 100)}%`;
  return (
    <button
      type="button"
      className="week-free"
      tabIndex={-1}
      aria-label={schedule.bookOn(longDay(each, zone))}
      onPointerMove={(event) => {
        setMinute(minuteAt(shareOf(event), hours));
      }}
      onPointerLeave={() => {
        setMinute(null);
      }}
      onClick={(event) => {
        // A click that no pointer made, as screen readers make it, points at no time.
        onBook({ date: dateField(each, zone), time: timeOf(minuteAt(event.detail === 0 ? null : shareOf(event), hours)) });
      }}
    >
      {minute !== null && (
        <span className="week-slot" style={{ insetBlockStart: share(minute - first * 60), blockSize: share(30) }}>
          {schedule.bookAt(timeOf(minute))}
        </span>
      )}
    </button>
  );
}

function shareOf(event: MouseEvent): number {
  const { top, height } = event.currentTarget.getBoundingClientRect();
  return (event.clientY - top) / height;
}
