// What riders ask of the community: points, activities, posts, votes, proposals. What is theirs alone is in `own.ts`.
import type { components, operations } from '#api';
import { cursorOf, http, point, settle, type Page } from './client';
import type { Position, Report } from './types';

type Schemas = components['schemas'];
type Answer<Name extends keyof operations> = operations[Name] extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never;

export type PointsEntry = Schemas['PointsEntry'];
export type Balance = Schemas['PointsBalances'][number];
export type Ranking = Answer<'rankPoints'>;
export type Ranked = Ranking['ranking'][number];
export type Period = Ranking['period'];
export type PointsRule = Answer<'listPointsRules'>['points'][number];
export type Reward = Schemas['Reward'];
export type Redemption = Schemas['Redemption'];
export type Activity = Schemas['Activity'];
export type ActivityKind = Schemas['ActivityKind'];
export type Signup = Schemas['Signup'];
export type Deed = Schemas['Deed'];
export type DeedWords = Schemas['MyDeedWords'];
export type PostHead = Schemas['PostHead'];
export type Post = Schemas['Post'];
export type PostKinds = Schemas['PostKinds'];
export type Quiz = Schemas['Quiz'];
export type Attempt = Schemas['Attempt'];
export type AttemptHead = Schemas['AttemptHead'];
export type Vote = Schemas['Vote'];
export type VoteQuestion = Schemas['VoteQuestion'];
export type VoteAnswer = Schemas['VoteAnswers'][number];
export type VoteResult = NonNullable<Vote['result']>[number];
export type VotePlan = Schemas['VotePlan'];
export type Comment = Schemas['Comment'];
export type Support = Schemas['Support'];
export type Supported = Schemas['SupportList']['supports'][number];
export type Results = Answer<'proposalResults'>;
export type Offer = Schemas['Offer'];
export type OfferKind = Schemas['OfferKind'];
export type Branch = Schemas['Branch'];
export type BranchField = Schemas['BranchField'];
export type JoinForm = Answer<'showJoin'>;

/** What stands in an address for the next page, and how many there are on one. */
const paged = (cursor: string | null, limit = 20) => ({ limit, ...(cursor === null ? {} : { cursor }) });
const keyed = (key: string) => ({ header: { 'Idempotency-Key': key } });
/** A query without what is not asked for. */
const given = <T extends object>(query: T) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== false)) as { [K in keyof T]?: Exclude<T[K], '' | null> };

export interface ActivityQuery {
  is: 'task' | 'event' | '';
  kind: string;
  near: Position | null;
  withinM: number;
}

