// The report being written. It outlives its panel, so that a look at the map loses nothing.
import { reactive, watch } from 'vue';
import { newIdempotencyKey, type Answers, type Draft } from '../shared/api/send-report';
import type { Position } from '../shared/api/types';
import { clearPhotos, filesOf, newPhotos } from './use-photos';

/** How it says where: by the pin on the map, by an address, or not at all. */
export type Where = 'map' | 'address' | 'none';

const EMPTY = { category: '', description: '', address: '', where: 'map' as Where, accuracyM: null as number | null };
export const draft = reactive({ kind: 'report', ...EMPTY, answers: {} as Answers });
export const photos = newPhotos(6);

/** The key belongs to what is sent: another word or photo is another report. */
let key: string | null = null;
export function draftKey(): string {
  key ??= newIdempotencyKey();
  return key;
}
function forgetKey(): void {
  key = null;
}
watch([draft, () => photos.shots], forgetKey, { deep: true, flush: 'sync' });
export { forgetKey as draftMoved };

export function clearDraft(): void {
  clearPhotos(photos);
  Object.assign(draft, EMPTY, { answers: {} });
}

export function draftAt(pin: Position | null): Draft {
  const { where, ...said } = draft;
  return { ...said, location: where === 'map' ? pin : null, address: where === 'address' ? draft.address : '', photos: filesOf(photos) };
}
