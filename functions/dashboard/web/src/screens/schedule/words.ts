/** The words of bringing in a timetable and of what was done on the schedule. */
export const timetable = {
  open: "Import CSV",
  title: "Import classes",
  lead: "One row for each class or series. Nothing is booked before you have seen every row and said so.",
  columns: [
    { name: "teacher_email", told: "Who teaches.", isNeeded: true },
    { name: "subject", told: "What the class is called.", isNeeded: true },
    { name: "start_time", told: "Like 2026-12-01 16:00, in the row's timezone.", isNeeded: true },
    { name: "duration_minutes", told: "1 to 1440.", isNeeded: true },
    { name: "timezone", told: "Like Europe/Berlin. Without it start_time needs its own offset." },
    { name: "student_emails", told: "Several are parted by blanks." },
    { name: "course_id", told: "Its short name." },
    { name: "recurrence", told: "FREQ=WEEKLY;COUNT=10 books ten weeks." },
    { name: "provider", told: "google_meet or zoom." },
    { name: "rate_plan_id", told: "Where the class has a price of its own." },
  ],
  classes: (count: number, first: string) => (count === 1 ? first : `${String(count)} classes, the first ${first}`),
  told: (count: number) => (count === 1 ? "One class would be booked." : `${String(count)} classes would be booked.`),
  book: (count: number) => (count === 1 ? "Book 1 class" : `Book ${String(count)} classes`),
  allow: "Book them although somebody has two classes at once",
  allowHint: "For two teachers who stand in for each other, or a pupil who chooses on the day. Everybody gets both invitations.",
  booked: (count: number) => (count === 1 ? "1 class is booked." : `${String(count)} classes are booked.`),
  linkless: (count: number) =>
    `${String(count)} of them wait for their link; it comes with the calendar entry, within some minutes.`,
  conflictRemedy: "Choose another time, or book it all the same below.",
  anotherClass: "another class",
};

export const schedule = {
  cancelled: (count: number) => (count === 1 ? "The class is cancelled." : `${String(count)} classes are cancelled.`),
  changed: (count: number) => (count === 1 ? "The change is saved." : `The change is saved in ${String(count)} classes.`),
  grid: "The week as a calendar",
  bookOn: (date: string) => `New class on ${date}`,
  bookAt: (time: string) => `+ ${time}`,
  free: "A click into free time books a class there.",
  keys: "Arrow keys go from class to class, Page up and Page down from week to week.",
  copyFailed: "This browser did not let the link be copied. Select it and copy it by hand.",
};
