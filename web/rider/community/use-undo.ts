// An act that waits for a moment in which it can be taken back. It goes out at once when the page is left.
import { onBeforeUnmount, ref, type Ref } from 'vue';

const HOLD_MS = 5000;

export function useUndo<T>(act: (what: T) => void) {
  const going = ref(null) as Ref<T | null>;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(): void {
    clearTimeout(timer);
    const what = going.value;
    going.value = null;
    if (what !== null) act(what);
  }
  function hold(what: T): void {
    release();
    going.value = what;
    timer = setTimeout(release, HOLD_MS);
  }
  function undo(): void {
    clearTimeout(timer);
    going.value = null;
  }
  onBeforeUnmount(release);
  return { going, hold, undo };
}
