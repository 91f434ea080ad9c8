import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import { ConfigContext, type Config } from "../app/config";
import { apiAnswers, Refused, tokenOf } from "../testing/api";
import { currentSession, endSession } from "./session";
import { SignIn } from "./SignIn";

function show(auth: Config["auth"]) {
  render(
    <ConfigContext value={{ realtimeUrl: null, auth, googleClientId: auth === "google" ? "app.example" : null, timeZone: null }}>
      <SignIn />
    </ConfigContext>,
  );
}

afterEach(() => {
  cleanup();
  endSession("left");
});

test("on one's own machine one click signs in", async () => {
  const token = tokenOf("teacher");
  apiAnswers({ "GET /_local/tokens": { teacher: { email: "ada@school.example", token } } });
  show("open");
  await userEvent.click(await screen.findByRole("button", { name: /^Teacher/ }));
  expect(currentSession()).toMatchObject({ token, role: "teacher" });
});

test("where the stack hands out no tokens, one goes in as the administrator that one is", async () => {
  apiAnswers({ "GET /_local/tokens": new Refused(404, {}) });
  show("open");
  await userEvent.click(await screen.findByRole("button", { name: "Go in as the administrator" }));
  expect(currentSession()).toMatchObject({ token: null, role: "admin" });
});

test("a token can be pasted, and what is none is refused with what to do", async () => {
  show("token");
  const user = userEvent.setup();
  await user.type(screen.getByLabelText("Or with a token"), "not.a.token");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Copy the whole text");
  await user.clear(screen.getByLabelText("Or with a token"));
  await user.type(screen.getByLabelText("Or with a token"), tokenOf("admin"));
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(currentSession()).toMatchObject({ role: "admin" });
});

test("where people sign in with Google nothing else is offered", () => {
  show("google");
  expect(document.querySelector("script[src='https://accounts.google.com/gsi/client']")).not.toBeNull();
  expect(screen.queryByLabelText("Or with a token")).toBeNull();
});
