import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api } from "../../api/client";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import type { PlannedClass, Scope } from "./queries";
import { ScopeField } from "./ScopeField";

interface Props {
  shown: PlannedClass;
  onKept: () => void;
  onCancelled: (count: number) => void;
}

/** Calling a class off, with the reason that everybody is told. */
export function CancelForm({ shown, onKept, onCancelled }: Props) {
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const [scope, setScope] = useState<Scope>("this");
  const cancelling = useMutation({
    mutationFn: () =>
      answered(
        api.DELETE("/api/schedule/classes/{class_id}", {
          params: {
            path: { class_id: shown.class_id },
            query: { scope, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) },
          },
        }),
      ),
    onSuccess: async ({ classes }) => {
      await client.invalidateQueries({ queryKey: ["classes"] });
      onCancelled(classes.length);
    },
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        cancelling.mutate();
      }}
    >
      <p>{words.schedule.cancelDetail}</p>
      {shown.series_id !== null && <ScopeField scope={scope} onScope={setScope} />}
      <Field label={words.schedule.reason} hint={words.schedule.reasonHint}>
        {(parts) => (
          <input
            {...parts}
            className="input"
            value={reason}
            onChange={(event) => {
              setReason(event.target.value);
            }}
          />
        )}
      </Field>
      <TroubleNote thrown={cancelling.error} />
      <div className="actions">
        <Button kind="bad" type="submit" isBusy={cancelling.isPending}>
          {words.schedule.cancelClass}
        </Button>
        <Button onClick={onKept}>{words.schedule.keep}</Button>
      </div>
    </form>
  );
}
