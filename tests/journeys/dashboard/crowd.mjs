// Thirty people come, drop out and come back through half an hour of a lesson that is played twenty times as fast: the page
// follows, stays smooth, and every bar is right in the end.
import assert from "node:assert/strict";

import { ask, crowdedness, origin, pageOf, picture, play, withBrowser } from "./browser.mjs";

const PEOPLE = 30;
const MINUTE_MS = 60_000 / 20;
// An hour of the lesson; its first half is played.
const BOOKED_MINUTES = 3;
const SUBJECT = "Physics for thirty";
const LONGEST_TASK_MS = 500;
// Of one processor's time, what the page may take while it follows thirty people.
const MOST_WORK = 0.2;
const MOST_SHIFT = 0.05;
const LEAST_ON_TIME = 0.95;
const LATE_FRAME_MS = 100;
const SETTLED_MS = 25_000;
const teacher = "ada.teacher@school.example";
const emails = Array.from({ length: PEOPLE }, (_, number) => `s${String(number).padStart(2, "0")}@school.example`);

/** When somebody comes and goes, in minutes of the lesson. */
function staysOf(number) {
  const comes = number < 20 ? (number % 10) * 0.4 : 5 + (number - 20) * 0.7;
  if (number % 4 === 1) return [{ comes, goes: 13 + number * 0.2 }, { comes: 15 + number * 0.25 }];
  return [number % 10 === 3 ? { comes, goes: 22 + number * 0.2 } : { comes }];
}
const stays = new Map([[teacher, [{ comes: -1 }]], ...emails.map((email, number) => [email, staysOf(number)])]);
const moves = [...stays].flatMap(([email, each]) =>
  each.flatMap(({ comes, goes }) => [
    { email, at: comes, isIn: true },
    ...(goes === undefined ? [] : [{ email, at: goes, isIn: false }]),
  ]),
);
moves.sort((one, other) => one.at - other.at);
const inTheEnd = emails.filter((email) => stays.get(email).at(-1).goes === undefined).length;

await ask("PUT", "/people/courses/crowd", { name: "Crowd", student_emails: emails, teacher_emails: [teacher] });
const start = new Date(Date.now() + 4000).toISOString().replace(/\.\d+/, "");
const booked = await ask("POST", "/schedule/class", {
  teacher_email: teacher,
  student_emails: emails,
  subject: SUBJECT,
  course_id: "crowd",
  start_time: start,
  duration_minutes: BOOKED_MINUTES,
  allow_conflicts: true,
});
const room = `/meetings/${booked.meet_code}`;

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "admin");
  await page.addInitScript(() => {
    window.longest = 0;
    window.slow = [];
    window.frames = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const { duration, blockingDuration } of list.getEntries()) window.slow.push({ duration, blockingDuration });
    }).observe({ type: "long-animation-frame" });
    let last = performance.now();
    const drawn = (at) => {
      window.frames.push(at - last);
      last = at;
      requestAnimationFrame(drawn);
    };
    requestAnimationFrame(drawn);
  });
  await page.goto(`${origin}/live`);
  const lesson = page.getByRole("article", { name: SUBJECT });
  await lesson.waitFor({ timeout: 60_000 });
  // A class that is off the screen is not read.
  await lesson.evaluate((element) => element.scrollIntoView({ block: "start" }));
  await page.getByText("Changes show as they happen.").waitFor({ timeout: 20_000 });
  const meter = await page.context().newCDPSession(page);
  await meter.send("Performance.enable", { timeDomain: "threadTicks" });
  const worked = async () => (await meter.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration").value;
  const [workBefore, began] = [await worked(), Date.now()];
  await page.evaluate(() => {
    Object.assign(window, { longest: 0, slow: [], frames: [], shifts: 0 });
  });

  const inside = new Map();
  const bell = Date.now() + MINUTE_MS;
  for (const { email, at, isIn } of moves) {
    await page.waitForTimeout(Math.max(0, bell + at * MINUTE_MS - Date.now()));
    if (isIn) inside.set(email, await play(`${room}/join`, { email, display_name: email.slice(0, 3), kind: "signed_in" }));
    else await play(`${room}/leave`, { device_session_id: inside.get(email).device_session_id });
  }
  await lesson.getByText(`${inTheEnd} of ${PEOPLE} in the room`).waitFor({ timeout: SETTLED_MS });
  await picture(page, "crowd");

  // Of each bar: how many stretches it has, and whether the last one goes on.
  const shown = (text) => `${text.split(" to ").length - 1}${text.includes("to now") ? " and there" : ""}`;
  const bars = async () => (await lesson.getByRole("img").evaluateAll((all) => all.map((bar) => bar.getAttribute("aria-label")))).map(shown);
  const visits = async () => {
    const told = await ask("GET", `/monitoring/sessions/${booked.session_id}`);
    const rows = new Map(told.participants.map((row) => [row.email, row.sessions]));
    return [...stays.keys()].map((email) => {
      const known = rows.get(email) ?? [];
      return `${known.length}${known.some(({ end_time }) => end_time === null) ? " and there" : ""}`;
    });
  };
  const played = [...stays.values()].map((each) => `${each.length}${each.at(-1).goes === undefined ? " and there" : ""}`);
  for (const until = Date.now() + SETTLED_MS; ; await page.waitForTimeout(500)) {
    const [drawn, known] = [await bars(), await visits()];
    if ([drawn, known].every((each) => each.join() === played.join())) break;
    assert.ok(Date.now() < until, `played ${played}\nknown  ${known}\ndrawn  ${drawn}`);
  }
  const told = await page.evaluate(() => ({ longest: window.longest, slow: window.slow, frames: window.frames, shifts: window.shifts }));
  const work = (await worked()) - workBefore;
  const share = work / ((Date.now() - began) / 1000);
  const crowded = crowdedness();
  const onTime = told.frames.filter((each) => each < LATE_FRAME_MS).length / told.frames.length;
  const blocked = Math.max(0, ...told.slow.map(({ blockingDuration }) => blockingDuration));
  const numbers = [
    `${work.toFixed(1)} s of work, ${(share * 100).toFixed(0)} % of the time`,
    `longest task ${Math.round(told.longest)} ms`,
    `${told.slow.length} long animation frames, the worst held up ${Math.round(blocked)} ms`,
    `${told.frames.length} frames, ${(onTime * 100).toFixed(1)} % within ${LATE_FRAME_MS} ms`,
    `moved by ${told.shifts.toFixed(4)}`,
    `${crowded.toFixed(1)} others want each processor`,
  ];
  console.log(numbers.join("; "));
  assert.ok(share < MOST_WORK, numbers.join("; "));
  assert.ok(told.longest < LONGEST_TASK_MS * crowded, numbers.join("; "));
  assert.ok(blocked < LONGEST_TASK_MS * crowded, numbers.join("; "));
  assert.ok(onTime > LEAST_ON_TIME / crowded, numbers.join("; "));
  assert.ok(told.shifts < MOST_SHIFT, numbers.join("; "));
  assert.deepEqual(complaints, []);
});
