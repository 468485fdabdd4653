// What was reported already, near the pin and of the category that is being sent.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ApiError } from '../shared/api/error';
import { rider, type SimilarReport } from '../shared/api/rider';
import type { Position } from '../shared/api/types';

const PAUSE_MS = 400; // the pin may still be on its way

export interface Asked {
  kind: string;
  category: string;
  near: Position;
}

/** Looks whenever `asked` changes; null asks nothing. What cannot be found out is no hindrance to sending. */
export function useSimilar(asked: () => Asked | null): { similar: ShallowRef<SimilarReport[]>; isLooking: Ref<boolean> } {
  const similar = shallowRef<SimilarReport[]>([]);
  const isLooking = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  async function look({ kind, category, near }: Asked, turn: number): Promise<void> {
    try {
      const found = await rider.similar(kind, category, near);
      if (turn === latest) similar.value = found;
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
    } finally {
      if (turn === latest) isLooking.value = false;
    }
  }
  watch(() => JSON.stringify(asked()), () => {
    const turn = ++latest;
    clearTimeout(timer);
    similar.value = [];
    const now = asked();
    isLooking.value = now !== null;
    if (now !== null) timer = setTimeout(() => void look(now, turn), PAUSE_MS);
  }, { immediate: true });
  onScopeDispose(() => {
    latest++;
    clearTimeout(timer);
  });
  return { similar, isLooking };
}
