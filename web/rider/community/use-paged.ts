// A list that comes page by page.
import { shallowReactive, watch } from 'vue';
import { ApiError } from '../../shared/api/error';
import type { Page } from '../../shared/api/client';
import { noteRefusal } from '../../shared/session';

export interface Paged<T> {
  items: T[];
  loading: boolean;
  error: ApiError | null;
  /** There is nothing after `items`. */
  isEnd: boolean;
  more: () => Promise<void>;
  reload: () => Promise<void>;
}

/** Fetches the first page now, and all anew when what `by` reads changes. An answer that was overtaken is dropped. */
export function usePaged<T, P extends Page<T> = Page<T>>(fetch: (cursor: string | null) => Promise<P>, by?: () => unknown, onPage?: (page: P) => void): Paged<T> {
  let cursor: string | null = null;
  let turn = 0;
  const paged: Paged<T> = shallowReactive({ items: [] as T[], loading: false, error: null, isEnd: false, more, reload });

  async function more(): Promise<void> {
    if (paged.loading || paged.isEnd) return;
    const mine = turn;
    paged.loading = true;
    paged.error = null;
    try {
      const page = await fetch(cursor);
      if (mine !== turn) return;
      onPage?.(page);
      paged.items = [...paged.items, ...page.items];
      cursor = page.cursor;
      paged.isEnd = cursor === null;
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      noteRefusal(trouble);
      if (mine === turn) paged.error = trouble;
    } finally {
      if (mine === turn) paged.loading = false;
    }
  }
  function reload(): Promise<void> {
    turn++;
    cursor = null;
    Object.assign(paged, { items: [], loading: false, error: null, isEnd: false });
    return more();
  }
  if (by) watch(by, () => void reload());
  void more();
  return paged;
}
