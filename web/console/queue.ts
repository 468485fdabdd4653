// The reports on the desk: filtered by what the address says, page by page, refreshed without losing the place.
import { computed, ref, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import type { Report, ReportQuery } from '../shared/api/types';
import { hash, replaceQuery } from '../shared/hash';
import { noteError } from './session';

const PAGE = 30;

export const reports = shallowRef<Report[]>([]);
export const cursor = ref<string | null>(null);
export const loading = ref(false);
export const error = shallowRef<ApiError | null>(null);
export const wasLoaded = ref(false);

export const filter = computed(() => ({
  state: hash.value.query.get('state') ?? '',
  category: hash.value.query.get('category') ?? '',
}));

export function setFilter(change: Partial<{ state: string; category: string }>): void {
  const wanted = Object.entries({ ...filter.value, ...change }).filter(([, value]) => value !== '');
  replaceQuery(Object.fromEntries(wanted));
}

/** The filters, for links that keep them. */
export const filterQuery = computed(() => Object.fromEntries(hash.value.query));

function question(more: ReportQuery): ReportQuery {
  const { state, category } = filter.value;
  return { ...(state === '' ? {} : { state }), ...(category === '' ? {} : { category }), ...more };
}

let latest = 0;

async function fetchPage(more: ReportQuery, place: (page: Report[]) => Report[]): Promise<void> {
  const turn = ++latest;
  loading.value = true;
  error.value = null;
  try {
    const page = await api.reports(question(more));
    if (turn !== latest) return;
    reports.value = place(page.items);
    cursor.value = page.cursor;
    wasLoaded.value = true;
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    if (turn === latest) error.value = trouble;
    noteError(trouble);
  } finally {
    if (turn === latest) loading.value = false;
  }
}

/** The list from its beginning, as long as it was. */
export function refresh(): Promise<void> {
  const limit = Math.min(1000, Math.max(PAGE, reports.value.length));
  return fetchPage({ limit }, (page) => page);
}

export function restart(): Promise<void> {
  reports.value = [];
  wasLoaded.value = false;
  return refresh();
}

export function loadMore(): Promise<void> {
  if (cursor.value === null || loading.value) return Promise.resolve();
  const seen = new Set(reports.value.map(({ id }) => id));
  return fetchPage({ limit: PAGE, cursor: cursor.value }, (page) => [...reports.value, ...page.filter(({ id }) => !seen.has(id))]);
}

/** Puts a report that was just read or moved in the place of its older self. */
export function updateReport(report: Report): void {
  reports.value = reports.value.map((old) => (old.id === report.id ? report : old));
}
