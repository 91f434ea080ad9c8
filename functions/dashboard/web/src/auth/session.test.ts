import { afterEach, expect, test } from "vitest";

import { answered, api } from "../api/client";
import { apiAnswers, Refused, tokenOf } from "../testing/api";
import { currentSession, endSession, lastEnding, sessionOf, startSession } from "./session";

afterEach(() => {
  endSession("left");
});

test("a token says who somebody is", () => {
  const name = "Zoë Ünal";
  const encoded = String.fromCharCode(...new TextEncoder().encode(name));
  expect(sessionOf(tokenOf("teacher", { name: encoded }))).toMatchObject({ role: "teacher", name, endsAt: 4102444800000 });
});

test.each(["", "abc", "a.b.c", tokenOf("king"), "e30.bnVsbA.x"])("%j is no token, and is refused with what to do", (text) => {
  expect(() => startSession(text)).toThrow(/Copy the whole text/);
});

test("a session whose time is over is none", () => {
  startSession(tokenOf("admin", { exp: 1000 }));
  expect(currentSession()).toBeNull();
});

test("whoever is signed in is asked as such", async () => {
  const asked = apiAnswers();
  const token = tokenOf("admin");
  startSession(token);
  await answered(api.GET("/api/attendance-tracker/policy"));
  expect(asked[0]?.authorization).toBe(`Bearer ${token}`);
});

test("a token that the API does not take any more ends the session, and says so", async () => {
  apiAnswers({
    "GET /api/attendance-tracker/policy": new Refused(401, { title: "Invalid or expired token", status: 401, detail: "" }),
  });
  startSession(tokenOf("admin"));
  await expect(answered(api.GET("/api/attendance-tracker/policy"))).rejects.toMatchObject({ status: 401 });
  expect(currentSession()).toBeNull();
  expect(lastEnding()).toBe("ended");
});
