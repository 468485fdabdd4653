// Something fetched for the page: its value, whether it is on its way, what went wrong; an old answer never
// overtakes a newer one.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from './api/error';

export interface Fetched<T> {
  value: ShallowRef<T | null>;
  loading: Ref<boolean>;
  error: ShallowRef<ApiError | null>;
  /** Fetches; `keep` leaves the old value on the page meanwhile and after a failure. */
  run: (fetch: () => Promise<T>, keep?: boolean) => Promise<void>;
  /** Lets go of what there is and of what is on its way. */
  forget: () => void;
}

export function useFetched<T>(): Fetched<T> {
  const value = shallowRef<T | null>(null);
  const error = shallowRef<ApiError | null>(null);
  const loading = ref(false);
  let latest = 0;
  async function run(fetch: () => Promise<T>, keep = false): Promise<void> {
    const turn = ++latest;
    loading.value = true;
    error.value = null;
    if (!keep) value.value = null;
    try {
      const got = await fetch();
      if (turn === latest) value.value = got;
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      if (turn === latest) error.value = trouble;
    } finally {
      if (turn === latest) loading.value = false;
    }
  }
  function forget(): void {
    latest++;
    value.value = error.value = null;
    loading.value = false;
  }
  return { value, loading, error, run, forget };
}

/** Calls `act` every `seconds` while the page is looked at, and when it is looked at again. Returns how to stop. */
export function repeatWhileSeen(act: () => void, seconds: number): () => void {
  const actIfSeen = () => {
    if (document.visibilityState === 'visible') act();
  };
  const timer = setInterval(actIfSeen, seconds * 1000);
  document.addEventListener('visibilitychange', actIfSeen);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', actIfSeen);
  };
}
