// One thing that a page is about: fetched now, and again when somebody signs in or out.
import { watch } from 'vue';
import { noteRefusal, person } from '../../shared/session';
import { useFetched, type Fetched } from '../../shared/use-fetched';

export type One<T> = Pick<Fetched<T>, 'value' | 'loading' | 'error'> & { reload: (keep?: boolean) => Promise<void> };

export function useOne<T>(fetch: () => Promise<T>, onCome?: (value: T) => void): One<T> {
  const { value, loading, error, run } = useFetched<T>();
  async function reload(keep = false): Promise<void> {
    await run(fetch, keep);
    if (error.value) noteRefusal(error.value);
    else if (value.value !== null) onCome?.(value.value);
  }
  watch(() => person.value?.id, () => void reload());
  void reload();
  return { value, loading, error, reload };
}
