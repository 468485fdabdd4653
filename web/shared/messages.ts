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

export const messages = {
  ...sharedMessages, ...appMessages, ...riderMessages, ...communityMessages, ...communityDeskMessages, ...storyMessages, ...consoleMessages, ...caseMessages, ...deskMapMessages, ...scanMessages,
};

export type MessageKey = keyof typeof messages;
