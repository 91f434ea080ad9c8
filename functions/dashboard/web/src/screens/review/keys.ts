import { useEffect } from "react";

/** What each key does on the screen. Keys that are typed into a field, or held with others, are left alone. */
export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.closest("input, select, textarea, [role=dialog]") !== null;
      // A key that is held down is one decision, not one for each card that comes up.
      if (event.repeat || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      const action = actions[event.key.toLowerCase()];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
    };
  }, [actions]);
}
