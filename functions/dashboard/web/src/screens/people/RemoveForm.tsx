import { useMutation } from "@tanstack/react-query";

import { Button } from "../../ui/Button";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { remove, useDirectoryChanged, type Entered } from "./kinds";
import { directory } from "./words";

interface Props {
  kind: Entered;
  id: string;
  called: string;
  onKept: () => void;
  onRemoved: () => void;
}

/** Removing somebody or a course, with what that means said before. */
export function RemoveForm({ kind, id, called, onKept, onRemoved }: Props) {
  const changed = useDirectoryChanged();
  const removing = useMutation({
    mutationFn: () => remove(kind, id),
    onSuccess: async () => {
      await changed();
      onRemoved();
    },
  });
  return (
    <div className="stack">
      <p>{directory.removeTold[kind]}</p>
      {kind !== "course" && <p className="soft small">{directory.erase}</p>}
      <TroubleNote thrown={removing.error} />
      <div className="actions">
        <Button
          kind="bad"
          isBusy={removing.isPending}
          onClick={() => {
            removing.mutate();
          }}
        >
          {directory.removeOf(called)}
        </Button>
        <Button onClick={onKept}>{words.schedule.keep}</Button>
      </div>
    </div>
  );
}
