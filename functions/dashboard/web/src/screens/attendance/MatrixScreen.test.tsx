import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import { apiAnswers, renderScreen } from "../../testing/api";
import MatrixScreen from "./MatrixScreen";

afterEach(cleanup);

test("courses that could not be read are not said to be none", async () => {
  apiAnswers({ "GET /api/people/courses": new TypeError("Failed to fetch") });
  renderScreen(<MatrixScreen />, "/matrix");
  expect(await screen.findByText("Rollcall cannot be reached")).toBeDefined();
  expect(screen.queryByText("There is no course yet")).toBeNull();
});

test("a school without courses is told what to do", async () => {
  apiAnswers();
  renderScreen(<MatrixScreen />, "/matrix");
  expect(await screen.findByText("There is no course yet")).toBeDefined();
});
