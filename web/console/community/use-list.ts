// A list whose filters stand in the address, and in which area above all pages of the desk.
import { onMounted, watch, type ComputedRef } from 'vue';
import type { Page } from '../../shared/api/client';
import { useFilter } from '../filter';
import { usePages, type Pages } from '../paging';
import { ask } from './ask';

export interface List<T> {
  pages: Pages<T>;
  filter: ComputedRef<Record<string, string>>;
  setFilter: (change: Record<string, string>) => void;
}

/** `settle` may fill in what is asked for where the address says nothing. */
export function useList<T, Q>(names: readonly string[], fetch: (query: Q) => Promise<Page<T>>, keyOf: (item: T) => string | number, { most = 100, settle = (filter: Record<string, string>) => filter } = {}): List<T> {
  const { filter, setFilter } = useFilter(names);
  const pages = usePages<T>((wanted) => fetch(ask<Q>(settle({ ...filter.value }), wanted, most)), keyOf);
  onMounted(pages.restart);
  watch(() => JSON.stringify(filter.value), () => void pages.restart());
  return { pages, filter, setFilter };
}
