// What is wrong with a place, as it is being written. It outlives its panel, so that a look at the map loses nothing.
import { reactive } from 'vue';
import type { Position } from '../shared/api/types';
import { clearPhotos, filesOf, newPhotos } from './use-photos';

export const feedback = reactive({
  place: 0,
  isOpen: false,
  problem: '',
  amenity: '',
  words: '',
  /** Where the place is instead, if the rider knows. */
  at: null as Position | null,
});
export const photos = newPhotos(3);

export function clearFeedback(place = 0): void {
  Object.assign(feedback, { place, isOpen: false, problem: '', amenity: '', words: '', at: null });
  clearPhotos(photos);
}

/** As the server takes it; the photos go beside it. */
export function formOf(): [string, string][] {
  const { problem, amenity, words, at } = feedback;
  const form: [string, string][] = [['problem', problem]];
  if (problem === 'missing_facility') form.push(['amenity', amenity]);
  if (words.trim() !== '') form.push(['description', words.trim()]);
  if (problem === 'moved' && at !== null) form.push(['lon', at[0].toFixed(7)], ['lat', at[1].toFixed(7)]);
  return form;
}
export const photosOf = (): File[] => filesOf(photos);
