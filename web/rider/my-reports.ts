// The reports sent from this device. A report's id cannot be guessed and is all that is needed to read it.
import { ref } from 'vue';
import type { Report } from '../shared/api/types';
import { readStored, writeStored } from '../shared/storage';

export interface Sent {
  id: string;
  category: string;
  sent_at: string;
}

const STORE = 'yizhan.reports';
const KEPT = 200;

function isSentList(value: unknown): value is Sent[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'object' && item !== null && typeof item.id === 'string');
}

export const sent = ref<Sent[]>(readStored(STORE, [], isSentList));

export function rememberReport(report: Report): void {
  const rest = sent.value.filter(({ id }) => id !== report.id);
  sent.value = [{ id: report.id, category: report.category, sent_at: report.created_at }, ...rest].slice(0, KEPT);
  writeStored(STORE, sent.value);
}

export function forgetReport(id: string): void {
  sent.value = sent.value.filter((item) => item.id !== id);
  writeStored(STORE, sent.value);
}