export const community = {
  pointsRules: async (): Promise<PointsRule[]> => (await settle(http.GET('/v1/points/rules'))).points,

  ranking: (query: { period: Period; kind: string }, cursor: string | null): Promise<Ranking> =>
    settle(http.GET('/v1/points/ranking', { params: { query: { ...query, ...paged(cursor) } } })),

  async rewards(kind: string, cursor: string | null): Promise<Page<Reward>> {
    const { rewards, next } = await settle(http.GET('/v1/rewards', { params: { query: { ...given({ kind }), ...paged(cursor) } } }));
    return { items: rewards, cursor: cursorOf(next) };
  },
  reward: (id: number): Promise<Reward> => settle(http.GET('/v1/rewards/{id}', { params: { path: { id } } })),
  redeem: (id: number, key: string): Promise<Redemption> =>
    settle(http.POST('/v1/rewards/{id}/redeem', { params: { path: { id }, ...keyed(key) } })),

  activityKinds: async (): Promise<ActivityKind[]> => (await settle(http.GET('/v1/activities/kinds'))).kinds,
  async activities({ is, kind, near, withinM }: ActivityQuery, cursor: string | null): Promise<Page<Activity>> {
    const query = { ...given({ is, kind }), ...(near === null ? {} : { near: point(near), within: withinM }), ...paged(cursor) };
    const { activities, next } = await settle(http.GET('/v1/activities', { params: { query } }));
    return { items: activities, cursor: cursorOf(next) };
  },
  activity: (id: number): Promise<Activity> => settle(http.GET('/v1/activities/{id}', { params: { path: { id } } })),
  signUp: (id: number, key: string): Promise<Signup> =>
    settle(http.POST('/v1/activities/{id}/signup', { params: { path: { id }, ...keyed(key) } })),
  async deeds(query: { kind: string; activity: number | null }, cursor: string | null): Promise<Page<Deed>> {
    const { deeds, next } = await settle(http.GET('/v1/deeds', { params: { query: { ...given(query), ...paged(cursor) } } }));
    return { items: deeds, cursor: cursorOf(next) };
  },
  deed: (id: number): Promise<Deed> => settle(http.GET('/v1/deeds/{id}', { params: { path: { id } } })),

  postKinds: (): Promise<PostKinds> => settle(http.GET('/v1/posts/kinds')),
  async posts(query: { kind: string; unread: boolean }, cursor: string | null, limit?: number): Promise<Page<PostHead>> {
    const { posts, next } = await settle(http.GET('/v1/posts', { params: { query: { ...given(query), ...paged(cursor, limit) } } }));
    return { items: posts, cursor: cursorOf(next) };
  },
  post: (id: number): Promise<Post> => settle(http.GET('/v1/posts/{id}', { params: { path: { id } } })),
  readPost: (id: number): Promise<undefined> => settle(http.POST('/v1/posts/{id}/read', { params: { path: { id } } })),
  tryQuiz: (id: number, version: number, choices: string[][], key: string): Promise<Attempt> =>
    settle(http.POST('/v1/posts/{id}/attempts', {
      params: { path: { id }, ...keyed(key) }, body: { version, answers: choices.map((chosen) => ({ choices: chosen as [string, ...string[]] })) as Schemas['QuizAnswers']['answers'] },
    })),

  async votes(query: { state: 'open' | 'closed' | ''; mine: boolean }, cursor: string | null): Promise<Page<Vote>> {
    const { votes, next } = await settle(http.GET('/v1/votes', { params: { query: { ...given(query), ...paged(cursor) } } }));
    return { items: votes, cursor: cursorOf(next) };
  },
  vote: (id: number): Promise<Vote> => settle(http.GET('/v1/votes/{id}', { params: { path: { id } } })),
  castBallot: (id: number, answers: VoteAnswer[], key: string): Promise<{ voted: boolean }> =>
    settle(http.POST('/v1/votes/{id}/ballot', { params: { path: { id }, ...keyed(key) }, body: { answers: answers as Schemas['VoteAnswers'] } })),
  votePlan: (id: number): Promise<VotePlan> => settle(http.GET('/v1/votes/{id}/plan', { params: { path: { id } } })),

  async proposals(query: { kind: string; sort: 'newest' | 'supported'; open: boolean }, cursor: string | null): Promise<Page<Report>> {
    const { proposals, next } = await settle(http.GET('/v1/proposals', { params: { query: { ...given(query), ...paged(cursor) } } }));
    return { items: proposals, cursor: cursorOf(next) };
  },
  results: (kind: string, by: 'area' | 'category' | 'month'): Promise<Results> =>
    settle(http.GET('/v1/proposals/results', { params: { query: { kind, by } } })),
  support: (id: string, edition: number): Promise<Support> =>
    settle(http.PUT('/v1/reports/{id}/support', { params: { path: { id } }, body: { edition } })),
  withdrawSupport: (id: string): Promise<Support> => settle(http.DELETE('/v1/reports/{id}/support', { params: { path: { id } } })),
  async comments(id: string, cursor: string | null): Promise<Page<Comment>> {
    const { comments, next } = await settle(http.GET('/v1/reports/{id}/comments', { params: { path: { id }, query: paged(cursor) } }));
    return { items: comments, cursor: cursorOf(next) };
  },
  comment: (id: string, text: string, key: string): Promise<Comment> =>
    settle(http.POST('/v1/reports/{id}/comments', { params: { path: { id }, ...keyed(key) }, body: { text } })),
  takeBackComment: (comment: string): Promise<undefined> => settle(http.DELETE('/v1/comments/{comment}', { params: { path: { comment } } })),

  joinForm: (code: string): Promise<JoinForm> => settle(http.GET('/v1/join/{code}', { params: { path: { code } } })),
  async branches(cursor: string | null): Promise<Page<Branch>> {
    const { branches, next } = await settle(http.GET('/v1/branches', { params: { query: paged(cursor) } }));
    return { items: branches, cursor: cursorOf(next) };
  },

  offerKinds: async (): Promise<OfferKind[]> => (await settle(http.GET('/v1/offers/kinds'))).kinds,
  async offers({ kind, near, place }: { kind: string; near: Position | null; place: number | null }, cursor: string | null): Promise<Page<Offer>> {
    const query = { ...given({ kind, place }), ...(near === null ? {} : { near: point(near) }), ...paged(cursor) };
    const { offers, next } = (await settle(http.GET('/v1/offers', { params: { query } }))) as Schemas['OfferList'];
    return { items: offers, cursor: cursorOf(next) };
  },
  offer: (id: number): Promise<Offer> => settle(http.GET('/v1/offers/{id}', { params: { path: { id } } })),
};
