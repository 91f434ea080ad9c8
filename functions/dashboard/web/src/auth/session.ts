import { useSyncExternalStore } from "react";

export type Role = "admin" | "teacher" | "user";

/** Who is signed in on this device. `token` is null only on a local stack, whose callers without one are the administrator. */
export interface Session {
  token: string | null;
  email: string;
  name: string;
  role: Role;
  /** In milliseconds since 1970; null for a session that has no end of its own. */
  endsAt: number | null;
}

export type Ending = "ended" | "left";

const KEY = "rollcall.session";
const followers = new Set<() => void>();
let ending: Ending | null = null;
let known: Session | null | undefined;
/** Who was signed in last on this page, unless they left. */
let lately: Session | null = null;

/** Who is signed in, or null. A session whose time is over is none. */
export function currentSession(): Session | null {
  if (known === undefined) known = stored();
  if (known?.endsAt != null && known.endsAt <= Date.now()) {
    lately = known;
    known = null;
    ending = "ended";
    // Whoever follows is told, but not while a page is being drawn.
    queueMicrotask(tell);
  }
  return known;
}

/** Why nobody is signed in any more, for the page that asks to sign in again. */
export function lastEnding(): Ending | null {
  return ending;
}

/** Whose sign-in ended while they were at work, so that they can go on with it; null where nobody's did, or they left. */
export function interruptedSession(): Session | null {
  return currentSession() === null && ending === "ended" ? lately : null;
}

/** Begin a session with a token; throws a plain sentence's `Error` where it is none. */
export function startSession(token: string | null): Session {
  const session = token === null ? LOCAL_ADMIN : sessionOf(token);
  ending = null;
  keep(session);
  return session;
}

/** End the session: the person left, or the API does not take its token any more. */
export function endSession(why: Ending): void {
  if (known === null && ending === why) return;
  ending = why;
  keep(null);
}

/** Be told when somebody else is signed in, or nobody. */
export const onSessionChange = follow;

/** Who is at work on this page, followed: signed in, or interrupted. */
export function useSession(): Session | null {
  return useSyncExternalStore(follow, () => currentSession() ?? interruptedSession());
}

/** Whether whoever is at work has to sign in again, followed. */
export function useIsInterrupted(): boolean {
  return useSyncExternalStore(follow, () => interruptedSession() !== null);
}

const LOCAL_ADMIN: Session = { token: null, email: "local", name: "Administrator", role: "admin", endsAt: null };

/** What a token says of whoever holds it; the API checks it, this page only reads it. */
export function sessionOf(token: string): Session {
  const part = token.split(".")[1];
  const claims: Record<string, unknown> = part === undefined ? {} : decoded(part);
  const { email, role, name, exp } = claims;
  if (typeof email !== "string" || (role !== "admin" && role !== "teacher" && role !== "user")) {
    throw new Error("This is no token of Rollcall: it names no person and role. Copy the whole text, without spaces.");
  }
  const endsAt = typeof exp === "number" ? exp * 1000 : null;
  return { token, email, role, name: typeof name === "string" && name !== "" ? name : email, endsAt };
}

function decoded(part: string): Record<string, unknown> {
  try {
    const bytes = Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof claims === "object" && claims !== null ? { ...claims } : {};
  } catch {
    return {};
  }
}

function stored(): Session | null {
  try {
    const text = localStorage.getItem(KEY);
    if (text === null) return null;
    const token: unknown = JSON.parse(text);
    return token === null ? LOCAL_ADMIN : typeof token === "string" ? sessionOf(token) : null;
  } catch {
    return null;
  }
}

function keep(session: Session | null): void {
  lately = session ?? (ending === "ended" ? (known ?? lately) : null);
  known = session;
  try {
    if (session === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, JSON.stringify(session.token));
  } catch {
    // Storage is closed to this page: the session lasts as long as the page.
  }
  tell();
}

function tell(): void {
  for (const follower of followers) follower();
}

function follow(changed: () => void): () => void {
  followers.add(changed);
  const elsewhere = (event: StorageEvent): void => {
    if (event.key !== KEY) return;
    known = undefined;
    changed();
  };
  window.addEventListener("storage", elsewhere);
  return () => {
    followers.delete(changed);
    window.removeEventListener("storage", elsewhere);
  };
}
