import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { Server, type Socket } from "socket.io";

import type { Acknowledged, ActiveSession, ActiveSessions, ClientEvents, CourseAsked, Refusal, ServerEvents } from "./events";

/** A small gateway in this process that speaks as the real one does. `heard` is what its clients did, in order. */
export interface Gateway {
  readonly url: string;
  readonly heard: string[];
  readonly sockets: () => Socket<ClientEvents, ServerEvents>[];
  readonly connections: () => number;
  /** What the next connections are told instead of being let in. */
  readonly refusals: Refusal[];
  /** Courses that the caller does not belong to. */
  readonly foreign: Set<string>;
  readonly state: (courseId: string, rev: number, ...sessionIds: string[]) => void;
  readonly send: <Name extends keyof ServerEvents>(name: Name, ...data: Parameters<ServerEvents[Name]>) => void;
  readonly stop: () => Promise<void>;
}

export function aSession(sessionId: string): ActiveSession {
  const startedAt = "2026-03-02T10:00:00.000Z";
  return {
    sessionId,
    teacherId: "t1",
    studentCount: 2,
    startedAt,
    subject: "Physics",
    scheduledEnd: "2026-03-02T11:00:00.000Z",
  };
}

function refuse(refusal: Refusal): Error {
  return Object.assign(new Error(refusal.message), { data: refusal });
}

export async function startGateway(port = 0): Promise<Gateway> {
  const http = createServer();
  const io = new Server<ClientEvents, ServerEvents>(http, { cors: { origin: "*" } });
  const states = new Map<string, ActiveSessions>();
  const heard: string[] = [];
  const refusals: Refusal[] = [];
  const foreign = new Set<string>();
  let connections = 0;
  io.use((_socket, next) => {
    connections += 1;
    const refusal = refusals.shift();
    next(refusal && refuse(refusal));
  });
  io.on("connection", (socket) => {
    const { token } = socket.handshake.auth as { token: string };
    heard.push(`connect ${token}`);
    socket.on("disconnect", () => heard.push(`disconnect ${token}`));
    socket.on("subscribeToCourse", ({ course_id }: CourseAsked, acknowledge?: (answer: Acknowledged) => void) => {
      heard.push(`subscribe ${course_id}`);
      if (foreign.has(course_id)) {
        const sorry = { message: "There is no such course.", course_id };
        socket.emit("activeSessionsError", sorry);
        acknowledge?.({ success: false, ...sorry });
        return;
      }
      void socket.join(course_id);
      socket.emit("activeSessionsData", states.get(course_id) ?? { course_id, activeSessions: [], rev: 1 });
      acknowledge?.({ success: true, course_id });
    });
    socket.on("unsubscribeFromCourse", ({ course_id }: CourseAsked, acknowledge?: (answer: Acknowledged) => void) => {
      heard.push(`unsubscribe ${course_id}`);
      void socket.leave(course_id);
      acknowledge?.({ success: true, course_id });
    });
  });
  await new Promise<void>((resolve) => http.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    heard,
    refusals,
    foreign,
    connections: () => connections,
    sockets: () => [...io.sockets.sockets.values()],
    state: (course_id, rev, ...sessionIds) => {
      const state = { course_id, activeSessions: sessionIds.map(aSession), rev };
      states.set(course_id, state);
      io.to(course_id).emit("activeSessionsData", state);
    },
    send: (name, ...data) => io.emit(name, ...data),
    stop: () => io.close(),
  };
}
