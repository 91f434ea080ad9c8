import { useNames } from "../../people/names";
import { clock, dateField, longDay } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Empty } from "../../ui/states";
import { words } from "../../words";
import type { PlannedClass } from "./queries";

interface Props {
  classes: readonly PlannedClass[];
  now: number;
  onOpen: (classId: string) => void;
}

/** The same week as a list, day by day, for a narrow screen. */
export function WeekList({ classes, now, onOpen }: Props) {
  const zone = useZone();
  const nameOf = useNames();
  const days = new Map<string, PlannedClass[]>();
  for (const one of classes) {
    const date = dateField(one.start_time, zone);
    days.set(date, [...(days.get(date) ?? []), one]);
  }
  if (classes.length === 0) {
    return (
      <div className="only-phone">
        <Empty title={words.schedule.none}>{words.schedule.noneDetail}</Empty>
      </div>
    );
  }
  return (
    <div className="only-phone">
      {[...days.entries()].map(([date, own]) => (
        <section key={date} className="day-list">
          <h2>
            {longDay(own[0]?.start_time ?? now, zone)}
            {date === dateField(now, zone) && <Chip tone="good">{words.schedule.today}</Chip>}
          </h2>
          <ul>
            {own.map((one) => (
              <li key={one.class_id}>
                <button
                  type="button"
                  className="day-class"
                  data-status={one.status}
                  onClick={() => {
                    onOpen(one.class_id);
                  }}
                >
                  <span className="day-time">
                    {clock(one.start_time, zone)}
                    <span className="soft">{clock(one.end_time, zone)}</span>
                  </span>
                  <span className="day-what">
                    <strong>{one.subject}</strong>
                    <span className="soft small">{nameOf(one.teacher_email)}</span>
                  </span>
                  {one.status !== "scheduled" && (
                    <Chip tone={one.status === "active" ? "good" : "quiet"}>{words.classStatus[one.status]}</Chip>
                  )}
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
