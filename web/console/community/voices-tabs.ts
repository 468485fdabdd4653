// The pages of opinions and proposals that one may see.
import { kindLabel, kinds } from '../kinds';
import { may } from '../rights';
import type { Tab } from './columns';
import type { Option } from './fields';

export const voicesTabs = (): Tab[] => [
  { path: ['voices'], label: 'hub.voices' }, { path: ['voices', 'results'], label: 'hub.results' },
  ...(may('moderate') ? [{ path: ['voices', 'comments'], label: 'hub.comments' } satisfies Tab] : []),
];

/** The kinds that the public finds. */
export const voiceKinds = (): Option[] => kinds.value.filter((kind) => kind.public !== undefined && kind.public !== 'none').map(({ code }) => ({ value: code, label: kindLabel(code) }));
