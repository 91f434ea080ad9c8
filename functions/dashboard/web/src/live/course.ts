import type { ActiveSession, ActiveSessions, CourseEvent, LiveError } from "./events";

/** Who follows a course: `changed` when its view is another one, `heard` for everything that happens in it. */
export interface Follower {
  changed: () => void;
  heard: (event: CourseEvent) => void;
  failed: (error: LiveError) => void;
}

const MOST_SESSIONS = 200;

/** What is known of one course, and who wants to know it. */
export class Course {
  readonly followers = new Set<Follower>();
  activeSessions: readonly ActiveSession[] = [];
  error: string | null = null;
  /** When the last follower left, in milliseconds of the page's own clock. */
  leftAt: number | null = null;
  #rev = 0;
  readonly #revs = new Map<string, number>();

  constructor(readonly id: string) {}

  /** Take in a state; false when it is older than the one that is known. */
  take(state: ActiveSessions): boolean {
    if (state.rev < this.#rev) return false;
    this.#rev = state.rev;
    this.activeSessions = state.activeSessions;
    this.error = null;
    return true;
  }

  /** Tell the followers what happened, unless something later of the same session was told before. */
  hear(event: CourseEvent): void {
    const { session_id: session, rev } = event.data;
    if (rev < (this.#revs.get(session) ?? 0)) return;
    this.#revs.delete(session);
    this.#revs.set(session, rev);
    const oldest = this.#revs.keys().next().value;
    if (this.#revs.size > MOST_SESSIONS && oldest !== undefined) this.#revs.delete(oldest);
    for (const follower of [...this.followers])
      guarded(() => {
        follower.heard(event);
      });
  }

  /** Something went wrong. `isRefused`: the gateway tells nothing more of this course, so that what was known may be wrong. */
  fail(error: LiveError, isRefused: boolean): void {
    const isNews = this.error !== error.message;
    this.error = error.message;
    if (isRefused) this.activeSessions = [];
    if (!isNews) return;
    for (const follower of [...this.followers])
      guarded(() => {
        follower.failed(error);
      });
  }
}

/** Run what somebody else wrote: its error is theirs, shows up as uncaught, and stops nobody else from being told. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (trouble) {
    queueMicrotask(() => {
      throw trouble;
    });
  }
}
