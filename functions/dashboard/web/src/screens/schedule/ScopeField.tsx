import { Field } from "../../ui/Field";
import { words } from "../../words";
import type { Scope } from "./queries";

const SCOPES: readonly Scope[] = ["this", "following", "all"];

/** Which classes of a series are meant. */
export function ScopeField({ scope, onScope }: { scope: Scope; onScope: (scope: Scope) => void }) {
  return (
    <Field label={words.schedule.scope}>
      {(parts) => (
        <select
          {...parts}
          className="input"
          value={scope}
          onChange={(event) => {
            onScope(SCOPES.find((each) => each === event.target.value) ?? "this");
          }}
        >
          {SCOPES.map((each) => (
            <option key={each} value={each}>
              {words.schedule.scopes[each]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
