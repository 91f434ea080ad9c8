// How soon the first screen can be used: nothing is kept from before, everything comes over the wire.
import assert from "node:assert/strict";

import { crowdedness, origin, pageOf, withBrowser } from "./browser.mjs";

const SOON_MS = 2000;
const TRIES = 3;

await withBrowser(async (browser) => {
  const took = [];
  for (let each = 0; each < TRIES; each += 1) {
    const { page } = await pageOf(browser, "admin");
    const began = Date.now();
    await page.goto(`${origin}/live`, { waitUntil: "commit" });
    await page.getByRole("link", { name: "Schedule" }).waitFor();
    await page.getByRole("heading", { name: "Live", level: 1 }).waitFor();
    took.push(Date.now() - began);
    await page.context().close();
  }
  const crowded = crowdedness();
  const told = `interactive after ${took.join(", ")} ms; ${crowded.toFixed(1)} want each processor`;
  console.log(told);
  assert.ok(Math.min(...took) < SOON_MS * crowded, told);
});
