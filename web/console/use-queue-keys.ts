// The queue by keyboard. No key while somebody writes or a box is open, nor one that belongs to the browser.
import { nextTick, onMounted, onUnmounted, type Ref } from 'vue';
import { go } from '../shared/hash';
import { filterQuery } from './filter';
import { cursor, folder, loadMore, refresh, reports } from './queue';
import { clearSelection, cursorAt, selected, step, toggle } from './selection';

interface Keys {
  list: Ref<HTMLElement | null>;
  chosen: () => string | null;
  begin: (what: 'assign' | 'dispatch' | 'close') => void;
  help: () => void;
}
/** So many before the end of what is loaded, more is fetched. */
const AHEAD = 10;
const WRITES = 'input:not([type=checkbox]), textarea, select, [contenteditable]';

export function useQueueKeys({ list, chosen, begin, help }: Keys) {
  /** The row gets the keyboard, and is in sight, with no more scrolling than that takes. */
  async function focusRow(id: string | null): Promise<void> {
    await nextTick();
    const row = id === null ? null : list.value?.querySelector<HTMLElement>(`[data-report="${CSS.escape(id)}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
    if (cursor.value !== null && reports.value.findIndex((report) => report.id === id) >= reports.value.length - AHEAD) void loadMore();
  }
  /** Goes on with a case; where one is open, that one is opened. */
  function goOn(id: string | null): void {
    if (id !== null && chosen() !== null && chosen() !== id) go([folder.value, id], filterQuery.value);
    void focusRow(id);
  }
  function move(by: 1 | -1, isRange: boolean): void {
    const from = cursorAt.value;
    const id = step(by);
    if (isRange && id !== null) {
      if (from !== null && !selected.value.has(from)) toggle(from);
      if (!selected.value.has(id)) toggle(id);
    }
    goOn(id);
  }
  function back(): boolean {
    if (selected.value.size > 0) clearSelection();
    else if (chosen() !== null) go([folder.value], filterQuery.value);
    else return false;
    void focusRow(cursorAt.value);
    return true;
  }
  function open(event: KeyboardEvent): boolean {
    if ((event.target as HTMLElement).matches('a, button, label') || cursorAt.value === null) return false;
    go([folder.value, cursorAt.value], filterQuery.value);
    return true;
  }
  function select(event: KeyboardEvent): boolean {
    if (cursorAt.value === null) return false;
    toggle(cursorAt.value, event.shiftKey);
    return true;
  }
  const ACTS: Record<string, (event: KeyboardEvent) => boolean | void> = {
    j: ({ shiftKey }) => move(1, shiftKey), k: ({ shiftKey }) => move(-1, shiftKey), x: select, enter: open, escape: back,
    a: () => begin('assign'), d: () => begin('dispatch'), c: () => begin('close'), r: () => void refresh(), '?': help,
    '/': () => document.querySelector<HTMLInputElement>('.queue-filters input[name=text]')?.select(),
  };
  function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) return;
    if (target.matches('.queue-filters input[name=text]') && ['Enter', 'Escape'].includes(event.key)) {
      target.blur(); // back to the list
      void focusRow(cursorAt.value);
    }
    if (target.matches(WRITES)) return;
    const act = ACTS[event.key.toLowerCase()];
    if (act && act(event) !== false) event.preventDefault();
  }
  onMounted(() => document.addEventListener('keydown', onKey));
  onUnmounted(() => document.removeEventListener('keydown', onKey));
  return { goOn };
}
