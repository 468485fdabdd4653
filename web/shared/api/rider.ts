// What only riders ask: of kinds, of what was reported already, and of what is their own.
import type { components, operations } from '#api';
import { cursorOf, http, point, settle, type Page } from './client';
import type { Position, Report } from './types';

export type Kind = components['schemas']['Kind'];
export type KindCategory = components['schemas']['KindCategory'];
export type KindMove = Kind['moves'][number];
export type Question = KindCategory['questions'][number];
export type SimilarReport = components['schemas']['SimilarReport'];
export type CaseEvent = NonNullable<Report['history']>[number];
export type CasePhoto = Report['photos'][number];
export type Exported = operations['exportMe']['responses']['200']['content']['application/json']['reports'][number];

const own = (token: string | null) => (token === null ? {} : { header: { 'Case-Token': token } });

export const rider = {
  kinds: async (): Promise<Kind[]> => (await settle(http.GET('/v1/kinds'))).kinds,

  similar: async (kind: string, category: string, near: Position): Promise<SimilarReport[]> =>
    (await settle(http.GET('/v1/reports/similar', { params: { query: { kind, category, near: point(near) } } }))).reports,

  /** The report, with a token of one's own. */
  join: (id: string): Promise<Report> => settle(http.POST('/v1/reports/{id}/join', { params: { path: { id } } })),

  /** As whoever has the token, or the session, may read it. */
  report: (id: string, token: string | null): Promise<Report> =>
    settle(http.GET('/v1/reports/{id}', { params: { path: { id }, ...own(token) } })),

  forget: (id: string, token: string | null): Promise<undefined> =>
    settle(http.POST('/v1/reports/{id}/forget', { params: { path: { id }, ...own(token) } })),

  /** What the account sent or joined, page by page, oldest first. */
  async mine(cursor: string | null): Promise<Page<Exported>> {
    const query = { limit: 100, ...(cursor === null ? {} : { cursor }) };
    const { reports, next } = await settle(http.GET('/v1/me/export', { params: { query } }));
    return { items: reports, cursor: cursorOf(next) };
  },
};
