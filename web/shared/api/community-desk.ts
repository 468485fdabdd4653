// What only the community desk asks the server; what everybody may ask is in `community.ts`.
import type { components, operations } from '#api';
import { cursorOf, http, settle, type Page } from './client';
import type { Results } from './community';
import { sendForm } from './send-report';

export type Schemas = components['schemas'];
/** What a list can be narrowed to. */
export type Query<Name extends keyof operations> = operations[Name] extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
type Body<Name extends keyof operations> = operations[Name] extends { requestBody: { content: { 'application/json': infer B } } } ? B : never;
type Answer<Name extends keyof operations> = operations[Name] extends { responses: { 200: { content: { 'application/json': infer B } } } } ? B : never;

export type Flagged = Answer<'listPointsFlags'>['flagged'][number];
export type Dead = Answer<'listMessageDeliveries'>['deliveries'][number];
export type Elector = Answer<'listElectors'>['electors'][number];
export type CheckInCode = Answer<'getActivityCode'>;
export type CardChecked = Answer<'verifyMember'>;
export type PlanRows = Body<'putVotePlan'>;
export type Terms<Name extends keyof operations> = Body<Name>;

const by = <T>(id: T) => ({ params: { path: { id } } });
const keyed = (key: string) => ({ params: { header: { 'Idempotency-Key': key } } });
const versioned = <T>(id: T, version: number) => ({ params: { path: { id }, query: { version } } });
const page = <T>(items: T[], next: string | null): Page<T> => ({ items, cursor: cursorOf(next) });

