// What every journey through the pages stands on: a browser, somebody signed in, and a watch over what may not happen.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg } from "node:os";

const needs = createRequire(new URL("../../../functions/dashboard/web/package.json", import.meta.url));
const { chromium } = needs("playwright-core");

export const AXE = needs.resolve("axe-core/axe.min.js");
export const { URL_OF_STACK: origin, SIMULATOR: simulator, SCREENS: pictures } = process.env;
export const SIZES = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
export const ZONE = "Europe/Berlin";

/** Open a browser for the time of `story`; whatever the page complained of fails it. */
export async function withBrowser(story) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  try {
    await story(browser);
  } finally {
    await browser.close();
  }
}

/** A page of somebody with a role; null is whoever is not signed in. `complaints` fills with errors of the page. */
export async function pageOf(browser, role, { size = "desk", theme = "light" } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme: theme, timezoneId: ZONE, locale: "en-GB", permissions: ["clipboard-read", "clipboard-write"] });
  if (role !== null) {
    const { token } = (await (await fetch(`${origin}/_local/tokens`)).json())[role];
    await context.addInitScript((text) => localStorage.setItem("rollcall.session", text), JSON.stringify(token));
  }
  await context.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return { page, complaints };
}

/**
 * How many want each processor, at least one. What the clock on the wall says of a page's work tells of the page alone only where
 * nobody else works on the machine; where many do, it takes so many times as long.
 */
export function crowdedness() {
  return Math.max(1, loadavg()[0] / cpus().length);
}

/** One question to the API as the administrator asks it. */
export async function ask(method, path, body, headers = {}) {
  const { token } = (await (await fetch(`${origin}/_local/tokens`)).json()).admin;
  const own = { Authorization: `Bearer ${token}`, "Content-Type": "application/json", ...headers };
  const answer = await fetch(`${origin}/api${path}`, { method, headers: own, ...(body ? { body: JSON.stringify(body) } : {}) });
  assert.ok(answer.ok, `${path}: ${await answer.clone().text()}`);
  return answer.json();
}

/** One move on the simulator's control path. */
export async function play(path, body) {
  const answer = await fetch(`${simulator}/_sim${path}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return answer.json();
}

/** Keep a picture of the page, where the run keeps pictures. */
export async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

/** What axe finds wrong that keeps somebody from using the page. */
export async function seriousViolations(page) {
  await page.addScriptTag({ path: AXE }).catch(() => page.evaluate(needs("node:fs").readFileSync(AXE, "utf8")));
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} (${node.failureSummary})`).join(" | ")}`);
}
