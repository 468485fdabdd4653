// The pages of tasks and events, side by side, and how their states look.
import type { Schemas } from '../../shared/api/community-desk';
import type { Tab, Tone } from './columns';

export const ACTIVITY_TABS: Tab[] = [
  { path: ['activities'], label: 'hub.tab_activities' }, { path: ['activities', 'deeds'], label: 'hub.deeds' }, { path: ['activities', 'tally'], label: 'hub.tally' },
];
export const ACTIVITY_TONES: Record<Schemas['Activity']['state'], Tone> = { draft: 'wait', open: 'good', closed: 'busy', done: 'quiet', cancelled: 'bad' };
export const SIGNUP_TONES: Record<Schemas['Signup']['state'], Tone> = { waiting: 'wait', signed: 'new', attended: 'busy', confirmed: 'good', refused: 'bad', cancelled: 'quiet' };
