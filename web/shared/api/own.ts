// What is somebody's own: points, redemptions, sign-ups, deeds, stories, tries, memberships, inbox, profile.
import type { components } from '#api';
import { cursorOf, http, settle, type Page } from './client';
import { sendForm } from './send-report';
import type { AttemptHead, Attempt, Balance, Comment, Deed, DeedWords, PointsEntry, Redemption, Signup, Supported } from './community';
import type { Me, Position } from './types';

type Schemas = components['schemas'];
export type RankingName = Schemas['RankingName'];
export type Membership = Schemas['Membership'];
export type Card = Schemas['Cards']['cards'][number];
export type Message = Schemas['Message'];
export type MessageGroup = Schemas['MessageGroup'];
export type Preference = Schemas['MessagePreference'];
export type Inbox = { messages: Message[]; unread: number; cursor: string | null };
export type Picture = Schemas['OwnPicture'];
export type Story = Schemas['Story'];
export type StoryTerms = Schemas['StoryTerms'];

const paged = (cursor: string | null, limit = 20) => ({ query: { limit, ...(cursor === null ? {} : { cursor }) } });
const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } });
const byId = (id: string) => ({ params: { path: { id } } });

export interface Joining {
  form: number;
  answers: Record<string, string>;
  move: boolean;
}

