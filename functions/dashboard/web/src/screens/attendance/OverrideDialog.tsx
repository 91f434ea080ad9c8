import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api } from "../../api/client";
import { Problem } from "../../api/problem";
import { useNames } from "../../people/names";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { wordOf, words } from "../../words";
import type { Row } from "./sheet";

const STATUSES = ["present", "late", "left_early", "partial", "absent", "excused", "no_show", "unknown"] as const;

/** Ruling somebody's status, with a reason; what the policy made of the evidence stays beside it and can count again. */
export function OverrideDialog({ row, meetCode, onClose }: { row: Row; meetCode: string | null; onClose: () => void }) {
  const client = useQueryClient();
  const nameOf = useNames();
  const [status, setStatus] = useState<(typeof STATUSES)[number]>(row.status);
  const [reason, setReason] = useState("");
  const done = async (): Promise<void> => {
    await client.invalidateQueries({ queryKey: ["session", row.session_id] });
    await client.invalidateQueries({ queryKey: ["rulings", row.session_id] });
    await client.invalidateQueries({ queryKey: ["logs"] });
    onClose();
  };
  const path = { session_id: row.session_id };
  const ruling = useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/attendance-tracker/sessions/{session_id}/overrides", {
          params: { path },
          body: { status, reason: reason.trim(), email: row.email },
        }),
      ),
    onSuccess: done,
  });
  const withdrawing = useMutation({
    mutationFn: async () => {
      const row_id = await rowId(row, meetCode);
      return answered(
        api.DELETE("/api/attendance-tracker/sessions/{session_id}/overrides/{row_id}", {
          params: { path: { ...path, row_id }, query: { reason: reason.trim() } },
        }),
      );
    },
    onSuccess: done,
  });
  const isBusy = ruling.isPending || withdrawing.isPending;
  return (
    <Dialog title={words.sheet.ruleOf(nameOf(row.email ?? ""))} onClose={onClose}>
      <p className="soft">{words.sheet.computed(wordOf(words.status, row.computed_status))}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          ruling.mutate();
        }}
      >
        <div className="fields">
          <Field label={words.sheet.status}>
            {(parts) => (
              <select
                {...parts}
                className="input"
                value={status}
                onChange={(event) => {
                  setStatus(STATUSES.find((each) => each === event.target.value) ?? row.status);
                }}
              >
                {STATUSES.map((each) => (
                  <option key={each} value={each}>
                    {words.status[each]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.schedule.reason} hint={words.sheet.reasonHint} isWide>
            {(parts) => (
              <input
                {...parts}
                className="input"
                required
                value={reason}
                onChange={(event) => {
                  setReason(event.target.value);
                }}
              />
            )}
          </Field>
        </div>
        <TroubleNote thrown={ruling.error ?? withdrawing.error} />
        <div className="actions">
          <Button kind="main" type="submit" isBusy={isBusy}>
            {words.sheet.rule}
          </Button>
          {row.override !== null && (
            <Button
              isBusy={isBusy}
              disabled={reason.trim() === ""}
              onClick={() => {
                withdrawing.mutate();
              }}
            >
              {words.sheet.withdraw}
            </Button>
          )}
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The id of a person's row, which the register tells and the log does not. */
async function rowId(row: Row, meetCode: string | null): Promise<string> {
  const { participants } = await answered(
    api.GET("/api/attendance-tracker/attendance/{meeting_id}", {
      params: { path: { meeting_id: meetCode ?? row.session_id }, query: { sessionId: row.session_id } },
    }),
  );
  const found = participants.find(({ email }) => email === row.email)?.participantId;
  if (!found) throw new Problem(404, words.sheet.rowGone, "");
  return found;
}
