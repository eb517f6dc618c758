import { describe, expect, it } from "vitest";
import { dueOf } from "./due";

const OPENED = "2026-03-02T08:00:00+08:00";
const DUE = "2026-03-02T12:00:00+08:00";

describe("a deadline", () => {
  it.each([
    ["2026-03-02T10:59:59+08:00", "far", 0, 1, 0],
    ["2026-03-02T11:00:00+08:00", "near", 0, 1, 0],
    ["2026-03-02T12:00:00+08:00", "near", 0, 0, 0],
    ["2026-03-02T12:00:01+08:00", "past", 0, 0, 0],
    ["2026-03-03T13:05:00+08:00", "past", 1, 1, 5],
  ] as const)("at %s is %s", (now, state, days, hours, minutes) =>
    expect(dueOf(DUE, OPENED, Date.parse(now))).toEqual({ state, days, hours, minutes }));

  it("may be none", () => expect(dueOf(null, OPENED, 0).state).toBe("none"));
});
