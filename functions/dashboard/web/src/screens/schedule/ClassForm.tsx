import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useForm } from "react-hook-form";

import { answered, api, type Schemas } from "../../api/client";
import { placed, Problem } from "../../api/problem";
import { useSession } from "../../auth/session";
import { courses } from "../../people/names";
import { useZone, zoneLabel } from "../../time/zone";
import { Button } from "../../ui/Button";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { bookingOf, changeOf, firstFields, PLACES, type ClassFields } from "./classForm";
import { ClassInputs } from "./ClassInputs";
import { conflictTold } from "./conflicts";
import type { PlannedClass, Scope } from "./queries";
import { ScopeField } from "./ScopeField";
import type { Slot } from "./slots";

interface Props {
  /** The class that is changed; null books a new one. */
  changed: PlannedClass | null;
  /** Where free time in the calendar was chosen for a new one. */
  at?: Slot | null;
  onDone: () => void;
  onBooked?: (booked: Schemas["BookedBody"]) => void;
}

/** What is typed to book a class or to change one. The API checks it; what it refuses stands beside its field. */
export function ClassForm({ changed, at = null, onDone, onBooked }: Props) {
  const zone = useZone();
  const client = useQueryClient();
  const session = useSession();
  const known = useQuery(courses).data ?? [];
  const [openedAt] = useState(() => Date.now());
  const [key] = useState(() => crypto.randomUUID());
  const [scope, setScope] = useState<Scope>("this");
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const teacher = session?.role === "teacher" ? session.email : "";
  const form = useForm<ClassFields>({ defaultValues: { ...firstFields(changed, teacher, openedAt, zone), ...at } });
  const sending = useMutation({
    mutationFn: ({ fields, isSure }: { fields: ClassFields; isSure: boolean }) =>
      changed === null
        ? answered(
            api.POST("/api/schedule/class", {
              params: { header: { "Idempotency-Key": isSure ? `${key}-sure` : key } },
              body: bookingOf(fields, zone, isSure),
            }),
          )
        : answered(
            api.PATCH("/api/schedule/classes/{class_id}", {
              params: { path: { class_id: changed.class_id }, query: { scope } },
              body: changeOf(fields, changed, zone, isSure),
            }),
          ),
    onSuccess: async (booked) => {
      await client.invalidateQueries({ queryKey: ["classes"] });
      if (onBooked) onBooked(booked);
      else onDone();
    },
    onError: (thrown) => {
      setRefusal(placed(thrown, PLACES, form.setError));
    },
  });
  const send = (isSure: boolean) =>
    form.handleSubmit((fields) => {
      setRefusal(null);
      sending.mutate({ fields, isSure });
    });
  const isConflict = refusal !== null && refusal.classIds.length > 0;
  return (
    <form className="stack" noValidate onSubmit={(event) => void send(false)(event)}>
      <ClassInputs
        form={form}
        courses={known}
        isNew={changed === null}
        isTeacher={session?.role === "teacher"}
        zone={zoneLabel(zone, new Date())}
      />
      {changed?.series_id != null && <ScopeField scope={scope} onScope={setScope} />}
      <TroubleNote thrown={refusal === null ? null : inPlainWords(refusal, zone)} />
      <div className="actions">
        {isConflict ? (
          <Button kind="bad" isBusy={sending.isPending} onClick={() => void send(true)()}>
            {words.schedule.bookAnyway}
          </Button>
        ) : (
          <Button kind="main" type="submit" isBusy={sending.isPending}>
            {changed === null ? words.schedule.book : words.save}
          </Button>
        )}
        <Button onClick={onDone}>{words.cancel}</Button>
      </div>
    </form>
  );
}

function inPlainWords(refusal: Problem, zone: string): Problem {
  const detail = refusal.classIds.length > 0 ? conflictTold(refusal.detail, zone) : refusal.detail;
  return new Problem(refusal.status, refusal.title, detail, refusal.fields, refusal.requestId, refusal.classIds);
}