export const communityDesk = {
  async posts(query: Query<'listPosts'>): Promise<Page<Schemas['PostHead']>> {
    const { posts, next } = await settle(http.GET('/v1/posts', { params: { query } }));
    return page(posts, next);
  },
  addPost: (body: Body<'createPost'>, key: string): Promise<Schemas['Post']> => settle(http.POST('/v1/posts', { ...keyed(key), body })),
  changePost: (id: number, body: Body<'changePost'>): Promise<Schemas['Post']> => settle(http.PUT('/v1/posts/{id}', { ...by(id), body })),
  removePost: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/posts/{id}', versioned(id, version))),
  /** What riders sent: what waits unless told otherwise. */
  stories: ({ state = 'sent', ...query }: Query<'listPosts'>): Promise<Page<Schemas['PostHead']>> => communityDesk.posts({ ...query, state, story: true }),
  judgeStory: (id: number, body: Body<'judgeStory'>): Promise<Answer<'judgeStory'>> => settle(http.PUT('/v1/posts/{id}/judged', { ...by(id), body })),
  postFigures: (id: number): Promise<Schemas['PostFigures']> => settle(http.GET('/v1/posts/{id}/figures', by(id))),
  addPicture(file: File, key: string): Promise<Schemas['OwnPicture']> {
    const form = new FormData();
    form.set('photo', file, file.name);
    return sendForm('/v1/pictures', form, key);
  },

  async activities(query: Query<'listActivities'>): Promise<Page<Schemas['Activity']>> {
    const { activities, next } = await settle(http.GET('/v1/activities', { params: { query } }));
    return page(activities, next);
  },
  addActivity: (body: Body<'createActivity'>, key: string): Promise<Schemas['Activity']> =>
    settle(http.POST('/v1/activities', { ...keyed(key), body })),
  changeActivity: (id: number, body: Body<'changeActivity'>): Promise<Schemas['Activity']> => settle(http.PUT('/v1/activities/{id}', { ...by(id), body })),
  moveActivity: (id: number, body: Body<'moveActivity'>): Promise<Schemas['Activity']> => settle(http.PUT('/v1/activities/{id}/state', { ...by(id), body })),
  removeActivity: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/activities/{id}', versioned(id, version))),
  async signups(id: number, query: Query<'listSignups'>): Promise<Page<Schemas['Signup']>> {
    const { signups, next } = await settle(http.GET('/v1/activities/{id}/signups', { params: { path: { id }, query } }));
    return page(signups, next);
  },
  checkIn: (id: number, signup: string): Promise<Schemas['Signup']> =>
    settle(http.POST('/v1/activities/{id}/signups/{signup}/check-in', { params: { path: { id, signup } } })),
  judge: (id: number, signup: string, body: Body<'judgeSignup'>): Promise<Schemas['Signup']> =>
    settle(http.PUT('/v1/activities/{id}/signups/{signup}', { params: { path: { id, signup } }, body })),
  checkInCode: (id: number): Promise<CheckInCode> => settle(http.GET('/v1/activities/{id}/code', by(id))),
  checkInQr: (id: number): string => `/v1/activities/${id}/code/qr`,
  async deeds(query: Query<'listDeeds'>): Promise<Page<Schemas['Deed']>> {
    const { deeds, next } = await settle(http.GET('/v1/deeds', { params: { query } }));
    return page(deeds, next);
  },
  publishDeed: (id: number, body: Body<'publishDeed'>): Promise<Schemas['Deed']> => settle(http.PUT('/v1/deeds/{id}/published', { ...by(id), body })),
  tally: (query: Query<'tallyActivities'>): Promise<Schemas['ActivityTally']> => settle(http.GET('/v1/activities/tally', { params: { query } })),

  async rewards(query: Query<'listRewards'>): Promise<Page<Schemas['Reward']>> {
    const { rewards, next } = await settle(http.GET('/v1/rewards', { params: { query } }));
    return page(rewards, next);
  },
  addReward: (body: Body<'createReward'>, key: string): Promise<Schemas['Reward']> => settle(http.POST('/v1/rewards', { ...keyed(key), body })),
  changeReward: (id: number, body: Body<'changeReward'>): Promise<Schemas['Reward']> => settle(http.PUT('/v1/rewards/{id}', { ...by(id), body })),
  endReward: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/rewards/{id}', versioned(id, version))),
  verifyReward: (code: string, dryRun: boolean): Promise<Schemas['Redemption']> =>
    settle(http.POST('/v1/redemptions/verify', { body: { code, dry_run: dryRun } })),
  verifyCard: (code: string): Promise<CardChecked> => settle(http.POST('/v1/members/verify', { body: { code } })),

  async points(query: Query<'listPoints'>): Promise<Page<Schemas['PointsEntry']>> {
    const { entries, next } = await settle(http.GET('/v1/points', { params: { query } }));
    return page(entries, next);
  },
  givePoints: (body: Body<'givePoints'>, key: string): Promise<Schemas['PointsEntry']> => settle(http.POST('/v1/points', { ...keyed(key), body })),
  reversePoints: (entry: number, reason: string): Promise<Schemas['PointsEntry']> =>
    settle(http.POST('/v1/points/{entry}/reverse', { params: { path: { entry } }, body: { reason } })),
  async flags(query: Query<'listPointsFlags'>): Promise<Page<Flagged>> {
    const { flagged, next } = await settle(http.GET('/v1/points/flags', { params: { query } }));
    return page(flagged, next);
  },

  async votes(query: Query<'listVotes'>): Promise<Page<Schemas['Vote']>> {
    const { votes, next } = await settle(http.GET('/v1/votes', { params: { query } }));
    return page(votes, next);
  },
  addVote: (body: Body<'createVote'>, key: string): Promise<Schemas['Vote']> => settle(http.POST('/v1/votes', { ...keyed(key), body })),
  changeVote: (id: number, body: Body<'changeVote'>): Promise<Schemas['Vote']> => settle(http.PUT('/v1/votes/{id}', { ...by(id), body })),
  openVote: (id: number, version: number): Promise<Schemas['Vote']> => settle(http.POST('/v1/votes/{id}/open', { ...by(id), body: { version } })),
  removeVote: (id: number, version: number, reason?: string): Promise<undefined> =>
    settle(http.DELETE('/v1/votes/{id}', { params: { path: { id }, query: { version, ...(reason === undefined ? {} : { reason }) } } })),
  async electors(id: number, query: Query<'listElectors'>): Promise<Page<Elector>> {
    const { electors, next } = await settle(http.GET('/v1/votes/{id}/electors', { params: { path: { id }, query } }));
    return page(electors, next);
  },
  remind: (id: number): Promise<{ reminded_at: string }> => settle(http.POST('/v1/votes/{id}/remind', by(id))),
  putVotePlan: (id: number, body: PlanRows): Promise<Schemas['VotePlan']> => settle(http.PUT('/v1/votes/{id}/plan', { ...by(id), body })),

  async branches(query: Query<'listBranches'>): Promise<Page<Schemas['Branch']>> {
    const { branches, next } = await settle(http.GET('/v1/branches', { params: { query } }));
    return page(branches, next);
  },
  /** As who keeps it sees it; without its code and form for all others. */
  branch: async (id: number): Promise<Schemas['KeptBranch']> => (await settle(http.GET('/v1/branches/{id}', by(id)))) as Schemas['KeptBranch'],
  addBranch: (body: Body<'createBranch'>, key: string): Promise<Schemas['KeptBranch']> => settle(http.POST('/v1/branches', { ...keyed(key), body })),
  changeBranch: (id: number, body: Body<'changeBranch'>): Promise<Schemas['KeptBranch']> => settle(http.PUT('/v1/branches/{id}', { ...by(id), body })),
  endBranch: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/branches/{id}', versioned(id, version))),
  renewCode: (id: number, version: number): Promise<Schemas['KeptBranch']> => settle(http.POST('/v1/branches/{id}/code', { ...by(id), body: { version } })),
  branchQr: (id: number): string => `/v1/branches/${id}/qr`,
  async members(id: number, query: Query<'listMembers'>): Promise<Page<Schemas['Member']>> {
    const { members, next } = await settle(http.GET('/v1/branches/{id}/members', { params: { path: { id }, query } }));
    return page(members, next);
  },
  exportMembers: (id: number, format: 'csv' | 'xlsx'): string => `/v1/branches/${id}/members/export?format=${format}`,
  member: (id: string): Promise<Schemas['Member']> => settle(http.GET('/v1/members/{id}', by(id))),
  approve: (id: string, version: number): Promise<Schemas['Member']> => settle(http.POST('/v1/members/{id}/approve', { ...by(id), body: { version } })),
  refuse: (id: string, version: number, reason: string): Promise<Schemas['Member']> =>
    settle(http.POST('/v1/members/{id}/refuse', { ...by(id), body: { version, reason } })),
  removeMember: (id: string, version: number, reason: string): Promise<Schemas['Member']> =>
    settle(http.POST('/v1/members/{id}/remove', { ...by(id), body: { version, reason } })),

  async offers(query: Query<'listOffers'>): Promise<Page<Schemas['Offer']>> {
    const { offers, next } = (await settle(http.GET('/v1/offers', { params: { query } }))) as Schemas['OfferList'];
    return page(offers, next);
  },
  addOffer: (body: Body<'createOffer'>, key: string): Promise<Schemas['Offer']> => settle(http.POST('/v1/offers', { ...keyed(key), body })),
  changeOffer: (id: number, body: Body<'changeOffer'>): Promise<Schemas['Offer']> => settle(http.PUT('/v1/offers/{id}', { ...by(id), body })),
  endOffer: (id: number, version: number): Promise<undefined> => settle(http.DELETE('/v1/offers/{id}', versioned(id, version))),

  async proposals(query: Query<'listProposals'>): Promise<Page<Schemas['Report']>> {
    const { proposals, next } = await settle(http.GET('/v1/proposals', { params: { query } }));
    return page(proposals, next);
  },
  results: (query: Query<'proposalResults'>): Promise<Results> => settle(http.GET('/v1/proposals/results', { params: { query } })),
  async comments(query: Query<'reviewComments'>): Promise<Page<Schemas['Comment']>> {
    const { comments, next } = await settle(http.GET('/v1/comments', { params: { query } }));
    return page(comments, next);
  },
  hideComment: (comment: string, body: Body<'hideComment'>): Promise<Schemas['Comment']> =>
    settle(http.PUT('/v1/comments/{comment}/hidden', { params: { path: { comment } }, body })),

  async deliveries(query: Query<'listMessageDeliveries'>): Promise<Page<Dead>> {
    const { deliveries, next } = await settle(http.GET('/v1/messages/deliveries', { params: { query } }));
    return page(deliveries, next);
  },
  retryDelivery: (id: number): Promise<undefined> => settle(http.POST('/v1/messages/deliveries/{id}/retry', by(id))),
};