export const own = {
  async points(kind: string, cursor: string | null): Promise<Page<PointsEntry> & { balances: Balance[] }> {
    const query = { limit: 20, ...(kind === '' ? {} : { kind }), ...(cursor === null ? {} : { cursor }) };
    const { balances, entries, next } = await settle(http.GET('/v1/me/points', { params: { query } }));
    return { balances, items: entries, cursor: cursorOf(next) };
  },
  rankingName: (): Promise<RankingName> => settle(http.GET('/v1/me/ranking')),
  setRankingName: (body: { name: string; hidden: boolean }): Promise<RankingName> => settle(http.PUT('/v1/me/ranking', { body })),

  async redemptions(cursor: string | null): Promise<Page<Redemption>> {
    const { redemptions, next } = await settle(http.GET('/v1/me/redemptions', { params: paged(cursor) }));
    return { items: redemptions, cursor: cursorOf(next) };
  },
  redemption: (id: string): Promise<Redemption> => settle(http.GET('/v1/me/redemptions/{id}', byId(id))),
  cancelRedemption: (id: string): Promise<Redemption> => settle(http.POST('/v1/me/redemptions/{id}/cancel', byId(id))),
  redemptionQr: (id: string): string => `/v1/me/redemptions/${encodeURIComponent(id)}/qr`,

  async signups(cursor: string | null): Promise<Page<Signup>> {
    const { signups, next } = await settle(http.GET('/v1/me/signups', { params: paged(cursor) }));
    return { items: signups, cursor: cursorOf(next) };
  },
  signup: (id: string): Promise<Signup> => settle(http.GET('/v1/me/signups/{id}', byId(id))),
  cancelSignup: (id: string): Promise<Signup> => settle(http.POST('/v1/me/signups/{id}/cancel', byId(id))),
  checkInHere: (id: string, location: Position, accuracyM: number): Promise<Signup> =>
    settle(http.POST('/v1/me/signups/{id}/check-in', { ...byId(id), body: { location, accuracy_m: accuracyM } })),
  checkInByCode: (id: string, code: string): Promise<Signup> => settle(http.POST('/v1/me/signups/{id}/check-in', { ...byId(id), body: { code } })),
  deed: (signup: string): Promise<Deed> => settle(http.GET('/v1/me/signups/{id}/deed', byId(signup))),
  writeDeed: (signup: string, body: DeedWords): Promise<Deed> => settle(http.PUT('/v1/me/signups/{id}/deed', { ...byId(signup), body })),
  deleteDeed: (id: string, version: number): Promise<undefined> =>
    settle(http.DELETE('/v1/me/signups/{id}/deed', { params: { path: { id }, query: { version } } })),
  addPicture(file: File, key: string): Promise<Picture> {
    const form = new FormData();
    form.set('photo', file, file.name);
    return sendForm<Picture>('/v1/pictures', form, key);
  },

  async stories(cursor: string | null): Promise<Page<Story>> {
    const { stories, next } = await settle(http.GET('/v1/me/stories', { params: paged(cursor) }));
    return { items: stories, cursor: cursorOf(next) };
  },
  story: (id: number): Promise<Story> => settle(http.GET('/v1/me/stories/{id}', { params: { path: { id } } })),
  sendStory: (body: StoryTerms, key: string): Promise<Story> => settle(http.POST('/v1/me/stories', { params: keyed(key), body })),
  resendStory: (id: number, body: StoryTerms & { version: number }): Promise<Story> => settle(http.PUT('/v1/me/stories/{id}', { params: { path: { id } }, body })),
  takeBackStory: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/me/stories/{id}', { params: { path: { id }, query: { version } } })),

  async attempts(cursor: string | null): Promise<Page<AttemptHead>> {
    const { attempts, next } = await settle(http.GET('/v1/me/attempts', { params: paged(cursor) }));
    return { items: attempts, cursor: cursorOf(next) };
  },
  attempt: (id: string): Promise<Attempt> => settle(http.GET('/v1/me/attempts/{id}', byId(id))),

  async supports(cursor: string | null): Promise<Page<Supported>> {
    const { supports, next } = await settle(http.GET('/v1/me/supports', { params: paged(cursor) }));
    return { items: supports, cursor: cursorOf(next) };
  },
  async comments(cursor: string | null): Promise<Page<Comment>> {
    const { comments, next } = await settle(http.GET('/v1/me/comments', { params: paged(cursor) }));
    return { items: comments, cursor: cursorOf(next) };
  },

  join: (code: string, { form, answers, move }: Joining, key: string): Promise<Membership> =>
    settle(http.POST('/v1/join/{code}', { params: { path: { code }, ...keyed(key) }, body: { form, answers, move, consent: true } })),
  async memberships(cursor: string | null): Promise<Page<Membership>> {
    const { memberships, next } = await settle(http.GET('/v1/me/memberships', { params: paged(cursor) }));
    return { items: memberships, cursor: cursorOf(next) };
  },
  leave: (id: string): Promise<Membership> => settle(http.POST('/v1/me/memberships/{id}/leave', byId(id))),
  cards: async (): Promise<Card[]> => (await settle(http.GET('/v1/me/card'))).cards,
  cardQr: (membership: string): string => `/v1/me/card/qr?membership=${encodeURIComponent(membership)}`,

  async inbox(query: { lang: 'zh' | 'en'; group: MessageGroup | '' }, cursor: string | null): Promise<Inbox> {
    const { lang, group } = query;
    const asked = { lang, limit: 20, ...(group === '' ? {} : { group }), ...(cursor === null ? {} : { cursor }) };
    const { messages, unread, next } = await settle(http.GET('/v1/me/inbox', { params: { query: asked } }));
    return { messages, unread, cursor: cursorOf(next) };
  },
  unread: async (): Promise<number> => (await settle(http.GET('/v1/me/inbox/counts'))).unread,
  readMessage: (id: number): Promise<undefined> => settle(http.PUT('/v1/me/inbox/{id}/read', { params: { path: { id } } })),
  readMessages: (upto: number): Promise<{ marked: number }> => settle(http.PUT('/v1/me/inbox/read', { body: { upto } })),
  preferences: async (): Promise<Preference[]> => (await settle(http.GET('/v1/me/inbox/preferences'))).preferences,
  prefer: (group: MessageGroup, inbox: boolean): Promise<Preference> =>
    settle(http.PUT('/v1/me/inbox/preferences/{group}', { params: { path: { group } }, body: { inbox } })),

  me: (): Promise<Me> => settle(http.GET('/v1/me')),
  change: (body: { version: number; name?: string; language?: '' | 'zh' | 'en'; phone?: string }): Promise<Me> => settle(http.PUT('/v1/me', { body })),
  deleteMe: (): Promise<undefined> => settle(http.DELETE('/v1/me')),
};
