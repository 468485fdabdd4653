// The pages of points that one may see, and how a row of the ledger looks.
import type { Schemas } from '../../shared/api/community-desk';
import { may } from '../rights';
import type { Tab, Tone } from './columns';

export const pointsTabs = (): Tab[] => [
  ...(may('flags') ? [{ path: ['points'], label: 'hub.flags' } satisfies Tab] : []),
  ...(may('points', { kind: 'points' }) ? [{ path: ['points', 'ledger'], label: 'hub.ledger' } satisfies Tab, { path: ['points', 'give'], label: 'hub.give_points' } satisfies Tab] : []),
];
export const PHASE_TONES: Record<Schemas['PointsEntry']['phase'], Tone> = { pending: 'wait', settled: 'good', reversed: 'bad', spent: 'busy', returned: 'quiet' };
