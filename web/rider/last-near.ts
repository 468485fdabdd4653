// What was near the last time, kept on this device: the app opens on it, until the server has answered. Where the rider was is not kept, though it can be told from what was near and how far.
import type { Place } from '../shared/api/types';
import { readStored, writeStored } from '../shared/storage';

export interface LastNear {
  places: Place[];
  /** Seconds on foot, by place. */
  walks: [number, number][];
}

const STORE = 'yizhan.near';
/** As many as a phone shows at once, and one more: those below would only keep it from painting these. */
const KEPT = 8;

function isLast(value: unknown): value is LastNear {
  const { places, walks } = (value ?? {}) as Partial<LastNear>;
  const arePlaces = Array.isArray(places) && places.length > 0 && places.every((place) => typeof place?.id === 'number' && Array.isArray(place.location));
  return arePlaces && Array.isArray(walks) && walks.every(Array.isArray);
}

export const readLastNear = (): LastNear | null => readStored<LastNear | null>(STORE, null, isLast as (value: unknown) => value is LastNear | null);
export const keepLastNear = ({ places, walks }: LastNear): void => writeStored(STORE, { places: places.slice(0, KEPT), walks: walks.slice(0, KEPT) });
