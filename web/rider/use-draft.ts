// The report being written. It outlives its panel, so that a look at the map loses nothing.
import { computed, reactive, ref, watch } from 'vue';
import { newIdempotencyKey, type Draft } from '../shared/api/send-report';
import { t } from '../shared/i18n';
import { shrinkPhoto } from '../shared/shrink-photo';

export const MAX_PHOTOS = 6;
const MAX_PHOTO_BYTES = 12 * 1024 * 1024;
/** The server takes 24 MiB for the whole report; its words need some of it. */
const MAX_ALL_BYTES = 23 * 1024 * 1024;

interface Shot {
  file: File;
  url: string;
}

export const draft = reactive({ category: '', description: '', accuracyM: null as number | null });
export const shots = ref<Shot[]>([]);
export const photoTrouble = ref<string | null>(null);

/** The key belongs to what is sent: another word or photo is another report. */
let key: string | null = null;
export function draftKey(): string {
  key ??= newIdempotencyKey();
  return key;
}
function forgetKey(): void {
  key = null;
}
watch([draft, shots], forgetKey, { deep: true, flush: 'sync' });
export { forgetKey as draftMoved };

/** How many photos are still being made smaller; `photosReady` waits for them. */
export const preparing = ref(0);
let queue = Promise.resolve();
export const photosReady = () => queue;

/** Adds photos one after the other, as far as they fit; `photoTrouble` says what was left out. */
export function addPhotos(files: Iterable<File>): void {
  photoTrouble.value = null;
  for (const file of files) {
    preparing.value++;
    queue = queue.then(() => addPhoto(file)).finally(() => {
      preparing.value--;
    });
  }
}

async function addPhoto(taken: File): Promise<void> {
  const isFull = shots.value.length >= MAX_PHOTOS;
  const file = isFull ? taken : await shrinkPhoto(taken);
  const total = shots.value.reduce((sum, shot) => sum + shot.file.size, file.size);
  if (isFull) photoTrouble.value = t('report.photos_many');
  else if (file.size > MAX_PHOTO_BYTES) photoTrouble.value = t('report.photo_large', { name: file.name });
  else if (total > MAX_ALL_BYTES) photoTrouble.value = t('report.photos_large');
  else shots.value = [...shots.value, { file, url: URL.createObjectURL(file) }];
}

export function removePhoto(index: number): void {
  const shot = shots.value[index];
  if (shot) URL.revokeObjectURL(shot.url);
  shots.value = shots.value.filter((_, i) => i !== index);
  photoTrouble.value = null;
}

export function clearDraft(): void {
  shots.value.forEach(({ url }) => URL.revokeObjectURL(url));
  shots.value = [];
  photoTrouble.value = null;
  Object.assign(draft, { category: '', description: '', accuracyM: null });
}

export const isEmpty = computed(() => shots.value.length === 0 && draft.category === '' && draft.description === '');

export function draftAt(location: Draft['location']): Draft {
  return { ...draft, location, photos: shots.value.map(({ file }) => file) };
}
