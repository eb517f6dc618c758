// Whether somebody is at the desk. Requests that live events cause keep no session alive when nobody is.

const AWAY_MS = 60_000;
let actedMs = Date.now();

function acted(): void {
  actedMs = Date.now();
}

for (const name of ["pointerdown", "keydown", "wheel", "touchstart"] as const) {
  globalThis.addEventListener?.(name, acted, { capture: true, passive: true });
}

export function isAway(nowMs = Date.now()): boolean {
  return nowMs - actedMs > AWAY_MS;
}
