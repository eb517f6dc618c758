// An open red or emergency item sounds and flashes until somebody acknowledges it.
// Browsers allow sound only after a gesture: until then `alarmIsMuted` tells the page to ask for one.
import { readonly, ref } from "vue";

const REPEAT_MS = 4000;
const TONE_SECONDS = 0.4;
const TONE_HERTZ = [880, 660] as const;

const muted = ref(true);
const ringing = ref(false);
let audio: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
const plainTitle = document.title;

export const alarmIsMuted = readonly(muted);
export const alarmIsRinging = readonly(ringing);

/** To be called from a click or a key. */
export async function alarmUnmute(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
  muted.value = audio.state !== "running";
}

function sound(): void {
  document.title = document.title === plainTitle ? "● ● ●" : plainTitle;
  if (audio === null || audio.state !== "running") {
    muted.value = true;
    return;
  }
  TONE_HERTZ.forEach((hertz, index) => {
    const tone = new OscillatorNode(audio as AudioContext, { frequency: hertz });
    const start = (audio as AudioContext).currentTime + index * TONE_SECONDS;
    tone.connect((audio as AudioContext).destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  });
}

/** Rings while `urgent` is above zero. */
export function alarmSet(urgent: number): void {
  const wanted = urgent > 0;
  if (wanted === ringing.value) {
    return;
  }
  ringing.value = wanted;
  clearInterval(timer);
  document.title = plainTitle;
  if (wanted) {
    sound();
    timer = setInterval(sound, REPEAT_MS);
  }
}
