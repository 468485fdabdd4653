// The way that is looked at: from where, to where, past what, and which places lie on it.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { mapApi, type Along, type Ring } from '../shared/api/map';
import type { Position, Route } from '../shared/api/types';
import { categories } from '../shared/categories';
import { hash, replaceQuery } from '../shared/hash';
import { lang } from '../shared/i18n';
import { useFetched, type Fetched } from '../shared/use-fetched';
import { origin } from './origin';
import { askAll, questions } from './wanted';

/** Half the side of what is avoided around a tap, in degrees: about 60 m. */
const AROUND_DEG = 0.0006;
const MOST_RINGS = 10; // of the server

/** What is avoided; it outlives the panel, and goes with the page. */
export const avoided = ref<Ring[]>([]);

export function avoidAround([lon, lat]: Position): void {
  const wide = AROUND_DEG / Math.max(0.2, Math.cos((lat * Math.PI) / 180));
  const corners: [number, number][] = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]];
  avoided.value = [...avoided.value, corners.map(([x, y]): Position => [lon + x * wide, lat + y * AROUND_DEG])].slice(-MOST_RINGS);
}

export const profiles = computed(() => categories.value?.profiles ?? []);
export const profile = computed(() => {
  const asked = hash.value.query.get('profile');
  if (asked !== null && profiles.value.includes(asked)) return asked;
  return profiles.value.includes('ebike') ? 'ebike' : (profiles.value[0] ?? null);
});

/** Changes the address' query; '' takes a member away. */
export function setWay(changes: Record<string, string>): void {
  const query = { ...Object.fromEntries(hash.value.query), ...changes };
  replaceQuery(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
}

export interface Way {
  route: Fetched<Route>;
  along: Fetched<Along>;
  search: () => void;
}

/** Asks whenever something changes; for places on the way only while they are looked at. */
export function useWay(to: ComputedRef<Position | null>, seesAlong: Ref<boolean>): Way {
  const route = useFetched<Route>();
  const along = useFetched<Along>();

  function searchAlong(): void {
    const [from, end, by] = [origin.value, to.value, profile.value];
    if (!seesAlong.value || from === null || end === null || by === null) return;
    void along.run(async () => {
      let directS = 0;
      const places = await askAll(async (wanted) => {
        const found = await mapApi.along([from, end], wanted, by, avoided.value);
        directS = found.directS;
        return found.places;
      }, ({ detour_s = 0 }) => detour_s);
      return { places, directS };
    }, true);
  }
  function search(): void {
    const [from, end, by] = [origin.value, to.value, profile.value];
    if (end === null) {
      route.forget();
      along.forget();
    }
    if (from === null || end === null || by === null) return;
    void route.run(() => mapApi.route(from, end, by, lang.value, avoided.value), true);
    searchAlong();
  }
  watch([origin, () => String(to.value), profile, lang, avoided], search, { immediate: true });
  watch([seesAlong, () => JSON.stringify(questions.value)], searchAlong);
  watch(route.error, (now) => {
    if (now !== null) route.value.value = null;
  });
  return { route, along, search };
}
