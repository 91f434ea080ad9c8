import { io, type Socket } from "socket.io-client";

import { Course, type Follower } from "./course";
import {
  COURSE_EVENTS,
  type Acknowledged,
  type ActiveSession,
  type ClientEvents,
  type CourseEvent,
  type CourseEventName,
  type LiveError,
  type Refusal,
  type ServerEvents,
} from "./events";

export type LiveSocket = Socket<ServerEvents, ClientEvents>;

/** What a page shows of a course. The same object until something changes. */
export interface CourseView {
  readonly socket: LiveSocket | null;
  readonly activeSessions: readonly ActiveSession[];
  readonly isConnected: boolean;
  readonly error: string | null;
}

const FINAL = new Set(["unauthorised", "forbidden"]);
const ANSWER_MS = 10_000;
const GOODBYE_MS = 1000;
const RETRY_S = 5;
const RETRY_TOO_MANY_S = 30;
const LONGEST_RETRY_S = 60;
const UNREACHABLE = "The live connection cannot be reached; trying again.";
const UNANSWERED = "The live connection does not answer; trying again.";

/** Where one course stands on the current socket. `attempts` are subscriptions in a row that were refused. */
interface Standing {
  course: Course;
  isOn: boolean;
  isAsking: boolean;
  attempts: number;
  retry: ReturnType<typeof setTimeout> | undefined;
}

