// Thirty people come, go and come back within seconds, as in a lesson that is played fast: the page follows, stays smooth, and
// every bar is right in the end.
import assert from "node:assert/strict";

import { origin, pageOf, picture, play, withBrowser } from "./browser.mjs";

const PEOPLE = 30;
const SUBJECT = `A full room at ${new Date().toISOString()}`;
const LONGEST_TASK_MS = 250;
const SETTLED_MS = 25_000;
const teacher = "ada.teacher@school.example";
const emails = Array.from({ length: PEOPLE }, (_, number) => `s${String(number).padStart(2, "0")}@school.example`);

async function ask(method, path, body) {
  const { token } = (await (await fetch(`${origin}/_local/tokens`)).json()).admin;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${origin}/api${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  assert.ok(answer.ok, `${path}: ${await answer.clone().text()}`);
  return answer.json();
}

await ask("PUT", "/people/courses/crowd", { name: "Crowd", student_emails: emails, teacher_emails: [teacher] });
const start = new Date(Date.now() + 4000).toISOString().replace(/\.\d+/, "");
const booked = await ask("POST", "/schedule/class", {
  teacher_email: teacher,
  student_emails: emails,
  subject: SUBJECT,
  course_id: "crowd",
  start_time: start,
  duration_minutes: 20,
  allow_conflicts: true,
});
const room = `/meetings/${booked.meet_code}`;

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "admin");
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    }).observe({ type: "longtask" });
  });
  await page.goto(`${origin}/live`);
  const lesson = page.getByRole("article", { name: SUBJECT });
  await lesson.waitFor({ timeout: 60_000 });
  await page.getByText("Changes show as they happen.").waitFor({ timeout: 20_000 });
  await page.evaluate(() => {
    window.longest = 0;
  });

  await play(`${room}/join`, { email: teacher, display_name: "Ada Teacher", kind: "signed_in" });
  const inside = new Map();
  for (const email of emails) inside.set(email, await play(`${room}/join`, { email, display_name: email.slice(0, 3), kind: "signed_in" }));
  for (const email of emails.slice(0, 12)) await play(`${room}/leave`, { device_session_id: inside.get(email).device_session_id });
  await page.waitForTimeout(1500);
  for (const email of emails.slice(0, 7)) await play(`${room}/join`, { email, display_name: email.slice(0, 3), kind: "signed_in" });
  await lesson.getByText(`25 of ${PEOPLE} in the room`).waitFor({ timeout: SETTLED_MS });
  await picture(page, "crowd");

  const bars = async () => (await lesson.getByRole("img").evaluateAll((all) => all.map((bar) => bar.getAttribute("aria-label")))).map((text) => text.split(" to ").length - 1);
  const visits = async () => {
    const told = await ask("GET", `/monitoring/sessions/${booked.session_id}`);
    const rows = new Map(told.participants.map((row) => [row.email, row.sessions.length]));
    return [teacher, ...emails].map((email) => rows.get(email) ?? 0);
  };
  const played = [1, ...emails.map((_, number) => (number < 7 ? 2 : 1))];
  for (const until = Date.now() + SETTLED_MS; ; await page.waitForTimeout(500)) {
    const [drawn, known] = [await bars(), await visits()];
    if ([drawn, known].every((each) => each.join() === played.join())) break;
    assert.ok(Date.now() < until, `played ${played}\nknown  ${known}\ndrawn  ${drawn}`);
  }
  const longest = await page.evaluate(() => window.longest);
  console.log(`longest task ${Math.round(longest)} ms`);
  assert.ok(longest < LONGEST_TASK_MS, `the page stood still for ${longest} ms`);
  assert.deepEqual(complaints, []);
});
