// One thing at a time that the server may refuse.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '../shared/api/error';
import { noteError } from './session';

export interface Attempt {
  isBusy: Ref<boolean>;
  /** What the server said against the last one. */
  trouble: ShallowRef<ApiError | null>;
  /** Does it unless something is being done already, and says whether it was done. `refused` is told why not, before another can begin. */
  attempt: (act: () => Promise<void>, refused?: (trouble: ApiError) => void | Promise<void>) => Promise<boolean>;
}

export function useAttempt(): Attempt {
  const isBusy = ref(false);
  const trouble = shallowRef<ApiError | null>(null);
  const attempt: Attempt['attempt'] = async (act, refused) => {
    if (isBusy.value) return false;
    trouble.value = null;
    isBusy.value = true;
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      trouble.value = error;
      noteError(error);
      await refused?.(error);
      return false;
    } finally {
      isBusy.value = false;
    }
  };
  return { isBusy, trouble, attempt };
}
