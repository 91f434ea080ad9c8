import { ChevronLeft, ChevronRight } from "lucide-react";

import { Button } from "../../ui/Button";
import { periodAround, periodLabel, readPeriod, turned, type Period, type Unit } from "./period";
import { hub } from "./words";

const UNITS: readonly Unit[] = ["month", "quarter", "year", "days"];

/** Choose a time: a month, a quarter or a year, one after the other, or any days. */
export function PeriodPicker({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  return (
    <div className="row period" role="group" aria-label={hub.period.label}>
      <select
        className="input period-unit"
        aria-label={hub.period.label}
        value={period.unit}
        onChange={(event) => {
          const unit = UNITS.find((each) => each === event.target.value) ?? "month";
          onChoose(
            unit === "days" ? { ...period, unit, text: `${period.first}..${period.last}` } : periodAround(period.first, unit),
          );
        }}
      >
        {UNITS.map((unit) => (
          <option key={unit} value={unit}>
            {hub.period.units[unit]}
          </option>
        ))}
      </select>
      <Turn period={period} by={-1} onChoose={onChoose} />
      {period.unit === "days" ? (
        <Days period={period} onChoose={onChoose} />
      ) : (
        <span className="period-label" aria-live="polite">
          {periodLabel(period)}
        </span>
      )}
      <Turn period={period} by={1} onChoose={onChoose} />
    </div>
  );
}

function Turn({ period, by, onChoose }: { period: Period; by: -1 | 1; onChoose: (period: Period) => void }) {
  const Icon = by < 0 ? ChevronLeft : ChevronRight;
  return (
    <Button
      aria-label={by < 0 ? hub.period.before : hub.period.after}
      onClick={() => {
        onChoose(turned(period, by));
      }}
    >
      <Icon size={16} aria-hidden="true" />
    </Button>
  );
}

function Days({ period, onChoose }: { period: Period; onChoose: (period: Period) => void }) {
  const choose = (first: string, last: string): void => {
    const next = readPeriod(`${first}..${last}`) ?? readPeriod(`${first}..${first}`);
    if (next) onChoose(next);
  };
  return (
    <>
      <input
        className="input period-day"
        type="date"
        aria-label={hub.period.first}
        value={period.first}
        onChange={(event) => {
          choose(event.target.value, period.last);
        }}
      />
      <input
        className="input period-day"
        type="date"
        aria-label={hub.period.last}
        value={period.last}
        min={period.first}
        onChange={(event) => {
          choose(period.first, event.target.value);
        }}
      />
    </>
  );
}
