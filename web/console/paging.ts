// A list on the desk, page by page, refreshed without losing the place.
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { Page } from '../shared/api/client';
import { ApiError } from '../shared/api/error';
import { noteError } from './session';

const PAGE = 50;

export interface Wanted {
  limit: number;
  cursor: string | null;
}

export interface Pages<T> {
  items: ShallowRef<T[]>;
  /** Where the next page begins; null after the last. */
  cursor: Ref<string | null>;
  loading: Ref<boolean>;
  error: ShallowRef<ApiError | null>;
  wasLoaded: Ref<boolean>;
  /** The list from its beginning, as long as it was. */
  refresh: () => Promise<void>;
  /** Another list, from its beginning. */
  restart: () => Promise<void>;
  loadMore: () => Promise<void>;
  /** Looks at so much of the beginning again: what is new comes in where it belongs, what was there stays where it is, whatever became of it. */
  peek: (limit?: number) => Promise<void>;
  /** Puts one that was just read or changed in the place of its older self. */
  update: (item: T) => void;
}

const versionOf = (item: unknown): number => Number((item as { version?: unknown }).version ?? 0);
/** Of two readings the later one: answers may overtake each other, and what was just written is not read from before it. */
const later = <T>(held: T, read: T): T => (versionOf(read) < versionOf(held) ? held : read);

/** The list with its beginning as it is now: each new one behind the one that it follows. */
function mix<T>(list: T[], page: T[], keyOf: (item: T) => string | number): T[] {
  const now = new Map(page.map((item) => [keyOf(item), item]));
  const known = new Set(list.map(keyOf));
  const mixed = list.map((item) => later(item, now.get(keyOf(item)) ?? item));
  page.forEach((item, i) => {
    if (known.has(keyOf(item))) return;
    const before = page[i - 1];
    mixed.splice(before === undefined ? 0 : mixed.findIndex((one) => keyOf(one) === keyOf(before)) + 1, 0, item);
  });
  return mixed;
}

/** `keyOf` tells one from another. */
export function usePages<T>(fetch: (wanted: Wanted) => Promise<Page<T>>, keyOf: (item: T) => string | number): Pages<T> {
  const items = shallowRef<T[]>([]);
  const cursor = ref<string | null>(null);
  const loading = ref(false);
  const error = shallowRef<ApiError | null>(null);
  const wasLoaded = ref(false);
  let latest = 0;

  async function load(wanted: Wanted, join: (page: T[]) => T[]): Promise<void> {
    const turn = ++latest;
    loading.value = true;
    error.value = null;
    try {
      const page = await fetch(wanted);
      if (turn !== latest) return;
      items.value = join(page.items);
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
  const refresh = () => load({ limit: Math.min(1000, Math.max(PAGE, items.value.length)), cursor: null }, (page) => page);
  function restart(): Promise<void> {
    items.value = [];
    wasLoaded.value = false;
    return refresh();
  }
  function loadMore(): Promise<void> {
    if (cursor.value === null || loading.value) return Promise.resolve();
    const seen = new Set(items.value.map(keyOf));
    return load({ limit: PAGE, cursor: cursor.value }, (page) => [...items.value, ...page.filter((item) => !seen.has(keyOf(item)))]);
  }
  async function peek(limit = PAGE): Promise<void> {
    if (!wasLoaded.value) return refresh();
    if (loading.value) return;
    const turn = latest;
    try {
      const page = await fetch({ limit: Math.min(1000, Math.max(PAGE, limit)), cursor: null });
      if (turn === latest) items.value = mix(items.value, page.items, keyOf);
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      noteError(trouble); // the list stands as it is
    }
  }
  function update(item: T): void {
    items.value = items.value.map((old) => (keyOf(old) === keyOf(item) ? later(old, item) : old));
  }
  return { items, cursor, loading, error, wasLoaded, refresh, restart, loadMore, peek, update };
}
