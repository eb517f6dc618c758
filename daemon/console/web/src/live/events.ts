// One stream of live events for the whole page. It says that something changed; pages ask again for what they show.
import { readonly, ref } from "vue";

export type EventName = "queue" | "inbox" | "feeds";
type Listener = () => void;

const SILENT_MS = 40_000;
const CHECK_MS = 5_000;
const NAMES: readonly EventName[] = ["queue", "inbox", "feeds"];

const isLost = ref(false);
const listeners = new Map<EventName, Set<Listener>>(NAMES.map((name) => [name, new Set<Listener>()]));
let stream: EventSource | null = null;
let watch: ReturnType<typeof setInterval> | undefined;
let heardMs = 0;

/** The live connection is lost: what is on the screen may be old. */
export const liveIsLost = readonly(isLost);

function heard(): void {
  heardMs = Date.now();
  if (isLost.value) {
    isLost.value = false;
    NAMES.forEach(tell);
  }
}

function tell(name: EventName): void {
  listeners.get(name)?.forEach((listener) => listener());
}

export function liveStart(): void {
  if (stream !== null) {
    return;
  }
  heardMs = Date.now();
  stream = new EventSource("/api/events");
  stream.addEventListener("open", heard);
  stream.addEventListener("ping", heard);
  for (const name of NAMES) {
    stream.addEventListener(name, () => {
      heard();
      tell(name);
    });
  }
  watch = setInterval(() => {
    isLost.value = Date.now() - heardMs > SILENT_MS;
    if (isLost.value && stream?.readyState === EventSource.CLOSED) {
      startAnew();
    }
  }, CHECK_MS);
}

function startAnew(): void {
  liveStop();
  isLost.value = true;
  liveStart();
  heardMs = 0;
}

/** The browser knows sooner than 40 s of silence do that its network is gone. */
globalThis.addEventListener?.("offline", () => {
  isLost.value = stream !== null;
});
globalThis.addEventListener?.("online", () => {
  if (stream !== null) {
    startAnew();
  }
});

export function liveStop(): void {
  stream?.close();
  stream = null;
  clearInterval(watch);
  isLost.value = false;
}

/** Calls `listener` at each such event until the returned function is called. */
export function liveOn(name: EventName, listener: Listener): () => void {
  listeners.get(name)?.add(listener);
  return () => listeners.get(name)?.delete(listener);
}
