// The one door to the server: a typed method for each thing the pages ask. All of them throw ApiError and nothing else.
import createClient from 'openapi-fetch';
import type { paths } from '#api';
import { ApiError, errorFrom } from './error';
import { noteAnswer } from './kept';
import { patiently } from './patience';
import type {
  Area, Categories, HoursCheck, Me, Mending, OpenSession, Place, PlaceEvent, PlaceFields, PlaceField, PlaceRecord, Position, Report, ReportQuery, ReportState,
  Session, TileJson,
} from './types';

const PATIENCE_MS = 20_000;
let csrf: string | null = null;

/** What proves to the server that a change comes from our page, from now on; null for none. The session itself is in a cookie that no script reads. */
export function setCsrf(next: string | null): void {
  csrf = next;
}

/** The same for requests that do not go through here. */
export function csrfToken(): string | null {
  return csrf;
}

async function fetchInTime(request: Request): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}
/** A request can be sent once: each try is a copy. */
const fetchPatiently = (request: Request): Promise<Response> =>
  patiently(() => fetchInTime(request.clone()), ({ status, headers }) => ({ status, header: (name) => headers.get(name) }));

export const http = createClient<paths, 'application/json'>({ baseUrl: location.origin, fetch: fetchPatiently });
http.use({
  onRequest({ request }) {
    if (csrf !== null && request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf);
    return request;
  },
  onResponse({ response }) {
    noteAnswer(response);
  },
});

interface Outcome<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was answered; ApiError where it was refused, or nothing came. */
export async function settle<T>(pending: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>;
  try {
    outcome = await pending;
  } catch {
    throw new ApiError(0, null);
  }
  const { data, error, response } = outcome;
  if (!response.ok) throw errorFrom(response.status, error, response.headers.get('Retry-After'));
  return data as T;
}

export const point = ([lon, lat]: Position) => `${lon.toFixed(6)},${lat.toFixed(6)}`;

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null after the last. */
  cursor: string | null;
}

export interface PlaceSearch {
  text: string;
  area: string;
  category: string;
  limit: number;
  cursor: string | null;
}
/** What lists show of a place; whether it is open is told only when asked for. */
const LISTED = 'location,name,name_en,category,amenities,address,closed,reported_closed,open';

/** The cursor inside of the address of the next page. */
export function cursorOf(next: string | null): string | null {
  return next === null ? null : new URL(next, location.origin).searchParams.get('cursor');
}

