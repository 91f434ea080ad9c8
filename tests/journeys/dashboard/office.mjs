// The office's morning: a timetable with one bad row is mended and booked, students come from a table and from Google Classroom,
// one is excused, the register is read; and whatever was entered is changed and removed again.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { origin, pageOf, picture, simulator, withBrowser } from "./browser.mjs";

const ADA = "ada.teacher@school.example";
const DAY_MS = 86_400_000;

/** `2026-12-01`, so many days from now, where the clocks show it in the zone of the pages. */
function dateIn(days) {
  return new Date(Date.now() + days * DAY_MS).toLocaleDateString("sv-SE", { timeZone: "Europe/Berlin" });
}

const TIMETABLE = `Teacher email;Subject;Start;Duration;Timezone;Students;Recurrence
${ADA};Botany;${dateIn(3)} 07:10;45;Europe/Berlin;ben.student@school.example cleo@school.example;
${ADA};Chemistry;${dateIn(3)} 25:00;45;Europe/Berlin;cleo@school.example;
${ADA};Zoology;${dateIn(4)} 07:10;45;Europe/Berlin;ben.student@school.example;FREQ=WEEKLY;COUNT=3
`.replace("FREQ=WEEKLY;COUNT=3", '"FREQ=WEEKLY;COUNT=3"');

const STUDENTS = `email,first_name,last_name,guardian_emails,courses
dora@school.example,Dora,Diaz,mum.diaz@home.example,newcomers
emil at school,Emil,Eder,,newcomers
`;

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "admin");
  await importClasses(page);
  await changeAndCancel(page);
  await importStudents(page);
  await keepRoster(page);
  await importClassroom(page);
  await excuseOne(page);
  await readTotals(page);
  // What the simulator's Google refuses on purpose is a refusal that the browser notes, too.
  assert.deepEqual(complaints.filter((text) => !text.includes("502")), []);
});

async function importClasses(page) {
  await page.goto(`${origin}/schedule`);
  await page.getByRole("button", { name: "Import CSV" }).click();
  const dialog = page.getByRole("dialog");
  const [template] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Download a template" }).click()]);
  assert.match(readFileSync(await template.path(), "utf8"), /^teacher_email,subject,start_time/);
  await dialog.getByLabel("CSV file").setInputFiles({ name: "classes.csv", mimeType: "text/csv", buffer: Buffer.from(TIMETABLE) });
  await dialog.getByText("One row has to be mended").waitFor();
  const bad = dialog.getByLabel("Row 3, Start");
  assert.equal(await bad.getAttribute("aria-invalid"), "true");
  assert.equal(await dialog.getByLabel("Row 2, Start").getAttribute("aria-invalid"), null);
  await dialog.getByText("3 classes, the first").waitFor();
  await picture(page, "import-classes");
  assert.equal(await dialog.getByRole("button", { name: /^Book/ }).count(), 0, "nothing is booked with a bad row");
  await bad.fill(`${dateIn(3)} 07:30`);
  await bad.press("Enter");
  await dialog.getByText("is in the class of row 2 at that time").first().waitFor();
  await bad.fill(`${dateIn(3)} 08:30`);
  await dialog.getByRole("button", { name: "Check again" }).click();
  await dialog.getByRole("button", { name: "Book 5 classes" }).click();
  await page.getByText("5 classes are booked.").waitFor({ timeout: 30_000 });
  await page.getByRole("button", { name: /Botany/ }).waitFor();
  await page.getByRole("button", { name: /Chemistry/ }).focus();
  await page.keyboard.press("ArrowUp");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Botany/);
}

async function changeAndCancel(page) {
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Copy the link" }).click();
  await dialog.getByText("Copied").waitFor();
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByLabel("Minutes").fill("40");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("The change is saved.").waitFor();
  await page.goto(`${origin}/schedule?week=${dateIn(4)}`);
  await page.getByRole("button", { name: /Zoology/ }).click();
  await dialog.getByRole("button", { name: "Cancel the class" }).click();
  await dialog.getByLabel("Which classes").selectOption("following");
  await dialog.getByLabel("Reason").fill("The zoo is shut");
  await dialog.getByRole("button", { name: "Cancel the class" }).click();
  await page.getByText("3 classes are cancelled.").waitFor();
}

