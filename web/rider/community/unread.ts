// How many messages wait to be read, told on the tab and at home.
import { ref, watch } from 'vue';
import { ApiError } from '../../shared/api/error';
import { own } from '../../shared/api/own';
import { noteRefusal, person } from '../../shared/session';
import { repeatWhileSeen } from '../../shared/use-fetched';

const AGAIN_S = 60;
export const unread = ref(0);

export async function countUnread(): Promise<void> {
  if (person.value === null) {
    unread.value = 0;
    return;
  }
  try {
    unread.value = await own.unread();
  } catch (trouble) {
    // It stays what it was until the network is back.
    if (!(trouble instanceof ApiError)) throw trouble;
    noteRefusal(trouble);
  }
}

/** To be called once, when the page begins. */
export function keepCounting(): void {
  watch(() => person.value?.id, () => void countUnread(), { immediate: true });
  repeatWhileSeen(() => void countUnread(), AGAIN_S);
}
