// What the panels want to see on the map, and what the map tells them. The map alone knows MapLibre.
import { reactive, ref } from 'vue';
import type { Place, Position } from '../shared/api/types';
import type { Way } from '../shared/map/route-line';

export const scene = reactive({
  places: [] as Place[],
  chosen: null as number | null,
  way: null as Way | null,
  /** What is not to be travelled through. */
  avoided: [] as Position[][],
  /** Where a way begins and ends, as far as that is no place. */
  ends: [] as Position[],
  /** The point that was tapped while a way is looked at. */
  tap: null as Position | null,
  /** The spot of a report; it can be dragged while `pinMoves`. */
  pin: null as Position | null,
  pinMoves: false,
});

/** Something to bring into view; a new object each time, so that the same spot can be asked for twice. */
export const look = ref<{ points: Position[]; zoom?: number } | null>(null);

export function lookAt(points: Position[], zoom?: number): void {
  look.value = { points, ...(zoom === undefined ? {} : { zoom }) };
}

const NEAR_M = 3000;
const NEAR_SHOWN = 5;
let shownFor = '';

const nearest = (places: readonly Place[]) => places.filter(({ distance_m = 0 }) => distance_m <= NEAR_M).slice(0, NEAR_SHOWN);

/** Brings a point and what is nearest to it into view, once: coming back to the list leaves the map as it is. */
export function showNear(point: Position, places: readonly Place[]): void {
  const near = nearest(places);
  const key = [point, ...near.map(({ id }) => id)].join(' ');
  if (key === shownFor) return;
  shownFor = key;
  lookAt([point, ...near.map(({ location }) => location)]);
}

/** Brings what was near the last time into view, as long as nothing else has been. */
export function showLast(places: readonly Place[]): void {
  if (look.value === null && shownFor === '') lookAt(nearest(places).map(({ location }) => location));
}

export const mapFailed = ref(false);

/** Whether the map is to be made. Its library keeps a phone busy for a second: what is near comes first. */
export const isMapDue = ref(false);

/** Has the map made once what is on the page has been painted. */
export function mapIsDue(): void {
  requestAnimationFrame(() => setTimeout(() => (isMapDue.value = true)));
}
