import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Schemas } from "../../api/client";
import { useSession } from "../../auth/session";
import { ImportTable } from "../../tables/ImportTable";
import { useZone } from "../../time/zone";
import { Dialog } from "../../ui/Dialog";
import { book, look, lookedOf, templateOf } from "./timetable";
import { timetable } from "./words";

interface Props {
  onClose: () => void;
  onBooked: (booked: Schemas["ImportClassesBody"]) => void;
}

/** Booking a whole timetable from a table. */
export function ImportDialog({ onClose, onBooked }: Props) {
  const zone = useZone();
  const client = useQueryClient();
  const session = useSession();
  const [openedAt] = useState(() => Date.now());
  const teacher = session?.role === "teacher" ? session.email : "ada@school.example";
  return (
    <Dialog title={timetable.title} onClose={onClose}>
      <p className="soft">{timetable.lead}</p>
      <ImportTable
        columns={timetable.columns}
        template={{ name: "classes.csv", rows: templateOf(teacher, openedAt, zone) }}
        look={async (csv, isChosen) => lookedOf(await look(csv, isChosen), zone)}
        act={async (csv, isChosen, key) => {
          const booked = await book(csv, isChosen, key);
          await client.invalidateQueries({ queryKey: ["classes"] });
          onBooked(booked);
        }}
        choice={{ label: timetable.allow, hint: timetable.allowHint }}
        onCancel={onClose}
      />
    </Dialog>
  );
}
