// What was near the last time, kept on this device for some hours: the app opens on it, until the server has answered. Where the rider was is not
// kept, though it can be told from what was near and how far: it goes when somebody signs out.
import type { Place } from '../shared/api/types';
import { readStored, writeStored } from '../shared/storage';
import { SEEN } from '../shared/seen';

export interface LastNear {
  atMs: number;
  places: Place[];
  /** Seconds on foot, by place. */
  walks: [number, number][];
}

export const KEPT_MS = 12 * 3_600_000;
/** As many as a phone shows at once, and one more: those below would only keep it from painting these. */
export const LAST_SHOWN = 8;

function isLast(value: unknown): value is LastNear {
  const { atMs, places, walks } = (value ?? {}) as Partial<LastNear>;
  const isOfToday = typeof atMs === 'number' && Math.abs(Date.now() - atMs) < KEPT_MS;
  const arePlaces = Array.isArray(places) && places.length > 0 && places.every((place) => typeof place?.id === 'number' && Array.isArray(place.location) && Array.isArray(place.amenities));
  return isOfToday && arePlaces && Array.isArray(walks) && walks.every(Array.isArray);
}

export const readLastNear = (): LastNear | null => readStored<LastNear | null>(SEEN.near, null, isLast as (value: unknown) => value is LastNear | null);

export function keepLastNear(places: Place[], walks: [number, number][]): void {
  writeStored(SEEN.near, { atMs: Date.now(), places: places.slice(0, LAST_SHOWN), walks: walks.slice(0, LAST_SHOWN) });
}

/** Lets go of what is too old to be shown. */
export function dropOldNear(): void {
  if (readLastNear() === null) writeStored(SEEN.near, null);
}
