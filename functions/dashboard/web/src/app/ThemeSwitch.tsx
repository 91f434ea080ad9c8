import { Monitor, Moon, Sun } from "lucide-react";

import { words } from "../words";
import { chooseTheme, useTheme, type Theme } from "./theme";

const NEXT: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const ICONS = { system: Monitor, light: Sun, dark: Moon };

/** One button that goes round: as the system has it, light, dark. */
export function ThemeSwitch() {
  const theme = useTheme();
  const Icon = ICONS[theme];
  return (
    <button
      type="button"
      className="button"
      data-kind="plain"
      aria-label={words.shell.themeNow(words.themes[theme])}
      onClick={() => {
        chooseTheme(NEXT[theme]);
      }}
    >
      <Icon size={16} aria-hidden="true" />
      <span className="only-desk">{words.themes[theme]}</span>
    </button>
  );
}
