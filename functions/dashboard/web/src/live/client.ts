import { Connection, type CourseView } from "./connection";
import { Course, type Follower } from "./course";

/** Where the gateway is, and as whom it is spoken to. */
export interface Place {
  url: string;
  token: string;
}

const REMEMBERED_MS = 5 * 60_000;
const MOST_REMEMBERED = 50;
const NOTHING: CourseView = { socket: null, activeSessions: [], isConnected: false, error: null };

const connections = new Map<string, Connection>();
const courses = new Map<string, Course>();
const remembered = new WeakMap<Course, CourseView>();

/**
 * Follow a course until the function that comes back is called. Everybody at one place shares one socket; it is closed when the
 * last of them has left and nobody comes in the same turn, as React's StrictMode does.
 */
export function followCourse(place: Place, courseId: string, follower: Follower): () => void {
  const key = keyOf(place);
  const course = courseOf(key, courseId);
  course.leftAt = null;
  const connection = connections.get(key) ?? opened(place, key);
  connection.follow(course, follower);
  return () => {
    course.followers.delete(follower);
    if (course.followers.size === 0) course.leftAt = Date.now();
    setTimeout(() => {
      leave(key, connection);
    }, 0);
  };
}

/** What is known of a course now. Right after coming back to it, that is what was known when it was left. */
export function viewOf(place: Place | null, courseId: string): CourseView {
  if (place === null || courseId === "") return NOTHING;
  const key = keyOf(place);
  const course = courses.get(keyOf(place, courseId));
  if (course === undefined) return NOTHING;
  const connection = connections.get(key);
  if (connection !== undefined) return connection.viewOf(course);
  if (course.leftAt === null || Date.now() - course.leftAt > REMEMBERED_MS) return NOTHING;
  const view = remembered.get(course);
  if (view?.activeSessions === course.activeSessions) return view;
  const fresh = { ...NOTHING, activeSessions: course.activeSessions };
  remembered.set(course, fresh);
  return fresh;
}

function opened({ url, token }: Place, key: string): Connection {
  const connection = new Connection(url, token, () => {
    forget(key);
  });
  connections.set(key, connection);
  return connection;
}

function leave(key: string, connection: Connection): void {
  if (connections.get(key) !== connection) return;
  if (connection.isIdle) {
    connections.delete(key);
    connection.close();
  } else {
    connection.settle();
  }
}

function courseOf(key: string, courseId: string): Course {
  const name = `${key} ${courseId}`;
  const known = courses.get(name);
  const isFollowed = known !== undefined && known.followers.size > 0;
  const isFresh = known !== undefined && known.leftAt !== null && Date.now() - known.leftAt <= REMEMBERED_MS;
  const course = isFollowed || isFresh ? known : new Course(courseId);
  if (!isFollowed) course.error = null;
  courses.delete(name);
  courses.set(name, course);
  for (const [old, { followers }] of courses) {
    if (courses.size <= MOST_REMEMBERED) break;
    if (followers.size === 0) courses.delete(old);
  }
  return course;
}

/** Whoever was signed out sees nothing of what they saw before. */
function forget(key: string): void {
  for (const [name, { followers }] of courses) {
    if (name.startsWith(`${key} `) && followers.size === 0) courses.delete(name);
  }
}

/** Neither an address nor a token holds a space. */
function keyOf({ url, token }: Place, ...more: string[]): string {
  return [url, token, ...more].join(" ");
}
