// What a deadline says to the eye: how long, and how near.

export type DueState = "none" | "far" | "near" | "past";

export interface Due {
  state: DueState;
  /** Largest unit and the next below it, e.g. 3 h 20 min; always positive, also when past. */
  days: number;
  hours: number;
  minutes: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NEAR_SHARE = 0.25;

/** `openedAt` and `dueAt` in ISO 8601 or null; near is the last quarter of the time there was. */
export function dueOf(dueAt: string | null, openedAt: string | null, nowMs: number): Due {
  if (dueAt === null) {
    return { state: "none", days: 0, hours: 0, minutes: 0 };
  }
  const dueMs = Date.parse(dueAt);
  const leftMs = dueMs - nowMs;
  const wholeMs = openedAt === null ? DAY_MS : dueMs - Date.parse(openedAt);
  const state: DueState = leftMs < 0 ? "past" : leftMs <= wholeMs * NEAR_SHARE ? "near" : "far";
  const distance = Math.abs(leftMs);
  return {
    state,
    days: Math.floor(distance / DAY_MS),
    hours: Math.floor((distance % DAY_MS) / HOUR_MS),
    minutes: Math.floor((distance % HOUR_MS) / MINUTE_MS),
  };
}
