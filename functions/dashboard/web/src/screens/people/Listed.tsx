import type { ReactNode } from "react";

import { Empty, Trouble } from "../../ui/states";
import { words } from "../../words";

interface ListedProps {
  title: string;
  thrown: unknown;
  again: () => void;
  count: number;
  children: ReactNode;
}

/** A table under its heading, or what there is instead of it. */
export function Listed({ title, thrown, again, count, children }: ListedProps) {
  return (
    <section>
      <h2>{title}</h2>
      {thrown !== null && <Trouble thrown={thrown} again={again} />}
      {thrown === null && count === 0 && <Empty title={words.people.none} />}
      {count > 0 && (
        <div className="panel table-scroll">
          <table className="table">
            <caption className="hidden-text">{title}</caption>
            {children}
          </table>
        </div>
      )}
    </section>
  );
}
