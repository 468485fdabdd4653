// One place by its id, shown as the chosen one on the map.
import { onMounted, onUnmounted, watch } from 'vue';
import { api } from '../shared/api/client';
import type { Place } from '../shared/api/types';
import { useFetched, type Fetched } from '../shared/use-fetched';
import { scene } from './scene';

export function usePlace(id: number): Fetched<Place> & { load: () => void } {
  const fetched = useFetched<Place>();
  const load = () => void fetched.run(() => api.place(id));
  onMounted(() => {
    scene.chosen = id;
    load();
  });
  watch(fetched.value, (place) => {
    if (place !== null && !scene.places.some((other) => other.id === place.id)) scene.places = [...scene.places, place];
  });
  onUnmounted(() => {
    if (scene.chosen === id) scene.chosen = null;
  });
  return { ...fetched, load };
}
