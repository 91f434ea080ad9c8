import "./tables.css";

import { useState, type ReactNode } from "react";

import { Button } from "../ui/Button";
import { table } from "./words";

const ON_A_PAGE = 50;

interface Props<Item> {
  items: readonly Item[];
  /** What the list is narrowed down by: another one begins at the first page. */
  of: string;
  children: (items: readonly Item[]) => ReactNode;
}

/** A long list, fifty at a time, with a way through it. */
export function Paged<Item>({ items, of, children }: Props<Item>) {
  const [turned, setTurned] = useState({ of, page: 0 });
  const last = Math.max(0, Math.ceil(items.length / ON_A_PAGE) - 1);
  const page = turned.of === of ? Math.min(turned.page, last) : 0;
  const first = page * ON_A_PAGE;
  const shown = items.slice(first, first + ON_A_PAGE);
  const turn = (to: number): void => {
    setTurned({ of, page: Math.min(Math.max(to, 0), last) });
  };
  return (
    <>
      {children(shown)}
      {items.length > ON_A_PAGE && (
        <nav className="pager" aria-label={table.pages}>
          <Button
            disabled={page === 0}
            onClick={() => {
              turn(page - 1);
            }}
          >
            {table.before}
          </Button>
          <span role="status">{table.shown(first + 1, first + shown.length, items.length)}</span>
          <Button
            disabled={page === last}
            onClick={() => {
              turn(page + 1);
            }}
          >
            {table.after}
          </Button>
        </nav>
      )}
    </>
  );
}
