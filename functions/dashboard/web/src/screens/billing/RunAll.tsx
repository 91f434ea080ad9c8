import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { answered, api, type Schemas } from "../../api/client";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TroubleNote } from "../../ui/states";
import type { Bounds } from "./period";
import { HUB, paperOf, run, type Side } from "./queries";
import { hub } from "./words";

interface Props {
  side: Side;
  bounds: Bounds;
  label: string;
  /** The drafts as they were looked at; null until they are read. */
  found: Schemas["DraftsBody"] | null;
}

const LOOK_MS = 1500;
const STUCK_AFTER = 20;

/** Issue everybody's drafts of a period: asked once more first, then followed until nothing is left. */
export function RunAll({ side, bounds, label, found }: Props) {
  const client = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const [isRunning, setIsRunning] = useState(false);
  const starting = useMutation({
    mutationFn: () => answered(api.POST("/api/billing/runs", { body: { paper: paperOf(side), ...bounds } })),
    onSuccess: (progress) => {
      client.setQueryData(run(side, bounds).queryKey, progress);
      setIsAsking(false);
      setIsRunning(true);
    },
  });
  const count = found?.drafts.length ?? 0;
  if (isRunning) {
    return (
      <Progress
        side={side}
        bounds={bounds}
        onAgain={() => {
          starting.mutate();
        }}
      />
    );
  }
  if (count === 0) return null;
  return (
    <div>
      <Button
        kind="main"
        onClick={() => {
          setIsAsking(true);
        }}
      >
        {hub.drafts.all(count)}
      </Button>
      {isAsking && (
        <Dialog
          title={hub.drafts.allTitle[side]}
          onClose={() => {
            setIsAsking(false);
          }}
        >
          <p>{hub.drafts.allDetail(count, label)}</p>
          {(found?.questions.length ?? 0) > 0 && (
            <p className="note" data-tone="warn">
              {hub.drafts.allQuestions(found?.questions.length ?? 0)}
            </p>
          )}
          <TroubleNote thrown={starting.error} />
          <div className="actions">
            <Button
              kind="main"
              isBusy={starting.isPending}
              onClick={() => {
                starting.mutate();
              }}
            >
              {hub.drafts.allGo}
            </Button>
            <Button
              onClick={() => {
                setIsAsking(false);
              }}
            >
              {hub.drafts.keep}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Progress({ side, bounds, onAgain }: { side: Side; bounds: Bounds; onAgain: () => void }) {
  const client = useQueryClient();
  const [looks, setLooks] = useState({ left: Infinity, same: 0 });
  const { data, dataUpdatedAt, error } = useQuery({
    ...run(side, bounds),
    refetchInterval: ({ state }) => ((state.data?.left.length ?? 1) > 0 && looks.same < STUCK_AFTER ? LOOK_MS : false),
    staleTime: 0,
  });
  const left = data?.left.length ?? 0;
  const [seenAt, setSeenAt] = useState(0);
  if (dataUpdatedAt !== seenAt) {
    setSeenAt(dataUpdatedAt);
    setLooks(({ left: before, same }) => ({ left, same: before === left ? same + 1 : 0 }));
  }
  const isOver = data !== undefined && left === 0;
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ queryKey: [HUB], predicate: ({ queryKey }) => queryKey[1] !== "run" });
  }, [isOver, client]);
  if (data === undefined) return <TroubleNote thrown={error} />;
  const isStuck = !isOver && looks.same >= STUCK_AFTER;
  return (
    <div className="note" data-tone={isOver ? "good" : isStuck ? "warn" : undefined} role="status">
      {isOver ? (
        hub.drafts.finished(data.issued)
      ) : (
        <div className="stack run">
          <span>
            <strong>{isStuck ? hub.drafts.stuck : `${hub.drafts.running}: `}</strong>
            {hub.drafts.progress(data.issued, left)}
          </span>
          <progress aria-label={hub.drafts.running} max={data.issued + left} value={data.issued} />
          {isStuck && (
            <span>
              <Button
                onClick={() => {
                  setLooks({ left, same: 0 });
                  onAgain();
                }}
              >
                {hub.drafts.again}
              </Button>
            </span>
          )}
        </div>
      )}
      <TroubleNote thrown={error} />
    </div>
  );
}
