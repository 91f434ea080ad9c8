import { QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { createMemoryRouter, RouterProvider } from "react-router";
import { afterEach, expect, test } from "vitest";

import { endSession, startSession } from "../auth/session";
import { apiAnswers, tokenOf } from "../testing/api";
import { ConfigContext } from "./config";
import { keepForOnePerson, newQueryClient } from "./queries";
import { Shell } from "./Shell";

const config = { realtimeUrl: null, auth: "token", googleClientId: null, timeZone: null } as const;

function show() {
  apiAnswers();
  startSession(tokenOf("teacher"));
  const client = newQueryClient();
  const stop = keepForOnePerson(client);
  const children = [{ path: "*", element: <textarea aria-label="Draft" /> }];
  render(
    <ConfigContext value={config}>
      <QueryClientProvider client={client}>
        <RouterProvider router={createMemoryRouter([{ element: <Shell />, children }], { initialEntries: ["/x"] })} />
      </QueryClientProvider>
    </ConfigContext>,
  );
  const draft = screen.getByLabelText<HTMLTextAreaElement>("Draft");
  fireEvent.change(draft, { target: { value: "half a reason" } });
  client.setQueryData(["own"], "what was read");
  return { client, stop };
}

function signInAs(role: string, claims = {}) {
  fireEvent.change(screen.getByLabelText("Or with a token"), { target: { value: tokenOf(role, claims) } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
}

afterEach(() => {
  cleanup();
  endSession("left");
});

test("whoever signs in again goes on with what they had typed", () => {
  const { client, stop } = show();
  act(() => {
    endSession("ended");
  });
  expect(screen.getByRole("alertdialog").textContent).toContain("Sign in again as teacher@school.example");
  signInAs("teacher", { jti: "another" });
  expect(screen.queryByRole("alertdialog")).toBeNull();
  expect(screen.getByLabelText<HTMLTextAreaElement>("Draft").value).toBe("half a reason");
  expect(client.getQueryData(["own"])).toBe("what was read");
  stop();
});

test("somebody else who signs in sees nothing of it", () => {
  const { client, stop } = show();
  act(() => {
    endSession("ended");
  });
  signInAs("user");
  expect(screen.getByLabelText<HTMLTextAreaElement>("Draft").value).toBe("");
  expect(client.getQueryData(["own"])).toBeUndefined();
  stop();
});

test("whoever leaves leaves nothing behind", () => {
  const { client, stop } = show();
  act(() => {
    endSession("ended");
  });
  fireEvent.click(screen.getByRole("button", { name: "Leave instead" }));
  expect(screen.queryByLabelText("Draft")).toBeNull();
  expect(screen.getByRole("heading", { name: "Sign in" })).toBeDefined();
  expect(client.getQueryData(["own"])).toBeUndefined();
  stop();
});
