// The cards of a member: their codes are good for half a minute and are asked for again when that is over, while the page is looked at.
import { onBeforeUnmount, ref, shallowRef } from 'vue';
import { ApiError } from '../../shared/api/error';
import { own, type Card } from '../../shared/api/own';
import { noteRefusal } from '../../shared/session';
import { repeatWhileSeen } from '../../shared/use-fetched';

export function useCards() {
  const cards = shallowRef<Card[]>([]);
  const error = shallowRef<ApiError | null>(null);
  const loading = ref(false);
  const leftS = ref(0);

  async function load(): Promise<void> {
    if (loading.value) return;
    loading.value = true;
    try {
      cards.value = await own.cards();
      error.value = null;
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      noteRefusal(trouble);
      error.value = trouble;
    } finally {
      loading.value = false;
    }
  }
  /** A code that is over is not shown any longer: it would be refused. */
  function tick(): void {
    const until = Math.min(...cards.value.map((card) => Date.parse(card.until)));
    leftS.value = Number.isFinite(until) ? Math.max(0, Math.ceil((until - Date.now()) / 1000)) : 0;
    if (leftS.value === 0 && error.value === null) void load().then(countDown);
  }
  function countDown(): void {
    const until = Math.min(...cards.value.map((card) => Date.parse(card.until)));
    if (Number.isFinite(until)) leftS.value = Math.max(0, Math.ceil((until - Date.now()) / 1000));
  }
  void load().then(countDown);
  onBeforeUnmount(repeatWhileSeen(tick, 1));
  return { cards, error, loading, leftS, reload: load };
}
