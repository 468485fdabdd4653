// Every word of both pages: [Chinese, English].
import { caseMessages } from './messages/cases';
import { consoleMessages } from './messages/console';
import { riderMessages } from './messages/rider';
import { sharedMessages } from './messages/shared';

export const messages = { ...sharedMessages, ...riderMessages, ...consoleMessages, ...caseMessages };

export type MessageKey = keyof typeof messages;
