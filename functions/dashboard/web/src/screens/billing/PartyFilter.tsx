import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";

import { parties } from "./queries";
import { usePartyNames } from "./useParties";

interface Props {
  label: string;
  value: string | null;
  onChoose: (party: string | null) => void;
}

/** One party by its e-mail, with those that are known to choose from. Enter, or leaving the field, asks. */
export function PartyFilter({ label, value, onChoose }: Props) {
  const list = useId();
  const [typed, setTyped] = useState(value ?? "");
  const send = (text: string): void => {
    const wanted = text.trim() === "" ? null : text.trim();
    if (wanted !== value) onChoose(wanted);
  };
  return (
    <form
      className="party-filter"
      onSubmit={(event) => {
        event.preventDefault();
        send(typed);
      }}
    >
      <input
        className="input"
        type="email"
        placeholder={label}
        aria-label={label}
        list={list}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
        }}
        onBlur={() => {
          send(typed);
        }}
      />
      <KnownParties id={list} />
    </form>
  );
}

/** The parties that are entered, for a field to choose from. */
export function KnownParties({ id }: { id: string }) {
  const nameOf = usePartyNames();
  const known = useQuery(parties).data ?? [];
  return (
    <datalist id={id}>
      {known.map(({ email, name }) => (
        <option key={email} value={email}>
          {name ?? nameOf(email)}
        </option>
      ))}
    </datalist>
  );
}
