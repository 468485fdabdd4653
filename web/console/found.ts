// The places that were looked for.
import { computed, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import type { Area, Place } from '../shared/api/types';
import { nameOf } from '../shared/i18n';
import { useFilter } from './filter';
import { usePages } from './paging';

/** With words the best come first, and no more than so many: whoever wants others writes more. */
export const BEST = 50;

export const { filter, setFilter } = useFilter(['text', 'area', 'category']);

export const { items: places, cursor, loading, error, wasLoaded, refresh, restart, loadMore } = usePages<Place>(({ limit, cursor: from }) =>
  api.findPlaces({ ...filter.value, limit: filter.value.text === '' ? limit : BEST, cursor: from }), ({ id }) => id);

const areas = shallowRef<Area[]>([]);

/** The list of areas is a help: without it one finds by words. */
export async function loadAreas(): Promise<void> {
  try {
    areas.value = await api.areas();
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
  }
}

export const areasById = computed(() => new Map(areas.value.map((area) => [area.id, area])));

/** Each area behind the one that it lies in, with how deep that is. */
export const areaTree = computed(() => {
  const known = new Set(areas.value.map(({ id }) => id));
  const inside = new Map<number, Area[]>();
  for (const area of areas.value) {
    const parent = area.parent_id !== undefined && known.has(area.parent_id) ? area.parent_id : 0;
    inside.set(parent, [...(inside.get(parent) ?? []), area]);
  }
  const rows: { area: Area; depth: number }[] = [];
  const walk = (parent: number, depth: number) => {
    for (const area of inside.get(parent) ?? []) {
      rows.push({ area, depth });
      walk(area.id, depth + 1);
    }
  };
  walk(0, 0);
  return rows;
});

/** A name set in by how deep the area lies, for lists to choose from. */
export const areaLabel = ({ area, depth }: { area: Area; depth: number }) => '\u3000'.repeat(depth) + nameOf(area);
