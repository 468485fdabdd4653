// Which cases of the queue are selected, and the one that the keyboard is at.
import { computed, ref, watch } from 'vue';
import { kind, reports } from './queue';

export const selected = ref(new Set<string>());
/** Where the keyboard is: the id of a case of the list. */
export const cursorAt = ref<string | null>(null);
let anchor: string | null = null;

export const picked = computed(() => reports.value.filter(({ id }) => selected.value.has(id)));
export const BULK_MOST = 200;

const indexOf = (id: string | null) => reports.value.findIndex((report) => report.id === id);

export function clearSelection(): void {
  selected.value = new Set();
  anchor = null;
}
export function selectAll(): void {
  selected.value = new Set(reports.value.slice(0, BULK_MOST).map(({ id }) => id));
}

/** Selects or lets go of one; with `range` all from the last one to it. */
export function toggle(id: string, range = false): void {
  const next = new Set(selected.value);
  const [from, to] = [indexOf(anchor), indexOf(id)];
  if (range && from >= 0 && to >= 0) {
    for (const report of reports.value.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(report.id);
  } else if (!next.delete(id)) {
    next.add(id);
  }
  anchor = id;
  cursorAt.value = id;
  selected.value = next;
}

/** Goes to the next case (1) or the one before (-1). */
export function step(by: 1 | -1): string | null {
  const now = indexOf(cursorAt.value);
  const next = reports.value[now < 0 ? 0 : Math.min(reports.value.length - 1, Math.max(0, now + by))];
  if (next) cursorAt.value = next.id;
  return cursorAt.value;
}

/** What an act is done to: the selected ones, else the one that the keyboard is at. */
export const targets = computed(() => (picked.value.length > 0 ? picked.value : reports.value.filter(({ id }) => id === cursorAt.value)));

/** The next case that is none of these, from the last of them on; the one before where there is none. */
export function nextAfter(done: ReadonlySet<string>): string | null {
  const all = reports.value;
  const last = all.reduce((found, { id }, i) => (done.has(id) ? i : found), -1);
  const next = all.slice(last + 1).find(({ id }) => !done.has(id)) ?? all.slice(0, last + 1).reverse().find(({ id }) => !done.has(id));
  return next?.id ?? null;
}

watch(kind, () => {
  clearSelection();
  cursorAt.value = null;
});
// What is not in the list any more is not acted upon unseen.
watch(reports, (now) => {
  const known = new Set(now.map(({ id }) => id));
  const left = [...selected.value].filter((id) => known.has(id));
  if (left.length !== selected.value.size) selected.value = new Set(left);
});
