// What the map asks: what is near, on the way, or meant by what is typed, and how to get there.
import type { operations } from '#api';
import { http, point, settle } from './client';
import type { Place, Position, Route } from './types';

export type Suggestion = operations['suggest']['responses']['200']['content']['application/json']['suggestions'][number];

/** What a place must be; a member that is left out asks nothing. */
export interface Wanted {
  category?: string;
  amenity?: string;
  text?: string;
  area?: string;
  /** Only what is open for sure. */
  isOpen?: boolean;
}
/** A ring that is not to be travelled through. */
export type Ring = Position[];

export interface Along {
  places: Place[];
  /** Of the way without any place. */
  directS: number;
}

/** What lists show of a place; whether it is open is told only when asked for. */
const LISTED = 'location,name,name_en,category,amenities,address,closed,reported_closed,open';
const DETOUR_S = 900;

function filters({ category, amenity, text, area, isOpen }: Wanted) {
  return {
    ...(category === undefined ? {} : { category }),
    ...(amenity === undefined ? {} : { amenities: amenity }),
    ...(text === undefined ? {} : { text }),
    ...(area === undefined ? {} : { area }),
    ...(isOpen ? { open: 'now' } : {}),
  };
}
const avoided = (rings: readonly Ring[]) => (rings.length === 0 ? {} : { avoid: rings.map((ring) => ring.map(point).join(';')).join('|') });

export const mapApi = {
  /** The quickest to reach first where `profile` says who travels; else the nearest by distance. */
  async near(from: Position, wanted: Wanted, profile: string | null, limit = 30): Promise<Place[]> {
    const query = { near: point(from), limit, fields: LISTED, ...filters(wanted), ...(profile === null ? {} : { by: 'time' as const, profile }) };
    return (await settle(http.GET('/v1/places', { params: { query } }))).places as Place[];
  },

  /** What costs the least detour on the way first. */
  async along(points: Position[], wanted: Wanted, profile: string, avoid: readonly Ring[], limit = 30): Promise<Along> {
    const query = { along: points.map(point).join(';'), detour: DETOUR_S, profile, limit, fields: LISTED, ...filters(wanted), ...avoided(avoid) };
    const { places, direct_duration_s: directS = 0 } = await settle(http.GET('/v1/places', { params: { query } }));
    return { places: places as Place[], directS };
  },

  suggest: async (text: string, near: Position | null): Promise<Suggestion[]> =>
    (await settle(http.GET('/v1/suggest', { params: { query: { text, ...(near === null ? {} : { near: point(near) }) } } }))).suggestions,

  route: (from: Position, to: Position, profile: string, lang: 'zh' | 'en', avoid: readonly Ring[] = []): Promise<Route> =>
    settle(http.GET('/v1/route', { params: { query: { from: point(from), to: point(to), profile, lang, steps: true, ...avoided(avoid) } } })),

  /** How long it takes to each point, in seconds; null where no way leads. */
  async durations(from: Position, to: Position[], profile: string): Promise<(number | null)[]> {
    const path = { profile, coordinates: [from, ...to].map(point).join(';') };
    const { durations } = await settle(http.GET('/table/v1/{profile}/{coordinates}', { params: { path, query: { sources: '0' } } }));
    return durations?.[0]?.slice(1) ?? [];
  },

  /** Where a place lies in the coordinates of another map. */
  placeIn: async (id: number, crs: 'gcj02' | 'bd09'): Promise<Position> =>
    (await settle(http.GET('/v1/places/{id}', { params: { path: { id }, query: { crs, fields: 'location' } } }))).location as Position,
};
