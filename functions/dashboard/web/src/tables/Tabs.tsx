import "./tables.css";

import { Link, useSearchParams } from "react-router";

interface Props<Name extends string> {
  label: string;
  /** The parameter of the address that says which one is shown. */
  parameter: string;
  shown: Name;
  names: readonly (readonly [Name, string])[];
}

/** Lists that share a screen. Each has an address, so that it can be sent to somebody and gone back to. */
export function Tabs<Name extends string>({ label, parameter, shown, names }: Props<Name>) {
  const [search] = useSearchParams();
  return (
    <nav className="tabs" aria-label={label}>
      {names.map(([name, told]) => {
        const there = new URLSearchParams(search);
        there.set(parameter, name);
        return (
          <Link key={name} to={`?${there.toString()}`} aria-current={name === shown ? "page" : undefined}>
            {told}
          </Link>
        );
      })}
    </nav>
  );
}