export const api = {
  categories: (): Promise<Categories> => settle(http.GET('/v1/categories')),

  tileSet: (layers: string): Promise<TileJson> =>
    settle(http.GET('/tiles/{layers}.json', { params: { path: { layers } } })),

  /** The places that match, the best first where words are given, else page by page by id. */
  async findPlaces({ text, area, category, limit, cursor }: PlaceSearch): Promise<Page<Place>> {
    const query = {
      limit, fields: LISTED,
      ...(text === '' ? {} : { text }),
      ...(area === '' ? {} : { area }),
      ...(category === '' ? {} : { category }),
      ...(cursor === null ? {} : { cursor }),
    };
    const { places, next } = await settle(http.GET('/v1/places', { params: { query } }));
    return { items: places as Place[], cursor: cursorOf(next) };
  },

  /** All areas, by id. */
  async areas(): Promise<Area[]> {
    const all: Area[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: { limit: number; cursor?: string } = { limit: 1000, ...(cursor === '' ? {} : { cursor }) };
      const page = await settle(http.GET('/v1/areas', { params: { query } }));
      all.push(...page.areas);
      cursor = cursorOf(page.next);
    }
    return all;
  },

  /** Those around a point. */
  areasAt: async (at: Position): Promise<Area[]> => (await settle(http.GET('/v1/areas', { params: { query: { at: point(at) } } }))).areas,

  placeRecord: (id: number): Promise<PlaceRecord> => settle(http.GET('/v1/places/{id}/record', { params: { path: { id } } })),

  createPlace: (key: string, body: PlaceFields & { category: string; location: Position; force?: boolean }): Promise<PlaceRecord> =>
    settle(http.POST('/v1/places', { params: { header: { 'Idempotency-Key': key } }, body })),

  editPlace: (id: number, body: PlaceFields & { version: number; release?: PlaceField[]; force?: boolean; reason?: string }): Promise<PlaceRecord> =>
    settle(http.PUT('/v1/places/{id}', { params: { path: { id } }, body })),

  closePlace: (id: number, body: { version: number; from?: string; to?: string; reason: string }): Promise<PlaceRecord> =>
    settle(http.PUT('/v1/places/{id}/closing', { params: { path: { id } }, body })),

  reopenPlace: (id: number, version: number): Promise<PlaceRecord> =>
    settle(http.DELETE('/v1/places/{id}/closing', { params: { path: { id }, query: { version } } })),

  removePlace: (id: number, version: number, reason: string): Promise<PlaceRecord> =>
    settle(http.DELETE('/v1/places/{id}', { params: { path: { id }, query: { version, ...(reason === '' ? {} : { reason }) } } })),

  restorePlace: (id: number, version: number): Promise<PlaceRecord> =>
    settle(http.POST('/v1/places/{id}/restore', { params: { path: { id } }, body: { version } })),

  orderPhotos: (id: number, version: number, photos: string[]): Promise<PlaceRecord> =>
    settle(http.PUT('/v1/places/{id}/photos', { params: { path: { id } }, body: { version, photos } })),

  removePhoto: (id: number, photo: string): Promise<PlaceRecord> =>
    settle(http.DELETE('/v1/places/{id}/photos/{photo}', { params: { path: { id, photo } } })),

  async placeHistory(id: number, { limit, cursor }: { limit: number; cursor: string | null }): Promise<Page<PlaceEvent>> {
    const query = { limit: Math.min(limit, 200), ...(cursor === null ? {} : { cursor }) };
    const { history, next } = await settle(http.GET('/v1/places/{id}/history', { params: { path: { id }, query } }));
    return { items: history, cursor: cursorOf(next) };
  },

  checkHours: (value: string): Promise<HoursCheck> => settle(http.GET('/v1/hours', { params: { query: { value } } })),

  confirmPlace: (id: number): Promise<{ counted: boolean; confirmed_at?: string }> =>
    settle(http.POST('/v1/places/{id}/confirm', { params: { path: { id } } })),

  mendPlace: (report: string, body: Mending): Promise<Report> =>
    settle(http.POST('/v1/reports/{id}/mend', { params: { path: { id: report } }, body })),

  place: async (id: number): Promise<Place> => (await settle(http.GET('/v1/places/{id}', { params: { path: { id } } }))) as Place,

  report: (id: string): Promise<Report> => settle(http.GET('/v1/reports/{id}', { params: { path: { id } } })),

  async reports(query: ReportQuery): Promise<Page<Report>> {
    const { reports, next } = await settle(http.GET('/v1/reports', { params: { query } }));
    return { items: reports, cursor: cursorOf(next) };
  },

  moveReport: (id: string, body: { state: ReportState; version: number; reason?: string; duplicate_of?: string; due_at?: string; rating?: number; person_id?: number; unit?: string }): Promise<Report> =>
    settle(http.POST('/v1/reports/{id}/state', { params: { path: { id } }, body })),

  signIn: (name: string, password: string, code: string): Promise<Session> =>
    settle(http.POST('/v1/sessions', { body: { name, password, cookie: true, ...(code === '' ? {} : { code }) } })),

  signOut: (): Promise<undefined> => settle(http.DELETE('/v1/sessions/current')),

  sessions: async (): Promise<OpenSession[]> => (await settle(http.GET('/v1/sessions'))).sessions,

  endSession: (id: string): Promise<undefined> => settle(http.DELETE('/v1/sessions/{id}', { params: { path: { id } } })),

  endSessions: (): Promise<undefined> => settle(http.DELETE('/v1/sessions')),

  changePassword: (old: string, fresh: string): Promise<undefined> =>
    settle(http.PUT('/v1/me/password', { body: { old, new: fresh } })),

  beginSecondFactor: (password: string): Promise<{ secret: string; uri: string }> =>
    settle(http.POST('/v1/me/totp', { body: { password } })),

  confirmSecondFactor: async (code: string): Promise<string[]> =>
    (await settle(http.PUT('/v1/me/totp', { body: { code } }))).recovery_codes,

  removeSecondFactor: (password: string, code: string): Promise<undefined> =>
    settle(http.POST('/v1/me/totp/remove', { body: { password, code } })),

  me: (): Promise<Me> => settle(http.GET('/v1/me')),
};
