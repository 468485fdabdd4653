// All pages of the app, by the first word of their address after "#/"; the first is where it opens.
import { SettingIcon, TaskIcon } from 'tdesign-icons-vue-next';
import NearPanel from './panels/NearPanel.vue';
import type { Page, Pages } from './page';
import { communityPages } from './community/pages';
import { readDraft } from './use-draft';

const idOf = ([id]: string[]) => ({ id: Number(id) });

export const pages: Pages = {
  near: { load: () => Promise.resolve({ default: NearPanel }), tab: 'map', title: 'tab.map', isOnMap: true },
  place: { load: () => import('./panels/PlacePanel.vue'), tab: 'map', title: 'place.title', isOnMap: true, props: idOf },
  route: { load: () => import('./panels/PlaceRoute.vue'), tab: 'map', title: 'route.title', isOnMap: true, isBare: true, props: idOf },
  way: { load: () => import('./panels/RoutePanel.vue'), tab: 'map', title: 'way.title', isOnMap: true, isBare: true },
  report: { load: () => Promise.all([import('./panels/ReportPanel.vue'), readDraft()]).then(([panel]) => panel), tab: 'report', title: 'report.title', isOnMap: true, isBare: true },
  mine: { load: () => import('./panels/MyReportsPanel.vue'), tab: 'me', title: 'mine.title', isOnMap: true, icon: TaskIcon, about: 'mine.about' },
  case: { load: () => import('./panels/MyReportPanel.vue'), tab: 'me', title: 'mine.title', isOnMap: true, props: ([id]) => ({ id }) },
  community: { load: () => import('./community/CommunityHome.vue'), tab: 'community', title: 'tab.community' },
  me: { load: () => import('./me/MePage.vue'), tab: 'me', title: 'tab.me' },
  ...communityPages,
  settings: { load: () => import('./me/SettingsPage.vue'), tab: 'me', title: 'settings.title', icon: SettingIcon, about: 'settings.about' },
};

export interface Shown {
  name: string;
  page: Page;
  rest: string[];
}

const byName = new Map(Object.entries(pages));
const FIRST = 'near';
/** Pages that are about one thing stand for nothing without its number. */
const BY_NUMBER = ['place', 'route'];

export const isPage = (name: string): boolean => byName.has(name);

/** The page of an address; where it opens for an address that is none. */
export function pageAt([name = FIRST, ...rest]: string[]): Shown {
  // "#/mine/ID" is one report of that list.
  const asked = name === 'mine' && rest.length > 0 ? 'case' : name;
  const page = byName.get(asked);
  const isWhole = !BY_NUMBER.includes(asked) || /^\d+$/.test(rest[0] ?? '');
  return page && isWhole ? { name: asked, page, rest } : { name: FIRST, page: pages[FIRST] as Page, rest: [] };
}

/** The entries of a tab's list. */
export function entriesOf(tab: Page['tab']): { name: string; page: Page }[] {
  return Object.entries(pages).filter(([, page]) => page.tab === tab && page.icon !== undefined).map(([name, page]) => ({ name, page }));
}
