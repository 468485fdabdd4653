import type { MessageGroup } from '../../shared/api/own';

/** In the order of how often riders hear of them. */
export const MESSAGE_GROUPS: MessageGroup[] = ['reports', 'points', 'rewards', 'activities', 'posts', 'votes', 'proposals', 'members', 'offers', 'account'];
