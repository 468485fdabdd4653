// One thing of the desk: read, changed, and read again where somebody else was faster.
import { onMounted, ref, type Ref, type ShallowRef } from 'vue';
import type { ApiError } from '../../shared/api/error';
import { useFetched } from '../../shared/use-fetched';
import { noteError } from '../session';
import { useAttempt } from '../use-attempt';

export interface RecordDesk<T> {
  record: ShallowRef<T | null>;
  loading: Ref<boolean>;
  /** Why it could not be read. */
  error: ShallowRef<ApiError | null>;
  isBusy: Ref<boolean>;
  /** What the server said against the last change. */
  trouble: ShallowRef<ApiError | null>;
  /** Somebody changed it while it was looked at; what stands in `record` is theirs. */
  isStale: Ref<boolean>;
  wasDone: Ref<boolean>;
  load: () => Promise<void>;
  /** Changes it; takes over what comes back, or reads it again where nothing does. */
  act: (change: () => Promise<T | undefined>) => Promise<boolean>;
}

export function useRecord<T extends { version: number }>(fetch: (() => Promise<T>) | null): RecordDesk<T> {
  const { value: record, loading, error, run } = useFetched<T>();
  const { isBusy, trouble, attempt } = useAttempt();
  const isStale = ref(false);
  const wasDone = ref(false);

  async function load(): Promise<void> {
    if (fetch === null) return;
    await run(fetch, true);
    if (error.value !== null) noteError(error.value);
  }
  async function act(change: () => Promise<T | undefined>): Promise<boolean> {
    const seen = record.value?.version;
    isStale.value = wasDone.value = false;
    wasDone.value = await attempt(async () => {
      const now = await change();
      if (now !== undefined) record.value = now;
      else await load();
    }, async ({ status }) => {
      if (status !== 409) return;
      await load();
      isStale.value = record.value?.version !== seen;
    });
    return wasDone.value;
  }
  onMounted(load);
  return { record, loading, error, isBusy, trouble, isStale, wasDone, load, act };
}
