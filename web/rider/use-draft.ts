// The report being written. It outlives its panel, so that a look at the map loses nothing.
import { reactive, watch } from 'vue';
import { newIdempotencyKey, type Draft } from '../shared/api/send-report';
import { clearPhotos, filesOf, newPhotos } from './use-photos';

export const draft = reactive({ category: '', description: '', accuracyM: null as number | null });
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
  Object.assign(draft, { category: '', description: '', accuracyM: null });
}

export function draftAt(location: Draft['location']): Draft {
  return { ...draft, location, photos: filesOf(photos) };
}
