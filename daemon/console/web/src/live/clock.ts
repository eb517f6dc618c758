// The server's time in the browser: deadlines are the database's, so a wrong clock on the desk must not move them.
import { readonly, ref } from "vue";

const TICK_MS = 1000;
let offsetMs = 0;
const nowMs = ref(Date.now());

/** Takes the server's time from an answer's Date header. */
export function clockLearn(dateHeader: string | null): void {
  const serverMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
  if (!Number.isNaN(serverMs)) {
    offsetMs = serverMs - Date.now();
  }
}

/** Milliseconds of the server's clock, moving once a second. */
export const serverNowMs = readonly(nowMs);

setInterval(() => {
  nowMs.value = Date.now() + offsetMs;
}, TICK_MS);
