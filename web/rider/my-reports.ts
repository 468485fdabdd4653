// The reports sent or joined from this device, each with the secret that lets its sender go on with it: the server tells it once.
import { ref } from 'vue';
import type { Report } from '../shared/api/types';
import { readStored, writeStored } from '../shared/storage';

export type Part = 'reporter' | 'joiner';

export interface Sent {
  id: string;
  category: string;
  sent_at: string;
  /** Missing in lists that were made before there were others. */
  kind?: string;
  /** What goes along as Case-Token; none where it was never told on this device. */
  token?: string;
  as?: Part;
  /** Of the version that was looked at last. */
  seen?: string;
}

const STORE = 'yizhan.reports';
const KEPT = 200;

function isSentList(value: unknown): value is Sent[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && typeof item.id === 'string');
}

export const sent = ref<Sent[]>(readStored(STORE, [], isSentList));

function keep(list: Sent[]): void {
  sent.value = list;
  writeStored(STORE, list);
}

// Another tab may have sent one meanwhile: what it wrote is not to be written over.
window.addEventListener('storage', ({ key }) => {
  if (key === STORE) sent.value = readStored(STORE, [], isSentList);
});

export const sentOf = (id: string): Sent | undefined => sent.value.find((item) => item.id === id);
export const tokenOf = (id: string): string | null => sentOf(id)?.token ?? null;

export function rememberReport(report: Report, as: Part = 'reporter'): void {
  const before = sentOf(report.id);
  const { id, kind, category } = report;
  const token = report.token ?? before?.token;
  const item: Sent = { id, kind, category, sent_at: before?.sent_at ?? new Date().toISOString(), as: before?.as ?? as, seen: report.updated_at };
  const rest = sent.value.filter((other) => other.id !== id);
  keep([token === undefined ? item : { ...item, token }, ...rest].slice(0, KEPT));
}

/** Notes that what became of it until then was looked at. */
export function noteSeen({ id, updated_at }: Report): void {
  if (sentOf(id) === undefined || sentOf(id)?.seen === updated_at) return;
  keep(sent.value.map((item) => (item.id === id ? { ...item, seen: updated_at } : item)));
}

export function forgetReport(id: string): void {
  keep(sent.value.filter((item) => item.id !== id));
}
