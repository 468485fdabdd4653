// Photos picked for something to send: made smaller one after the other, and refused in words where they do not fit.
import { reactive } from 'vue';
import { t } from '../shared/i18n';
import { shrinkPhoto } from '../shared/shrink-photo';

const MAX_PHOTO_BYTES = 12 * 1024 * 1024;
/** The server takes 24 MiB for all that is sent; its words need some of it. */
const MAX_ALL_BYTES = 23 * 1024 * 1024;

interface Shot {
  file: File;
  url: string;
}

export interface Photos {
  max: number;
  shots: Shot[];
  /** What was left out, and why. */
  trouble: string | null;
  /** How many are still being made smaller. */
  preparing: number;
  /** Done when they are. */
  ready: Promise<void>;
}

export function newPhotos(max: number): Photos {
  return reactive({ max, shots: [], trouble: null, preparing: 0, ready: Promise.resolve() });
}

/** Adds photos as far as they fit. */
export function addPhotos(photos: Photos, files: Iterable<File>): void {
  photos.trouble = null;
  for (const file of files) {
    photos.preparing++;
    photos.ready = photos.ready.then(() => addPhoto(photos, file)).finally(() => {
      photos.preparing--;
    });
  }
}

async function addPhoto(photos: Photos, taken: File): Promise<void> {
  const isFull = photos.shots.length >= photos.max;
  const file = isFull ? taken : await shrinkPhoto(taken);
  const total = photos.shots.reduce((sum, shot) => sum + shot.file.size, file.size);
  if (isFull) photos.trouble = t('report.photos_many', { n: photos.max });
  else if (file.size > MAX_PHOTO_BYTES) photos.trouble = t('report.photo_large', { name: file.name });
  else if (total > MAX_ALL_BYTES) photos.trouble = t('report.photos_large');
  else photos.shots = [...photos.shots, { file, url: URL.createObjectURL(file) }];
}

/** Puts photos back that were taken up, and made smaller, before. */
export function putBackPhotos(photos: Photos, files: File[]): void {
  photos.shots = [...photos.shots, ...files.map((file) => ({ file, url: URL.createObjectURL(file) }))];
}

export function removePhoto(photos: Photos, index: number): void {
  const shot = photos.shots[index];
  if (shot) URL.revokeObjectURL(shot.url);
  photos.shots = photos.shots.filter((_, i) => i !== index);
  photos.trouble = null;
}

export function clearPhotos(photos: Photos): void {
  photos.shots.forEach(({ url }) => URL.revokeObjectURL(url));
  photos.shots = [];
  photos.trouble = null;
}

export const filesOf = (photos: Photos): File[] => photos.shots.map(({ file }) => file);
