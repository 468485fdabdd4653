// The closure that is being drawn: its shape, whom it binds, what it covers, and a route without it and with it.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { desk } from '../shared/api/desk';
import { ApiError } from '../shared/api/error';
import { mapApi, type Ring } from '../shared/api/map';
import type { Closure, ClosureCovers, ClosureTerms, Position, Route } from '../shared/api/types';
import { metresBetween } from '../shared/format';
import { lang } from '../shared/i18n';
import { momentOf } from './moment';

export const SHAPES = ['LineString', 'Polygon', 'Point'] as const;
export type Shape = (typeof SHAPES)[number];
/** What a click on the map sets. */
export const picks = ref<'shape' | 'from' | 'to'>('shape');
export const isDrawing = ref(false);
export const blank = () => ({
  shape: 'LineString' as Shape, points: [] as Position[], radius: 30, effect: 'closed' as 'closed' | 'slowed', factor: 3, profiles: [] as string[], from: '', to: '', reason: '',
});
export const draft = reactive(blank());
export const ends = reactive({ from: null as Position | null, to: null as Position | null });
export const covers = shallowRef<ClosureCovers | null>(null);
export const before = shallowRef<Route | null>(null);
/** The way round it; null where there is none, or it was not looked for. */
export const after = shallowRef<Route | null>(null);
export const isCutOff = ref(false);
/** What is looked at on the map. */
export const chosenClosure = shallowRef<Closure | null>(null);

const LEAST: Record<Shape, number> = { Point: 1, LineString: 2, Polygon: 3 };

export function geometryOf(shape: Shape, points: readonly Position[]): ClosureTerms['geometry'] | null {
  const [first] = points;
  if (first === undefined || points.length < LEAST[shape]) return null;
  if (shape === 'Point') return { type: 'Point', coordinates: first };
  const coordinates = shape === 'LineString' ? [...points] : [[...points, first]];
  return { type: shape, coordinates } as ClosureTerms['geometry'];
}
export const terms = computed<ClosureTerms | null>(() => {
  const geometry = geometryOf(draft.shape, draft.points);
  if (geometry === null) return null;
  const reason = draft.reason.trim();
  return {
    geometry, effect: draft.effect,
    ...(draft.shape === 'Point' ? { radius_m: draft.radius } : {}), ...(draft.effect === 'slowed' ? { factor: draft.factor } : {}),
    ...(draft.profiles.length === 0 ? {} : { profiles: [...draft.profiles] }), ...momentOf('from', draft.from), ...momentOf('to', draft.to),
    ...(reason === '' ? {} : { reason }),
  };
});

/** A click on the map while something is drawn. */
export function pickAt(at: Position): void {
  if (picks.value !== 'shape') {
    ends[picks.value] = at;
    picks.value = picks.value === 'from' ? 'to' : 'shape';
  } else if (draft.shape === 'Point') draft.points = [at];
  else draft.points = [...draft.points, at];
}
export function beginDrawing(): void {
  Object.assign(draft, blank());
  Object.assign(ends, { from: null, to: null });
  picks.value = 'shape';
  isDrawing.value = true;
}
// What was looked at is not what is drawn any more.
watch(() => JSON.stringify([draft.shape, draft.points, draft.radius, draft.effect, draft.factor, draft.profiles]), () => {
  covers.value = after.value = null;
  isCutOff.value = false;
});
watch(ends, () => {
  before.value = after.value = null;
  isCutOff.value = false;
});

const NEAR_M = 4;
const MOST_RINGS = 10; // in one request

/** The middle of a line, by its length. */
function middleOf(line: readonly Position[]): Position {
  const parts = line.slice(1).map((to, i) => ({ from: line[i] as Position, to, metres: metresBetween(line[i] as Position, to) }));
  let left = parts.reduce((sum, { metres }) => sum + metres, 0) / 2;
  for (const { from, to, metres } of parts) {
    if (metres >= left && metres > 0) return [from[0] + ((to[0] - from[0]) * left) / metres, from[1] + ((to[1] - from[1]) * left) / metres];
    left -= metres;
  }
  return line[0] as Position;
}
/** How far a point is from a line, on the plane that is flat at the point. */
function metresFrom([lon, lat]: Position, line: readonly Position[]): number {
  const perLat = 111_320;
  const perLon = perLat * Math.cos((lat * Math.PI) / 180);
  const flat = line.map(([x, y]) => [(x - lon) * perLon, (y - lat) * perLat] as const);
  return flat.slice(1).reduce((least, [bx, by], i) => {
    const [ax, ay] = flat[i] as readonly [number, number];
    const [dx, dy] = [bx - ax, by - ay];
    const share = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    return Math.min(least, Math.hypot(ax + share * dx, ay + share * dy));
  }, Infinity);
}
/** A ring so small that it bars the one street that it lies on. */
function ringAt([lon, lat]: Position): Ring {
  const d = 0.00001;
  return [[lon - d, lat - d], [lon + d, lat - d], [lon, lat + d]];
}
const lineOf = (route: Route) => (route.geometry as { coordinates: Position[] }).coordinates;

/** The way that keeps off the covered streets: those that it would take are barred, again and again, until it takes none of them. */
async function wayRound(first: Route, from: Position, to: Position, profile: string): Promise<Route | null> {
  const middles = (covers.value?.geometry.coordinates ?? []).map((line) => middleOf(line as Position[]));
  const barred = new Set<Position>();
  let way = first;
  for (;;) {
    const taken = middles.filter((at) => !barred.has(at) && metresFrom(at, lineOf(way)) < NEAR_M);
    if (taken.length === 0 || barred.size >= MOST_RINGS) return way;
    for (const at of taken.slice(0, MOST_RINGS - barred.size)) barred.add(at);
    try {
      way = await mapApi.route(from, to, profile, lang.value, [...barred].map(ringAt));
    } catch (trouble) {
      if (trouble instanceof ApiError && trouble.status === 404) return null;
      throw trouble;
    }
  }
}

/** Looks what it would cover and, where two points were picked, which way one takes without it and with it. */
export async function preview(): Promise<void> {
  if (terms.value === null) return;
  covers.value = await desk.tryClosure(terms.value);
  const { from, to } = ends;
  if (from === null || to === null) return;
  const profile = draft.profiles[0] ?? 'ebike';
  before.value = await mapApi.route(from, to, profile, lang.value);
  if (draft.effect === 'slowed') return;
  after.value = await wayRound(before.value, from, to, profile);
  isCutOff.value = after.value === null;
}
