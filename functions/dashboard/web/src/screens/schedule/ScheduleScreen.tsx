import "./schedule.css";

import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, FileUp, Plus } from "lucide-react";
import { useState } from "react";
import { useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { dateField, day, daysLater, instantOf, weekStart } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone, zoneLabel } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Loading, Trouble } from "../../ui/states";
import { words } from "../../words";
import { BookDialog } from "./BookDialog";
import { ClassDialog } from "./ClassDialog";
import { ImportDialog } from "./ImportDialog";
import { classesBetween } from "./queries";
import type { Slot } from "./slots";
import { firstDay } from "./timetable";
import { WeekGrid } from "./WeekGrid";
import { WeekList } from "./WeekList";
import { schedule, timetable } from "./words";

/** Booking a class, at a time that the calendar was clicked at, or bringing in a file of them. */
type Doing = { books: Slot | null } | "importing";

/** A week of classes: as a calendar on a desk, as a list on a phone. Booking, changing and cancelling start here. */
export default function ScheduleScreen() {
  const zone = useZone();
  const now = useNow("minute");
  const [search, setSearch] = useSearchParams();
  const [doing, setDoing] = useState<Doing | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const isStaff = useSession()?.role !== "user";
  const asked = instantOf(search.get("week") ?? "", "12:00", zone) ?? new Date(now);
  const from = weekStart(asked, zone);
  const to = daysLater(from, 7, zone);
  const { data, isPending, isError, error, refetch } = useQuery(classesBetween(from, to));
  const shown = data?.find(({ class_id }) => class_id === search.get("class"));
  const go = (name: string, value: string | null): void => {
    setSearch((before) => {
      if (value === null) before.delete(name);
      else before.set(name, value);
      return before;
    });
  };
  const open = (classId: string): void => {
    setTold(null);
    go("class", classId);
  };
  const turn = (days: number): void => {
    setTold(null);
    go("week", days === 0 ? null : dateField(daysLater(from, days, zone), zone));
  };
  const begin = (what: Doing): void => {
    setTold(null);
    setDoing(what);
  };
  const book = (at: Slot): void => {
    begin({ books: at });
  };
  return (
    <Page
      title={words.schedule.title}
      lead={`${day(from, zone)} – ${day(daysLater(from, 6, zone), zone)} · ${zoneLabel(zone, from)}`}
      actions={
        <>
          <Turning onTurn={turn} />
          {isStaff && <Beginning onBegin={begin} />}
        </>
      }
    >
      <div role="status">
        {told !== null && (
          <p className="note schedule-told" data-tone="good">
            {told}
          </p>
        )}
      </div>
      {isPending && <Loading lines={12} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && (
        <>
          <WeekGrid classes={data} from={from} now={now} onOpen={open} onBook={isStaff ? book : null} onTurn={turn} />
          <p className="only-desk soft small schedule-keys">
            {data.length === 0 && `${words.schedule.none}. `}
            {isStaff && `${schedule.free} `}
            {data.length > 0 && schedule.keys}
          </p>
          <WeekList classes={data} now={now} onOpen={open} />
        </>
      )}
      {typeof doing === "object" && doing !== null && (
        <BookDialog
          at={doing.books}
          onClose={() => {
            setDoing(null);
          }}
        />
      )}
      {doing === "importing" && (
        <ImportDialog
          onClose={() => {
            setDoing(null);
          }}
          onBooked={(booked) => {
            const linkless = booked.classes.filter(({ meet_link }) => meet_link === null).length;
            setTold([timetable.booked(booked.booked), linkless > 0 ? timetable.linkless(linkless) : ""].join(" "));
            setDoing(null);
            go("week", firstDay(booked, zone));
          }}
        />
      )}
      {shown && (
        <ClassDialog
          shown={shown}
          onTold={setTold}
          onClose={() => {
            go("class", null);
          }}
        />
      )}
    </Page>
  );
}

function Beginning({ onBegin }: { onBegin: (what: Doing) => void }) {
  return (
    <>
      <Button
        onClick={() => {
          onBegin("importing");
        }}
      >
        <FileUp size={16} aria-hidden="true" />
        {timetable.open}
      </Button>
      <Button
        kind="main"
        onClick={() => {
          onBegin({ books: null });
        }}
      >
        <Plus size={16} aria-hidden="true" />
        {words.schedule.book}
      </Button>
    </>
  );
}

function Turning({ onTurn }: { onTurn: (days: number) => void }) {
  return (
    <div className="row">
      <Button
        aria-label={words.schedule.before}
        onClick={() => {
          onTurn(-7);
        }}
      >
        <ChevronLeft size={16} aria-hidden="true" />
      </Button>
      <Button
        onClick={() => {
          onTurn(0);
        }}
      >
        {words.schedule.thisWeek}
      </Button>
      <Button
        aria-label={words.schedule.after}
        onClick={() => {
          onTurn(7);
        }}
      >
        <ChevronRight size={16} aria-hidden="true" />
      </Button>
    </div>
  );
}
