// What the list is to show, as the address says it, and asking for it.
import { computed } from 'vue';
import { ApiError } from '../shared/api/error';
import type { Wanted } from '../shared/api/map';
import type { Place } from '../shared/api/types';
import { hash, replaceQuery } from '../shared/hash';
import { needOf, type Need } from './needs';

const from = (name: string) => computed(() => hash.value.query.get(name) ?? undefined);
const code = from('need');
export const text = from('text');
export const area = from('area');
export const need = computed<Need | undefined>(() => needOf(code.value ?? null));
export const isOpenOnly = computed(() => hash.value.query.get('open') === 'now');
export const isFiltered = computed(() => [code, text, area].some(({ value }) => value !== undefined) || isOpenOnly.value);

/** Changes what is wanted; '' asks nothing any more. */
export function want(changes: Record<string, string>): void {
  const query = { ...Object.fromEntries(hash.value.query), ...changes };
  replaceQuery(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
}

/** One question for each way to meet the need. */
export const questions = computed<Wanted[]>(() => {
  const rest: Wanted = {
    ...(text.value === undefined ? {} : { text: text.value }),
    ...(area.value === undefined ? {} : { area: area.value }),
    isOpen: isOpenOnly.value,
  };
  // A code that nobody knows is the server's to refuse or to find nothing for.
  const asked = need.value ?? (code.value === undefined ? undefined : { category: code.value, amenity: undefined });
  if (asked === undefined) return [rest];
  const { category, amenity } = asked;
  return [
    ...(category === undefined ? [] : [{ ...rest, category }]),
    ...(amenity === undefined ? [] : [{ ...rest, amenity }]),
  ];
});

/** Puts the answers to all questions in one order, without what came twice. */
export async function askAll(ask: (wanted: Wanted) => Promise<Place[]>, weight: (place: Place) => number, limit = 30): Promise<Place[]> {
  const answers = await Promise.all(questions.value.map(ask));
  const all = new Map(answers.flat().map((place) => [place.id, place]));
  return answers.length === 1 ? (answers[0] ?? []) : [...all.values()].sort((a, b) => weight(a) - weight(b)).slice(0, limit);
}

/** No road is near, or the server has none. */
export const hasNoRoads = (trouble: unknown): boolean => trouble instanceof ApiError && (trouble.status === 404 || trouble.status === 503);
