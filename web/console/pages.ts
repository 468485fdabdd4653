// All pages of the desk, by the first word of their address after "#/", in the order of the menu; the first is where it opens.
import { ChartBarIcon, ChartRadarIcon, ChatBubbleIcon, FilePasteIcon, HistoryIcon, LocationIcon, SettingIcon, TaskIcon, TrafficIcon, UploadIcon, UserSettingIcon } from 'tdesign-icons-vue-next';
import { communityPages } from './community/pages';
import type { Page, Pages } from './page';

const cases = () => import('./CasesPage.vue');
const chosen = ([id = null]: (string | null)[]) => ({ chosen: id });

export const pages: Pages = {
  report: { load: cases, title: 'desk.tab_reports', group: 'cases', icon: TaskIcon, right: 'see', isByArea: true, isWide: true, props: chosen },
  feedback: { load: cases, title: 'desk.tab_feedback', group: 'cases', icon: ChatBubbleIcon, right: 'see', where: { kind: 'place_feedback' }, query: { open: '1' }, isByArea: true, isWide: true, props: chosen },
  place: { load: () => import('./PlacesPage.vue'), title: 'desk.tab_places', group: 'map', icon: LocationIcon, right: 'places', where: { kind: 'place' }, isByArea: true, isWide: true, props: chosen },
  imports: { load: () => import('./ImportsPage.vue'), title: 'import.menu', group: 'map', icon: UploadIcon, right: 'imports', props: chosen },
  closures: { load: () => import('./ClosuresPage.vue'), title: 'closure.title', group: 'map', icon: TrafficIcon, right: 'closures', where: { kind: 'closure' }, isWide: true, props: chosen },
  coverage: { load: () => import('./CoveragePage.vue'), title: 'coverage.title', group: 'map', icon: ChartRadarIcon, right: 'places', where: { kind: 'place' }, isByArea: true, isWide: true },
  ...communityPages,
  figures: { load: () => import('./FiguresDesk.vue'), title: 'desk.tab_figures', group: 'office', icon: ChartBarIcon, right: 'statistics', isByArea: true },
  templates: { load: () => import('./TemplatesDesk.vue'), title: 'desk.tab_templates', group: 'office', icon: FilePasteIcon, right: 'share' },
  people: { load: () => import('./PeopleDesk.vue'), title: 'desk.tab_people', group: 'office', icon: UserSettingIcon, right: 'people' },
  settings: { load: () => import('./RulesPage.vue'), title: 'workflow.title', group: 'office', icon: SettingIcon, right: 'see' },
  audit: { load: () => import('./AuditDesk.vue'), title: 'desk.tab_audit', group: 'office', icon: HistoryIcon, right: 'audit' },
  account: { load: () => import('./AccountDesk.vue'), title: 'account.title' },
};

export interface Shown {
  name: string;
  page: Page;
  rest: string[];
}

const byName = new Map(Object.entries(pages));
const FIRST = 'report';

export function pageAt([name = FIRST, ...rest]: string[]): Shown {
  const page = byName.get(name);
  return page ? { name, page, rest } : { name: FIRST, page: pages[FIRST] as Page, rest: [] };
}
