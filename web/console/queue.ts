// The cases on the desk: reports, or what riders say of places.
import { computed } from 'vue';
import { api } from '../shared/api/client';
import type { Report } from '../shared/api/types';
import { hash } from '../shared/hash';
import { useFilter } from './filter';
import { usePages } from './pages';

/** Which queue it is. */
export const kind = computed(() => (hash.value.path[0] === 'feedback' ? 'place_feedback' : 'report'));
/** The first part of the address of one of them. */
export const folder = computed(() => (kind.value === 'place_feedback' ? 'feedback' : 'report'));

export const { filter, setFilter } = useFilter(['state', 'category', 'open', 'due', 'place']);

export const { items: reports, cursor, loading, error, wasLoaded, refresh, restart, loadMore, update: updateReport } = usePages<Report>(({ limit, cursor: from }) => {
  const { state, category, open, due, place } = filter.value;
  return api.reports({
    kind: kind.value, limit,
    ...(open === '' ? {} : { open: true }),
    ...(due === 'overdue' || due === 'near' ? { due } : {}),
    ...(place === '' ? {} : { place: Number(place) }),
    ...(state === '' ? {} : { state }),
    ...(category === '' ? {} : { category }),
    ...(from === null ? {} : { cursor: from }),
  });
}, ({ id }) => id);
