// One report of one's own, kept as it is: what staff do shows at once.
import { onMounted, onUnmounted, watch } from 'vue';
import { rider } from '../shared/api/rider';
import type { Report } from '../shared/api/types';
import { followEvents } from '../shared/events';
import { kindOf } from '../shared/kinds';
import { repeatWhileSeen, useFetched, type Fetched } from '../shared/use-fetched';
import { noteSeen, tokenOf } from './my-reports';
import { answered } from './outbox';

const EVERY_S = 60;
/** A stream has no header for the secret of a private case, so that it is asked for. */
const PRIVATE_EVERY_S = 15;

export function useCase(id: string): Fetched<Report> & { load: () => void } {
  const fetched = useFetched<Report>();
  const load = () => void fetched.run(() => rider.report(id, tokenOf(id)), true);
  const stops: (() => void)[] = [];

  watch(fetched.value, (now, before) => {
    if (now !== null) noteSeen(now);
    if (now === null || before !== null) return;
    const isPrivate = kindOf(now.kind)?.private ?? true;
    stops.push(repeatWhileSeen(load, isPrivate ? PRIVATE_EVERY_S : EVERY_S));
    if (!isPrivate) stops.push(followEvents(`report=${encodeURIComponent(id)}`, load));
  });
  // What a letter was answered is newer than what is on its way.
  watch(() => answered.get(id), (now) => {
    if (now !== undefined) load();
  });
  onMounted(load);
  onUnmounted(() => {
    for (const stop of stops) stop();
    answered.delete(id);
  });
  return { ...fetched, load };
}
