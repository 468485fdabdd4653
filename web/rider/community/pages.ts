// The pages of the community, by the first word of their address: `votes` is "#/votes". Those of the tab `me` stand in its list.
import {
  ArticleIcon, CalendarEventIcon, ChartBarIcon, CheckRectangleIcon, EditIcon, EducationIcon, GiftIcon, HeartIcon, LightbulbIcon, LockOnIcon, MailIcon, MobileIcon, QrcodeIcon,
  ScanIcon, SecuredIcon, ShopIcon, StarIcon, TaskIcon, TicketIcon, UserIcon, UsergroupAddIcon,
} from 'tdesign-icons-vue-next';
import type { Pages } from '../page';
import './community.css';

const idOf = ([id]: string[]) => ({ id: Number(id) });
const nameOf = ([id]: string[]) => ({ id: id ?? '' });

export const communityPages: Pages = {
  activities: { load: () => import('./ActivitiesPage.vue'), tab: 'community', title: 'act.title', about: 'act.about', icon: CalendarEventIcon },
  activity: { load: () => import('./ActivityPage.vue'), tab: 'community', title: 'act.one', props: idOf },
  lessons: { load: () => import('./PostsPage.vue'), tab: 'community', title: 'les.title', about: 'les.about', icon: EducationIcon, props: () => ({ lessons: true }) },
  tries: { load: () => import('./TriesPage.vue'), tab: 'community', title: 'les.tries' },
  votes: { load: () => import('./VotesPage.vue'), tab: 'community', title: 'vote.title', about: 'vote.about', icon: CheckRectangleIcon },
  vote: { load: () => import('./VotePage.vue'), tab: 'community', title: 'vote.one', props: idOf },
  proposals: { load: () => import('./ProposalsPage.vue'), tab: 'community', title: 'prop.title', about: 'prop.about', icon: LightbulbIcon },
  proposal: { load: () => import('./ProposalPage.vue'), tab: 'community', title: 'prop.one', props: nameOf },
  results: { load: () => import('./ResultsPage.vue'), tab: 'community', title: 'res.title', props: ([kind]) => ({ kind: kind ?? 'proposal' }) },
  supported: { load: () => import('./SupportedPage.vue'), tab: 'community', title: 'prop.mine' },
  rewards: { load: () => import('./RewardsPage.vue'), tab: 'community', title: 'rew.title', about: 'rew.about', icon: GiftIcon },
  reward: { load: () => import('./RewardPage.vue'), tab: 'community', title: 'rew.title', props: idOf },
  offers: { load: () => import('./OffersPage.vue'), tab: 'community', title: 'off.title', about: 'off.about', icon: ShopIcon },
  offer: { load: () => import('./OfferPage.vue'), tab: 'community', title: 'off.one', props: idOf },
  help: { load: () => import('./HelpPage.vue'), tab: 'community', title: 'help.title', about: 'help.about', icon: LockOnIcon },
  posts: { load: () => import('./PostsPage.vue'), tab: 'community', title: 'post.title', about: 'post.about', icon: ArticleIcon, props: () => ({ lessons: false }) },
  post: { load: () => import('./PostPage.vue'), tab: 'community', title: 'post.one', props: idOf },
  story: { load: () => import('./StoryPage.vue'), tab: 'community', title: 'contrib.one', props: ([id]) => ({ id: id === undefined || id === 'new' ? null : Number(id) }) },
  ranking: { load: () => import('./RankingPage.vue'), tab: 'community', title: 'rank.title', about: 'rank.about', icon: ChartBarIcon },
  rules: { load: () => import('./RulesPage.vue'), tab: 'community', title: 'rules.title' },
  deeds: { load: () => import('./DeedsPage.vue'), tab: 'community', title: 'deed.title', about: 'deed.about', icon: HeartIcon, props: ([id]) => ({ activity: id === undefined ? null : Number(id) }) },
  tell: { load: () => import('./TellPage.vue'), tab: 'community', title: 'deed.mine', props: nameOf },
  branches: { load: () => import('./BranchesPage.vue'), tab: 'community', title: 'mem.join_title', about: 'mem.join_about', icon: UsergroupAddIcon },
  join: { load: () => import('./JoinPage.vue'), tab: 'community', title: 'join.title', props: ([code]) => ({ code: code ?? '' }) },

  scan: { load: () => import('./ScanPage.vue'), tab: 'me', title: 'scan.title', about: 'scan.about', icon: ScanIcon },
  inbox: { load: () => import('./InboxPage.vue'), tab: 'me', title: 'inbox.title', about: 'inbox.about', icon: MailIcon },
  wants: { load: () => import('./WantsPage.vue'), tab: 'me', title: 'wants.title' },
  membership: { load: () => import('./MembershipPage.vue'), tab: 'me', title: 'mem.title', about: 'mem.about', icon: QrcodeIcon },
  points: { load: () => import('./PointsPage.vue'), tab: 'me', title: 'pts.title', about: 'pts.about', icon: StarIcon },
  signups: { load: () => import('./SignupsPage.vue'), tab: 'me', title: 'sig.title', about: 'sig.about', icon: TaskIcon },
  stories: { load: () => import('./StoriesPage.vue'), tab: 'me', title: 'contrib.title', about: 'contrib.about', icon: EditIcon },
  redemptions: { load: () => import('./RedemptionsPage.vue'), tab: 'me', title: 'red.title', about: 'red.about', icon: TicketIcon },
  redemption: { load: () => import('./RedemptionPage.vue'), tab: 'me', title: 'red.one', props: nameOf },
  profile: { load: () => import('./ProfilePage.vue'), tab: 'me', title: 'prof.title', about: 'prof.about', icon: UserIcon },
  devices: { load: () => import('./DevicesPage.vue'), tab: 'me', title: 'dev.title', about: 'dev.about', icon: MobileIcon },
  privacy: { load: () => import('./PrivacyPage.vue'), tab: 'me', title: 'priv.title', about: 'priv.about', icon: SecuredIcon },
};
