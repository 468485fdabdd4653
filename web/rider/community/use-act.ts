// Something that the rider does to the server: at most once at a time, under a key that stays the same while the same is tried again.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '../../shared/api/error';
import { newIdempotencyKey } from '../../shared/api/send-report';
import { noteRefusal } from '../../shared/session';

export interface Act {
  isBusy: Ref<boolean>;
  trouble: ShallowRef<ApiError | null>;
  /** `said` is all that is sent: the key is good for that alone. `then` gets what was answered. */
  act: <T>(said: unknown, send: (key: string) => Promise<T>, then: (answer: T) => void) => Promise<void>;
}

/** Whether it may have been done all the same: then the next try has to be known again. */
const isUnsure = ({ status }: ApiError) => status === 0 || status >= 500;

export function useAct(): Act {
  const isBusy = ref(false);
  const trouble = shallowRef<ApiError | null>(null);
  let held: { said: string; key: string } | null = null;

  async function act<T>(what: unknown, send: (key: string) => Promise<T>, then: (answer: T) => void): Promise<void> {
    if (isBusy.value) return;
    const said = JSON.stringify(what);
    if (held?.said !== said) held = { said, key: newIdempotencyKey() };
    isBusy.value = true;
    trouble.value = null;
    try {
      const answer = await send(held.key);
      held = null;
      then(answer);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isUnsure(error)) held = null;
      noteRefusal(error);
      trouble.value = error;
    } finally {
      isBusy.value = false;
    }
  }
  return { isBusy, trouble, act };
}
