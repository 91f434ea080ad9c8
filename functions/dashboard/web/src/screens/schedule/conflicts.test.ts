import { expect, test } from "vitest";

import { conflictTold } from "./conflicts";

test("a conflict is told in the zone of the page, and without ids", () => {
  const id = "0123456789abcdef0123456789abcdef";
  const told = `Already booked at that time: ada@school.example is in class ${id} from 2030-12-02T16:00Z to 17:00Z. Choose another time, or send allow_conflicts: true.`;
  expect(conflictTold(told, "Europe/Berlin")).toBe(
    "Already booked at that time: ada@school.example is in another class on Mon 2 Dec 2030, 17:00–18:00. Choose another time, or book it all the same below.",
  );
  const inTable =
    "ada@school.example is in the class of row 2 at that time (2030-12-02T16:00Z). Choose another time, or send allow_conflicts: true.";
  expect(conflictTold(inTable, "Europe/Berlin")).toBe(
    "ada@school.example is in the class of row 2 at that time (Mon 2 Dec 2030, 17:00). Choose another time, or book it all the same below.",
  );
});
