import { useSearchParams } from "react-router";

interface Props<T extends string> {
  /** What is chosen, which its reader is told, and where the address keeps it. */
  label: string;
  name: string;
  value: T;
  options: Readonly<Record<T, string>>;
}

/** One of a few, kept in the address. */
export function Choice<T extends string>({ label, name, value, options }: Props<T>) {
  const [, setSearch] = useSearchParams();
  return (
    <select
      className="input period-unit"
      aria-label={label}
      value={value}
      onChange={(event) => {
        setSearch((before) => {
          before.set(name, event.target.value);
          return before;
        });
      }}
    >
      {Object.entries<string>(options).map(([key, told]) => (
        <option key={key} value={key}>
          {told}
        </option>
      ))}
    </select>
  );
}
