// The places that were looked for.
import { computed, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import type { Area, Place } from '../shared/api/types';
import { areaRows } from '../shared/area-tree';
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

export const areaTree = computed(() => areaRows(areas.value));
