/**
 * What goes over the live connection, exactly as the gateway speaks. Instants (`At`) are RFC 3339 in UTC. `rev` orders the
 * states of one course, and the frames of one session; an older one never overrides a newer.
 */

export type At = string;

/** A class that is on. */
export interface ActiveSession {
  sessionId: string;
  teacherId: string;
  studentCount: number;
  startedAt: At | null;
  subject: string;
  scheduledEnd: At;
}

export interface ActiveSessions {
  course_id: string;
  activeSessions: ActiveSession[];
  rev: number;
}

interface ClassFrame {
  course_id: string;
  session_id: string;
  teacher_id: string;
  teacher_name: string;
  rev: number;
}

export interface CourseSessionStarted extends ClassFrame {
  started_by: string;
  started_at: At | null;
  subject: string;
}

/** The students by their verdicts; `present` counts everybody who came, however late. */
export interface Statistics {
  present: number;
  absent: number;
  excused: number;
  unknown: number;
  total: number;
}

export interface CourseSessionEnded extends ClassFrame {
  final_statistics: Statistics;
  ended_by: string;
  ended_at: At;
}

interface MeetingFrame {
  meetingId: string;
  session_id: string;
  course_id: string;
  rev: number;
}

/** Somebody in the room. Names are what people gave themselves: text, never HTML. */
export interface Participant {
  participant_id: string;
  email: string | null;
  display_name: string;
  role: string;
  present: boolean;
  joined_at: At | null;
  left_at: At | null;
  devices: number;
  match: string;
}

export interface ParticipantFrame extends MeetingFrame {
  participant: Participant;
}

export interface RegisteredUser {
  id: string;
  username: string;
  role: string;
}

export interface UserJoinedMeeting extends MeetingFrame {
  user: RegisteredUser;
  joinTime: At;
}

/** `duration` is in whole minutes. */
export interface UserLeftMeeting extends MeetingFrame {
  user: RegisteredUser;
  duration: number;
}

export type MeetingSessionsEnded = MeetingFrame;

/** The records of a meeting were read; `statistics` only for whoever runs the class. */
export interface AttendanceDataFetched extends MeetingFrame {
  status: string;
  complete: boolean;
  read_at: At;
  statistics?: Statistics;
}

/** What went wrong: with one course where `course_id` is there, else with the connection. */
export interface LiveError {
  message: string;
  course_id?: string;
  code?: string;
}

/** Everything that happens in a course, by the name of its event. */
export interface CourseEvents {
  courseSessionStarted: CourseSessionStarted;
  courseSessionEnded: CourseSessionEnded;
  participantJoined: ParticipantFrame;
  participantLeft: ParticipantFrame;
  participantLinked: ParticipantFrame;
  userJoinedMeeting: UserJoinedMeeting;
  userLeftMeeting: UserLeftMeeting;
  meetingSessionsEnded: MeetingSessionsEnded;
  attendanceDataFetched: AttendanceDataFetched;
}

export type CourseEventName = keyof CourseEvents;

/** One happening; `switch` over `name` tells which payload `data` is. */
export type CourseEvent = { [Name in CourseEventName]: { name: Name; data: CourseEvents[Name] } }[CourseEventName];

export const COURSE_EVENTS: readonly CourseEventName[] = [
  "courseSessionStarted",
  "courseSessionEnded",
  "participantJoined",
  "participantLeft",
  "participantLinked",
  "userJoinedMeeting",
  "userLeftMeeting",
  "meetingSessionsEnded",
  "attendanceDataFetched",
];

export type ServerEvents = { [Name in CourseEventName]: (data: CourseEvents[Name]) => void } & {
  activeSessionsData: (data: ActiveSessions) => void;
  activeSessionsResponse: (data: ActiveSessions) => void;
  activeSessionsError: (error: LiveError) => void;
};

export interface CourseAsked {
  course_id: string;
}

export type Acknowledged = { success: true; course_id: string } | ({ success: false } & LiveError);

type Ask = (asked: CourseAsked, acknowledge?: (answer: Acknowledged) => void) => void;

export interface ClientEvents {
  subscribeToCourse: Ask;
  unsubscribeFromCourse: Ask;
  checkActiveSessions: Ask;
}

/** What the gateway says when it lets nobody in, in `error.data` of `connect_error`. `retry_after` is in seconds. */
export interface Refusal {
  message: string;
  code: string;
  detail?: string;
  retry_after?: number;
}
