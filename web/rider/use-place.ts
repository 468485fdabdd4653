// One place by its id, shown as the chosen one on the map, and kept as it is: staff may move or close it while it is looked at.
import { onMounted, onUnmounted, watch } from 'vue';
import { api } from '../shared/api/client';
import type { Place } from '../shared/api/types';
import { repeatWhileSeen, useFetched, type Fetched } from '../shared/use-fetched';
import { scene } from './scene';

const EVERY_S = 10;

export function usePlace(id: number): Fetched<Place> & { load: () => void } {
  const fetched = useFetched<Place>();
  /** The same object as long as nothing has changed, so that nobody does anything over again. */
  async function ask(): Promise<Place> {
    const now = await api.place(id);
    const before = fetched.value.value;
    return before !== null && JSON.stringify(before) === JSON.stringify(now) ? before : now;
  }
  const load = () => void fetched.run(ask, true);
  let stop = () => {};
  onMounted(() => {
    scene.chosen = id;
    load();
    stop = repeatWhileSeen(load, EVERY_S);
  });
  watch(fetched.value, (place) => {
    if (place === null) return;
    const isListed = scene.places.some((other) => other.id === place.id);
    scene.places = isListed ? scene.places.map((other) => (other.id === place.id ? { ...other, ...place } : other)) : [...scene.places, place];
  });
  onUnmounted(() => {
    stop();
    if (scene.chosen === id) scene.chosen = null;
  });
  return { ...fetched, load };
}
