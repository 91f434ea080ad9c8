/** What happens in courses, live: the hook, and the types of what it tells. */
export { useCourseSessionTracking, default } from "./useCourseSessionTracking";
export type { CourseSessionTracking, ParticipantEvent, RegistrationEvent, TrackingOptions } from "./useCourseSessionTracking";
export type { CourseView, LiveSocket } from "./connection";
export type * from "./events";
