// Every word of both pages: [Chinese, English].
import { appMessages } from './messages/app';
import { caseMessages } from './messages/cases';
import { communityMessages } from './messages/community';
import { communityDeskMessages } from './messages/community-desk';
import { consoleMessages } from './messages/console';
import { deskMapMessages } from './messages/desk-map';
import { riderMessages } from './messages/rider';
import { scanMessages } from './messages/scan';
import { sharedMessages } from './messages/shared';
import { storyMessages } from './messages/stories';

type Lists = [
  typeof sharedMessages, typeof appMessages, typeof riderMessages, typeof communityMessages, typeof communityDeskMessages, typeof storyMessages, typeof consoleMessages, typeof caseMessages,
  typeof deskMapMessages, typeof scanMessages,
];
type KeysOf<T> = T extends unknown ? keyof T : never;
type Twice<L> = L extends [infer One, ...infer Rest] ? (keyof One & KeysOf<Rest[number]>) | Twice<Rest> : never;
type None<T extends never> = T;
/** A key in two lists would say on both pages what the later list means by it: the check of types fails here, and names it. */
export type NoKeyTwice = None<Twice<Lists>>;

export const messages = {
  ...sharedMessages, ...appMessages, ...riderMessages, ...communityMessages, ...communityDeskMessages, ...storyMessages, ...consoleMessages, ...caseMessages, ...deskMapMessages, ...scanMessages,
};

export type MessageKey = keyof typeof messages;