/** One socket for one address and token, with every course that is followed over it. */
export class Connection {
  readonly socket: LiveSocket;
  readonly #standings = new Map<string, Standing>();
  readonly #views = new WeakMap<Course, CourseView>();
  #trouble: LiveError | null = null;
  #isOver = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    url: string,
    token: string,
    private readonly onSignedOut: () => void,
  ) {
    // A WebSocket stays with one instance of the gateway; polling needs a balancer that remembers, so it comes second.
    const transports = ["websocket", "polling"];
    this.socket = io(url, { auth: { token }, autoConnect: false, forceNew: true, transports, tryAllTransports: true });
    this.socket.on("connect", () => {
      this.#connected();
    });
    this.socket.on("disconnect", (reason) => {
      this.#disconnected(reason);
    });
    this.socket.on("connect_error", (error: Error & { data?: Partial<Refusal> }) => {
      this.#refused(error);
    });
    this.socket.on("activeSessionsData", (state) => {
      const standing = this.#standings.get(state.course_id);
      if (standing?.course.take(state)) this.#changed(standing.course);
    });
    this.socket.on("activeSessionsError", (error) => {
      this.#failed(error);
    });
    for (const name of COURSE_EVENTS) this.#pass(name);
    this.socket.connect();
  }

  get isIdle(): boolean {
    return [...this.#standings.values()].every(({ course }) => course.followers.size === 0);
  }

  follow(course: Course, follower: Follower): void {
    course.followers.add(follower);
    const known = this.#standings.get(course.id);
    const standing = known ?? { course, isOn: false, isAsking: false, attempts: 0, retry: undefined };
    standing.course = course;
    this.#standings.set(course.id, standing);
    if (this.#trouble !== null) course.fail(this.#trouble, this.#isOver);
    void this.#settle(standing);
    this.#changed(course);
  }

  /** What this connection shows of a course. */
  viewOf(course: Course): CourseView {
    const { socket } = this;
    const isConnected = socket.connected;
    const view = { socket, activeSessions: course.activeSessions, isConnected, error: course.error };
    const shown = this.#views.get(course);
    if (shown?.activeSessions === view.activeSessions && shown.isConnected === isConnected && shown.error === view.error)
      return shown;
    this.#views.set(course, view);
    return view;
  }

  /** Leave the courses that nobody follows any more. */
  settle(): void {
    for (const standing of this.#standings.values()) void this.#settle(standing);
  }

  /** Tell the gateway, and hang up when it has heard it or says nothing. */
  close(): void {
    this.#isOver = true;
    clearTimeout(this.#retry);
    const leaving: Promise<unknown>[] = [];
    for (const { course, isOn, isAsking, retry } of this.#standings.values()) {
      clearTimeout(retry);
      if (this.socket.connected && (isOn || isAsking)) leaving.push(this.#ask("unsubscribeFromCourse", course.id, GOODBYE_MS));
    }
    this.#standings.clear();
    if (leaving.length === 0) this.socket.disconnect();
    else void Promise.all(leaving).then(() => this.socket.disconnect());
  }

  #pass(name: CourseEventName): void {
    // The library cannot type a listener for any of several events; a frame is what its name says.
    (this.socket as Socket).on(name, (data: CourseEvent["data"]) => {
      this.#standings.get(data.course_id)?.course.hear({ name, data } as CourseEvent);
    });
  }

  #connected(): void {
    this.#trouble = null;
    for (const standing of this.#standings.values()) {
      standing.course.error = null;
      standing.attempts = 0;
      this.#changed(standing.course);
    }
    this.settle();
  }

  #disconnected(reason: string): void {
    for (const standing of this.#standings.values()) {
      clearTimeout(standing.retry);
      standing.isOn = false;
      this.#changed(standing.course);
    }
    // Of all the reasons, only after this one does the library not come back by itself.
    if (reason === "io server disconnect") this.#comeBack(RETRY_S);
  }

  #refused(error: Error & { data?: Partial<Refusal> }): void {
    if (this.socket.active) {
      this.#tellAll({ message: UNREACHABLE, code: "unreachable" });
      return;
    }
    const { code, detail, retry_after: after } = error.data ?? {};
    const message = detail ? `${error.message}. ${detail}` : error.message;
    this.#tellAll({ message, ...(code === undefined ? {} : { code }) });
    this.#comeBack(after ?? (code === "too-many" ? RETRY_TOO_MANY_S : RETRY_S));
  }

  #failed(error: LiveError): void {
    if (error.course_id === undefined) {
      this.#tellAll(error);
      return;
    }
    const standing = this.#standings.get(error.course_id);
    if (!standing) return;
    standing.course.fail(error, true);
    // While it asks, the answer says the same; else the gateway dropped the course of its own accord.
    if (!standing.isAsking) this.#askLater(standing);
    this.#changed(standing.course);
  }

  #tellAll(error: LiveError): void {
    const isFinal = error.code !== undefined && FINAL.has(error.code);
    if (isFinal || !this.socket.connected) this.#trouble = error;
    if (isFinal) {
      this.#isOver = true;
      this.onSignedOut();
    }
    for (const { course } of this.#standings.values()) {
      course.fail(error, isFinal);
      this.#changed(course);
    }
    if (isFinal) this.socket.disconnect();
  }

  #comeBack(afterS: number): void {
    clearTimeout(this.#retry);
    if (this.#isOver) return;
    this.#retry = setTimeout(() => this.socket.connect(), spread(afterS));
  }

  /** Bring what the gateway sends of a course and what is wanted of it together, one question at a time. */
  async #settle(standing: Standing): Promise<void> {
    const isWanted = standing.course.followers.size > 0;
    if (standing.isAsking || standing.isOn === isWanted || !this.socket.connected || this.#isOver) return;
    clearTimeout(standing.retry);
    standing.isAsking = true;
    const socketId = this.socket.id;
    const answer = await this.#ask(isWanted ? "subscribeToCourse" : "unsubscribeFromCourse", standing.course.id);
    standing.isAsking = false;
    if (this.socket.id === socketId) this.#answered(standing, isWanted, answer);
    else void this.#settle(standing);
  }

  #answered(standing: Standing, isWanted: boolean, answer: Acknowledged | null): void {
    if (this.#isOver) return;
    if (answer?.success) {
      standing.isOn = isWanted;
      standing.attempts = 0;
      void this.#settle(standing);
    } else if (isWanted) {
      standing.course.fail(answer ?? { message: UNANSWERED, course_id: standing.course.id }, answer !== null);
      this.#askLater(standing);
      this.#changed(standing.course);
    } else {
      this.#askLater(standing);
    }
  }

  async #ask(
    event: "subscribeToCourse" | "unsubscribeFromCourse",
    course_id: string,
    within = ANSWER_MS,
  ): Promise<Acknowledged | null> {
    try {
      return (await this.socket.timeout(within).emitWithAck(event, { course_id })) as Acknowledged;
    } catch {
      return null; // no answer in time, or the connection broke meanwhile
    }
  }

  #askLater(standing: Standing): void {
    const isWanted = standing.course.followers.size > 0;
    standing.isOn = !isWanted;
    const afterS = Math.min(LONGEST_RETRY_S, RETRY_S * 2 ** standing.attempts++);
    clearTimeout(standing.retry);
    standing.retry = setTimeout(() => void this.#settle(standing), spread(afterS));
  }

  #changed(course: Course): void {
    for (const follower of [...course.followers]) follower.changed();
  }
}

/** So many seconds in milliseconds, and up to half as many more, so that not everybody comes at once. */
function spread(seconds: number): number {
  return seconds * 1000 * (1 + Math.random() / 2);
}
