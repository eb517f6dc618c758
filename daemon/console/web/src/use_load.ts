// What a page shows of the server: loaded, being loaded, or refused with a Problem.
import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

export interface Loaded<T> {
  value: ShallowRef<T | null>;
  problem: Ref<unknown>;
  isLoading: Ref<boolean>;
  load: () => Promise<void>;
}

/** A later call wins over an earlier one that answers late. */
export function useLoad<T>(fetchValue: () => Promise<T>): Loaded<T> {
  const value = shallowRef<T | null>(null);
  const problem = ref<unknown>(null);
  const isLoading = ref(false);
  let turn = 0;

  async function load(): Promise<void> {
    const mine = ++turn;
    isLoading.value = true;
    try {
      const loaded = await fetchValue();
      if (mine === turn) {
        value.value = loaded;
        problem.value = null;
      }
    } catch (fault) {
      if (mine === turn) {
        problem.value = fault;
      }
    } finally {
      if (mine === turn) {
        isLoading.value = false;
      }
    }
  }
  return { value, problem, isLoading, load };
}
