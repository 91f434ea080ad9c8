import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "rollcall.theme";
const followers = new Set<() => void>();

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

/** Choose how the pages look on this device. */
export function chooseTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is closed to this page: the choice lasts as long as the page.
  }
  for (const follower of followers) follower();
}

/** How the pages look, followed. */
export function useTheme(): Theme {
  return useSyncExternalStore((changed) => {
    followers.add(changed);
    return () => followers.delete(changed);
  }, current);
}
