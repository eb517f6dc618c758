// Keys of the bars a task page may show at the same time: a letter opens an answer of one bar and closes that of the
// other, a digit belongs to the bar whose answer is open. Nothing is done while somebody types or a dialog is open.
import { computed, onBeforeUnmount, onMounted, shallowRef, type WritableComputedRef } from "vue";

interface Open {
  bar: symbol;
  answer: string;
}

const open = shallowRef<Open | null>(null);

/** True when the key is text for a field, or belongs to what lies over the page. */
function isForOthers(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  const isField = target?.closest("input:not([type=checkbox]), select, textarea, [contenteditable], [role=dialog]") !== null && target !== null;
  return isField || event.ctrlKey || event.metaKey || event.altKey;
}

/** `answers`: letter to answer. `choose` gets the place of a digit, from 0, while an answer of this bar is open. */
export function useBarKeys<A extends string>(answers: Readonly<Record<string, A>>, choose: (place: number) => void): WritableComputedRef<A | null> {
  const bar = Symbol("bar");
  const chosen = computed<A | null>({
    get: () => (open.value?.bar === bar ? (open.value.answer as A) : null),
    set: (answer) => {
      if (answer !== null) {
        open.value = { bar, answer };
      } else if (open.value?.bar === bar) {
        open.value = null;
      }
    },
  });

  function onKey(event: KeyboardEvent): void {
    if (isForOthers(event)) {
      return;
    }
    const answer = answers[event.key];
    if (event.key === "Escape") {
      chosen.value = null;
    } else if (answer !== undefined) {
      chosen.value = answer;
    } else if (chosen.value !== null && /^[1-9]$/u.test(event.key)) {
      choose(Number(event.key) - 1);
    }
  }

  onMounted(() => window.addEventListener("keydown", onKey));
  onBeforeUnmount(() => {
    window.removeEventListener("keydown", onKey);
    chosen.value = null;
  });
  return chosen;
}
