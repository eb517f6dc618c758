import { expect, it } from "vitest";
import { isAway } from "./presence";

it("is away after a minute without a hand", () => {
  expect(isAway(Date.now())).toBe(false);
  expect(isAway(Date.now() + 61_000)).toBe(true);
});
