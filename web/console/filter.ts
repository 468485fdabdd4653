// What a list is filtered by stands in the address.
import { computed, type ComputedRef } from 'vue';
import { hash, replaceQuery } from '../shared/hash';

type Filter<K extends string> = Record<K, string>;

/** The parts of the query of these names ('' where one is missing), and how to change some of them. */
export function useFilter<K extends string>(names: readonly K[]): { filter: ComputedRef<Filter<K>>; setFilter: (change: Partial<Filter<K>>) => void } {
  const filter = computed(() => Object.fromEntries(names.map((name) => [name, hash.value.query.get(name) ?? ''])) as Filter<K>);
  function setFilter(change: Partial<Filter<K>>): void {
    const wanted = Object.entries<string>({ ...filter.value, ...change }).filter(([, value]) => value !== '');
    replaceQuery(Object.fromEntries(wanted));
  }
  return { filter, setFilter };
}

/** The filters, for links that keep them. */
export const filterQuery = computed(() => Object.fromEntries(hash.value.query));