async function importStudents(page) {
  await page.getByRole("link", { name: "People" }).click();
  // The schedule, which stays until the new page is there, has a button of the same name.
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await page.getByRole("button", { name: "Import CSV" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Or paste the table").fill(STUDENTS);
  await dialog.getByRole("button", { name: "Check the table" }).click();
  await dialog.getByText("One row has to be mended").waitFor();
  await dialog.getByLabel("Row 3, email").fill("emil@school.example");
  await dialog.getByRole("button", { name: "Check again" }).click();
  await dialog.getByRole("button", { name: "Import 2 students" }).click();
  await page.getByText("Imported: 2 new, 0 changed.").waitFor();
  await page.getByLabel("Find").fill("dora");
  await page.getByRole("button", { name: "Dora Diaz" }).click();
  await dialog.getByText("mum.diaz@home.example").waitFor();
  await dialog.getByText("Newcomers").waitFor();
  await dialog.getByRole("button", { name: "Change", exact: true }).click();
  await dialog.getByLabel("Department").fill("7b");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByRole("row").filter({ hasText: "7b" }).waitFor();
  await page.getByRole("link", { name: "Guardians" }).click();
  await page.getByLabel("Find").fill("");
  await page.getByRole("button", { name: "mum.diaz@home.example" }).click();
  await dialog.getByText("Dora Diaz").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
}

async function keepRoster(page) {
  await page.getByRole("link", { name: "Courses" }).click();
  await page.getByRole("button", { name: "Newcomers" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Take Emil Eder off the roster" }).click();
  await dialog.getByText("emil@school.example").waitFor({ state: "detached" });
  await dialog.getByLabel("Add a student by e-mail").fill("emil@school.example");
  await dialog.getByRole("button", { name: "Add" }).click();
  await dialog.getByText("emil@school.example").waitFor();
  const [roster] = await Promise.all([page.waitForEvent("download"), dialog.getByRole("button", { name: "Roster as CSV" }).click()]);
  assert.match(readFileSync(await roster.path(), "utf8"), /dora@school\.example,Dora Diaz,newcomers/);
  await picture(page, "roster");
  await dialog.getByRole("button", { name: "Close" }).click();
}

async function importClassroom(page) {
  const course = { name: "Art in Classroom", teachers: [ADA], students: [{ email: "dora@school.example", display_name: "Dora Diaz" }, { email: "finn@school.example", display_name: "Finn Falk" }] };
  const put = await fetch(`${simulator}/_sim/classroom/art-1`, { method: "PUT", headers: { "Content-Type": "application/json" }, body: JSON.stringify(course) });
  assert.ok(put.ok, await put.text());
  await page.getByRole("button", { name: "From Google Classroom" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Whose Classroom").fill(ADA);
  await dialog.getByRole("button", { name: "Show the courses" }).click();
  await dialog.getByLabel("Course in Classroom").selectOption({ label: "Art in Classroom" });
  await dialog.getByLabel("Becomes our course").selectOption({ label: "A new course …" });
  await dialog.getByLabel("Short name of the new course").fill("art");
  await dialog.getByRole("button", { name: "Show what would change" }).click();
  await dialog.getByText("Come onto the roster (2)").waitFor();
  await picture(page, "classroom");
  await dialog.getByRole("button", { name: "Import", exact: true }).click();
  await page.getByText("Art in Classroom: 2 onto the roster, 0 off it.").waitFor();
  await page.getByRole("button", { name: "Art in Classroom" }).click();
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await dialog.getByText("Classes that were booked for it stay").waitFor();
  await dialog.getByRole("button", { name: "Remove Art in Classroom" }).click();
  await page.getByText("Art in Classroom is removed.").waitFor();
}

async function excuseOne(page) {
  await page.getByRole("link", { name: "Register" }).click();
  await page.getByRole("link", { name: "Excuses" }).click();
  await page.getByText("Choose a student").waitFor();
  await page.getByLabel("Student").selectOption("cleo@school.example");
  await page.getByText("Not excused from anything to come").waitFor();
  await page.getByRole("button", { name: "Excuse somebody" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Excuse", exact: true }).click();
  await dialog.getByText("Fill this in.").first().waitFor();
  const chemistry = await dialog.getByRole("option", { name: /Chemistry/ }).getAttribute("value");
  await dialog.getByLabel("Class", { exact: true }).selectOption(chemistry);
  await dialog.getByLabel("Reason").fill("At the dentist's");
  await dialog.getByRole("button", { name: "Excuse", exact: true }).click();
  await page.getByText("Cleo Clark is excused from 1 class.").waitFor();
  const line = page.getByRole("row").filter({ hasText: "Chemistry" });
  await line.getByText("At the dentist's").waitFor();
  await picture(page, "excuses");
  await line.getByRole("button", { name: /^Take back/ }).click();
  await dialog.getByLabel("Why it is taken back").fill("The dentist is ill");
  await dialog.getByRole("button", { name: "Take back" }).click();
  await page.getByText("The excuse is taken back.").waitFor();
  await page.getByText("Not excused from anything to come").waitFor();
}

async function readTotals(page) {
  await page.goto(`${origin}/register`);
  const ben = page.getByRole("row").filter({ hasText: "Ben Baker" });
  await ben.waitFor();
  const shown = await ben.getByRole("cell").first().textContent();
  const told = await (await fetch(`${origin}/api/attendance-tracker/totals?by=student&student_email=ben.student@school.example`, { headers: await tokenOf() })).json();
  assert.equal(shown, `${told.totals[0].figures.shares.taken} %`, "the page says what the API says");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Totals as CSV" }).click()]);
  assert.match(readFileSync(await file.path(), "utf8"), /ben\.student@school\.example/);
  await page.getByLabel("Add up by").selectOption("teacher");
  await page.getByRole("row").filter({ hasText: "Ada Teacher" }).waitFor();
  await page.getByLabel("Add up by").selectOption("course");
  await page.getByRole("row").filter({ hasText: "Newcomers" }).waitFor();
  await page.getByRole("link", { name: "Warnings" }).click();
  await page.getByText(/^The policy warns/).waitFor();
  await page.getByText("No warnings").waitFor();
}

async function tokenOf() {
  const { token } = (await (await fetch(`${origin}/_local/tokens`)).json()).admin;
  return { Authorization: `Bearer ${token}` };
}
