// What is near, by the time to ride there, with the time to walk.
import { computed, ref, watch, type Ref } from 'vue';
import { ApiError } from '../shared/api/error';
import { mapApi, type Wanted } from '../shared/api/map';
import type { Place, Position } from '../shared/api/types';
import { categories, categoriesError } from '../shared/categories';
import { useFetched, type Fetched } from '../shared/use-fetched';
import { keepLastNear, readLastNear } from './last-near';
import { isSettling, origin, originKind } from './origin';
import { askAll, hasNoRoads, isFiltered, isOpenOnly, questions } from './wanted';

const RIDES = 'ebike';
const WALKS = 'foot';

export interface Near extends Fetched<Place[]> {
  /** Seconds on foot, by place. */
  walks: Ref<Map<number, number>>;
  /** The list is that of the last time; the new one is on its way. */
  isLast: Ref<boolean>;
  search: () => void;
}

/** Who travels; null while the server has no roads, or none for such a rider. */
const has = (profile: string) => categories.value?.profiles.includes(profile) ?? false;
const rides = computed(() => (has(RIDES) ? RIDES : null));

/** By time; but by distance where no road is near, or none leads to any place. */
async function placesNear(from: Position, wanted: Wanted): Promise<Place[]> {
  try {
    const quickest = rides.value === null ? [] : await mapApi.near(from, wanted, rides.value);
    if (quickest.length > 0) return quickest;
  } catch (trouble) {
    if (!hasNoRoads(trouble)) throw trouble;
  }
  return mapApi.near(from, wanted, null);
}

const isShut = ({ open, closed }: Place) => open?.state === 'closed' || (closed !== undefined && Date.parse(closed.from) <= Date.now());

/** What is shut now comes after all that may be open. */
async function askNear(from: Position): Promise<Place[]> {
  const found = await askAll((wanted) => placesNear(from, wanted), ({ duration_s, distance_m = 0 }) => duration_s ?? distance_m);
  return isOpenOnly.value ? found : [...found.filter((place) => !isShut(place)), ...found.filter(isShut)];
}

/** Whether the list is, or will be, simply what is near the rider: the one to open on. */
const isPlain = () => !isFiltered.value && originKind.value !== 'pin';

export function useNear(): Near {
  const fetched = useFetched<Place[]>();
  const last = isPlain() ? readLastNear() : null;
  const walks = ref(new Map<number, number>(last?.walks));
  const isLast = ref(last !== null);
  fetched.value.value = last?.places ?? null;

  let isKept = false; // what was asked for last is the list to open on the next time

  async function walk(places: Place[], from: Position, keep: boolean): Promise<void> {
    if (!has(WALKS) || places.length === 0) return;
    try {
      const seconds = await mapApi.durations(from, places.map(({ location }) => location), WALKS);
      const known = places.flatMap(({ id }, i): [number, number][] => (typeof seconds[i] === 'number' ? [[id, seconds[i]]] : []));
      if (fetched.value.value !== places) return;
      walks.value = new Map(known);
      if (keep) keepLastNear(places, known);
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      if (fetched.value.value === places) walks.value = new Map(); // the list is good without it, and with those from elsewhere it is not
    }
  }
  function search(): void {
    const from = origin.value;
    const knowsProfiles = categories.value !== null || categoriesError.value !== null;
    if (from === null || !knowsProfiles) return;
    // The list of the last time does while the device looks where the rider is: what is near the centre would only flash up. But whoever has asked
    // for something since then is answered.
    const hasAsked = fetched.loading.value || fetched.error.value !== null;
    if (isLast.value && isPlain() && originKind.value === 'centre' && isSettling.value && !hasAsked) return;
    isKept = isPlain();
    void fetched.run(() => askNear(from), true);
  }
  watch(fetched.value, (places) => {
    if (places === null || origin.value === null) return;
    isLast.value = false;
    if (isKept) keepLastNear(places, []);
    void walk(places, origin.value, isKept);
  });
  // Who is told of no position has waited for nothing: now what is near the centre is asked for.
  watch(isSettling, () => {
    if (isLast.value && originKind.value === 'centre') search();
  });
  watch([origin, () => JSON.stringify(questions.value), categories, categoriesError], search, { immediate: true });
  return { ...fetched, walks, isLast, search };
}
