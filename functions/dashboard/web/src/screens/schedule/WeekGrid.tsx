import { useNames } from "../../people/names";
import { clock, dateField, day, daysLater, minuteOfDay } from "../../time/format";
import { useZone } from "../../time/zone";
import { words } from "../../words";
import { FreeTime } from "./FreeTime";
import { keyed, moveFocus } from "./keys";
import { placed } from "./lanes";
import type { PlannedClass } from "./queries";
import type { Slot } from "./slots";
import { schedule } from "./words";

const EARLIEST_H = 8;
const LATEST_H = 18;
const HOUR_REM = 3.25;
/** A shorter class is drawn as high as one of these, so that its name can be read. */
const LEAST_MINUTES = 20;

interface Props {
  classes: readonly PlannedClass[];
  from: Date;
  now: number;
  onOpen: (classId: string) => void;
  /** Book in free time; null for whoever books nothing. */
  onBook: ((at: Slot) => void) | null;
  /** So many days on, from the keyboard. */
  onTurn: (days: number) => void;
}

/** Seven days side by side. The hours grow to hold whatever lies outside the usual ones. */
export function WeekGrid({ classes, from, now, onOpen, onBook, onTurn }: Props) {
  const zone = useZone();
  const days = Array.from({ length: 7 }, (_, number) => daysLater(from, number, zone));
  const starts = classes.map(({ start_time }) => Math.floor(minuteOfDay(start_time, zone) / 60));
  const ends = classes.map((one) =>
    Math.ceil(Math.max(endMinute(one, zone), minuteOfDay(one.start_time, zone) + LEAST_MINUTES) / 60),
  );
  const [first, last] = [Math.min(EARLIEST_H, ...starts), Math.min(24, Math.max(LATEST_H, ...ends))];
  const hours = Array.from({ length: last - first }, (_, number) => first + number);
  return (
    <section
      className="week only-desk panel"
      aria-label={schedule.grid}
      onKeyDown={(event) => {
        const go = keyed(event.key);
        if (go === null) return;
        event.preventDefault();
        if (typeof go === "number") onTurn(go);
        else moveFocus(event.currentTarget, go);
      }}
    >
      <div className="week-head">
        <span />
        {days.map((each) => (
          <span key={each.getTime()} className="week-day" aria-current={isSameDay(each, now, zone) ? "date" : undefined}>
            {day(each, zone, each)}
          </span>
        ))}
      </div>
      <div className="week-body" style={{ blockSize: `${String(hours.length * HOUR_REM)}rem` }}>
        <div className="week-hours" aria-hidden="true">
          {hours.map((hour) => (
            <span key={hour}>{`${String(hour).padStart(2, "0")}:00`}</span>
          ))}
        </div>
        {days.map((each) => (
          <DayColumn
            key={each.getTime()}
            each={each}
            classes={classes}
            hours={[first, last]}
            now={now}
            onOpen={onOpen}
            onBook={onBook}
          />
        ))}
      </div>
    </section>
  );
}

interface ColumnProps {
  each: Date;
  classes: readonly PlannedClass[];
  hours: [number, number];
  now: number;
  onOpen: (classId: string) => void;
  onBook: ((at: Slot) => void) | null;
}

function DayColumn({ each, classes, hours: [first, last], now, onOpen, onBook }: ColumnProps) {
  const zone = useZone();
  const nameOf = useNames();
  const share = (minute: number): string => `${String(((minute - first * 60) / ((last - first) * 60)) * 100)}%`;
  const own = classes.filter(({ start_time }) => isSameDay(each, start_time, zone));
  const places = placed(own.map((item) => ({ item, from: minuteOfDay(item.start_time, zone), to: endMinute(item, zone) })));
  return (
    <div className="week-column" data-day="" aria-label={day(each, zone, each)} role="group">
      {onBook && <FreeTime each={each} hours={[first, last]} onBook={onBook} />}
      {isSameDay(each, now, zone) && <span className="week-now" style={{ insetBlockStart: share(minuteOfDay(now, zone)) }} />}
      {places.map(({ item, from, to, lane, lanes }) => (
        <button
          key={item.class_id}
          type="button"
          className="week-class"
          data-status={item.status}
          style={{
            insetBlockStart: share(from),
            blockSize: `calc(${share(first * 60 + Math.max(LEAST_MINUTES, to - from))} - 2px)`,
            insetInlineStart: `${String((lane / lanes) * 100)}%`,
            inlineSize: `calc(${String(100 / lanes)}% - 3px)`,
          }}
          onClick={() => {
            onOpen(item.class_id);
          }}
        >
          <span className="week-what">{item.subject}</span>
          <span className="week-when">
            {clock(item.start_time, zone)}–{clock(item.end_time, zone)}
          </span>
          <span className="week-who">{nameOf(item.teacher_email)}</span>
          <span className="hidden-text">{words.classStatus[item.status]}</span>
        </button>
      ))}
    </div>
  );
}

/** A class that goes on after midnight ends, on its day, at midnight. */
function endMinute(one: PlannedClass, zone: string): number {
  return Math.min(24 * 60, minuteOfDay(one.start_time, zone) + one.duration_minutes);
}

function isSameDay(each: Date, at: string | number, zone: string): boolean {
  return dateField(each, zone) === dateField(at, zone);
}
