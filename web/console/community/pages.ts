// The pages of the community desk, by the first word of their address: `posts` is "#/posts". Those of the group `community` stand in its part of the menu.
import { ArticleIcon, CalendarIcon, ChatIcon, CheckRectangleIcon, EditIcon, GiftIcon, MailIcon, ScanIcon, ShopIcon, StarIcon, UsergroupIcon } from 'tdesign-icons-vue-next';
import './hub.css';
import type { Pages } from '../page';

const chosen = ([id = null]: (string | null)[]) => ({ chosen: id });
const group = 'community';

export const communityPages: Pages = {
  posts: { load: () => import('./PostsPage.vue'), title: 'hub.tab_posts', group, icon: ArticleIcon, right: 'posts', where: { kind: 'post' }, isByArea: true, props: chosen },
  stories: { load: () => import('./StoriesPage.vue'), title: 'hub.tab_stories', group, icon: EditIcon, right: 'posts', where: { kind: 'post' }, isByArea: true, props: chosen },
  activities: { load: () => import('./ActivitiesPage.vue'), title: 'hub.tab_activities', group, icon: CalendarIcon, right: 'activities', where: { kind: 'activity' }, isByArea: true, props: chosen },
  votes: { load: () => import('./VotesPage.vue'), title: 'hub.tab_votes', group, icon: CheckRectangleIcon, right: 'votes', where: { kind: 'vote' }, isByArea: true, props: chosen },
  voices: { load: () => import('./VoicesPage.vue'), title: 'hub.tab_voices', group, icon: ChatIcon, right: 'moderate', isByArea: true, props: chosen },
  members: { load: () => import('./MembersPage.vue'), title: 'hub.tab_members', group, icon: UsergroupIcon, right: 'members', where: { kind: 'member' }, isByArea: true, props: ([id = null, part = null]: (string | null)[]) => ({ chosen: id, part }) },
  offers: { load: () => import('./OffersPage.vue'), title: 'hub.tab_offers', group, icon: ShopIcon, right: 'offers', where: { kind: 'offer' }, isByArea: true, props: chosen },
  rewards: { load: () => import('./RewardsPage.vue'), title: 'hub.tab_rewards', group, icon: GiftIcon, right: 'rewards', where: { kind: 'reward' }, props: chosen },
  points: { load: () => import('./PointsPage.vue'), title: 'hub.tab_points', group, icon: StarIcon, right: 'flags', props: chosen },
  verify: { load: () => import('./VerifyPage.vue'), title: 'hub.tab_verify', group, icon: ScanIcon, right: 'verify' },
  messages: { load: () => import('./MessagesPage.vue'), title: 'hub.tab_messages', group, icon: MailIcon, right: 'webhooks' },
};
