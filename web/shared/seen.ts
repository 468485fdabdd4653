// What the rider's app keeps of what somebody has seen: where they were can be told from it. It goes with their session, on whichever page that
// ends.
import { writeStored } from './storage';

export const SEEN = { near: 'yizhan.near', view: 'yizhan.view' } as const;

export const forgetSeen = (): void => Object.values(SEEN).forEach((store) => writeStored(store, null));
