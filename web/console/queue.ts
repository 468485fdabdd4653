// The cases on the desk: reports and other kinds, or what riders say of places. What is asked for stands in the address.
import { computed, shallowRef } from 'vue';
import { api } from '../shared/api/client';
import { desk } from '../shared/api/desk';
import { ApiError } from '../shared/api/error';
import type { Counts, Report, ReportQuery } from '../shared/api/types';
import { hash } from '../shared/hash';
import { useFilter } from './filter';
import { kindOf } from './kinds';
import { usePages } from './paging';

/** The first part of the address of one of them. */
export const folder = computed(() => (hash.value.path[0] === 'feedback' ? 'feedback' : 'report'));
/** Which queue it is. */
export const kind = computed(() => (folder.value === 'feedback' ? 'place_feedback' : hash.value.query.get('kind') || 'report'));

/** What the server is asked by. `view` says how they are shown, and `saved` which view it is. */
export const ASKED = ['state', 'category', 'open', 'due', 'place', 'area', 'assignee', 'unit', 'priority', 'text', 'flags', 'answer', 'from', 'to'] as const;
export const { filter, setFilter } = useFilter(['kind', ...ASKED, 'sort', 'view', 'saved']);

/** Midnight of a day by the clock of this desk; other texts as they are. */
function moment(text: string): string {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00`) : null;
  return day === null || Number.isNaN(day.getTime()) ? text : day.toISOString();
}

/** The filters as parameters of the server's. */
export const asked = computed(() => {
  const parts = ASKED.filter((name) => filter.value[name] !== '').map((name) => {
    const value = filter.value[name];
    if (name === 'open') return [name, 'true'];
    return [name, name === 'from' || name === 'to' ? moment(value) : value];
  });
  return { kind: kind.value, ...Object.fromEntries(parts) } as Record<string, string>;
});
/** The same in the types of the API's description: they go into an address, where all are texts. */
const query = () => asked.value as unknown as Omit<ReportQuery, 'limit' | 'cursor'>;

export const pages = usePages<Report>(({ limit, cursor: from }) => api.reports({
  ...query(), limit,
  ...(filter.value.sort === '' ? {} : { sort: filter.value.sort as NonNullable<ReportQuery['sort']> }),
  ...(from === null ? {} : { cursor: from }),
}), ({ id }) => id);
export const { items: reports, cursor, loading, error, wasLoaded, loadMore, update: updateReport } = pages;

export const counts = shallowRef<Counts | null>(null);
let latest = 0;

/** A help: the list stands without them. */
async function count(): Promise<void> {
  const turn = ++latest;
  try {
    const got = await desk.counts(query());
    if (turn === latest) counts.value = got;
  } catch (trouble) {
    if (!(trouble instanceof ApiError)) throw trouble;
    if (turn === latest) counts.value = null;
  }
}
export async function refresh(): Promise<void> {
  await Promise.all([pages.refresh(), count()]);
}
const FEW = 10;

/** Follows what happened to `cases` (null: nobody knows to which) without moving the list under whoever works on it. */
export async function follow(cases: ReadonlySet<string> | null): Promise<void> {
  const known = new Set(reports.value.map(({ id }) => id));
  const changed = [...(cases ?? [])].filter((id) => known.has(id));
  // Whoever looks at a private case is noted in the audit trail: its row is read with the list.
  const areRead = cases !== null && changed.length <= FEW && !kindOf(kind.value)?.private;
  const reading = areRead ? changed.map(async (id) => updateReport(await api.report(id))) : [];
  const isMore = !areRead || changed.length < (cases?.size ?? 0);
  await Promise.all([count(), ...(isMore ? [pages.peek(areRead ? undefined : reports.value.length)] : []), ...reading]).catch((trouble) => {
    if (!(trouble instanceof ApiError)) throw trouble; // the next event, or the next minute, tells it
  });
}
export async function restart(): Promise<void> {
  await Promise.all([pages.restart(), count()]);
}

export function exportUrl(format: 'csv' | 'xlsx' | 'geojson'): string {
  return `/v1/reports/export?${new URLSearchParams({ format, ...asked.value })}`;
}
