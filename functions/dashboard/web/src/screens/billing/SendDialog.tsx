import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { FieldPath, FieldValues, UseFormReturn } from "react-hook-form";

import { placed, type Problem } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { HUB } from "./queries";

interface Props<Fields extends FieldValues> {
  title: string;
  /** What the button says that sends. */
  act: string;
  form: UseFormReturn<Fields>;
  /** Beside which of the form's fields it stands what the API finds wrong with one of its own. */
  places: Readonly<Record<string, FieldPath<Fields>>>;
  send: (fields: Fields) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** A form of the hub in a dialog: it closes when what was typed is taken, and says beside its field what is not. */
export function SendDialog<Fields extends FieldValues>({ title, act, form, places, send, onClose, children }: Props<Fields>) {
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<Problem | null>(null);
  const sending = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [HUB] });
      onClose();
    },
    onError: (thrown) => {
      setRefusal(placed(thrown, places, form.setError));
    },
  });
  const submit = form.handleSubmit((fields) => {
    setRefusal(null);
    sending.mutate(fields);
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
        {children}
        <TroubleNote thrown={refusal} />
        <div className="actions">
          <Button kind="main" type="submit" isBusy={sending.isPending}>
            {act}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
