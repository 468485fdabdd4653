/* Tells people what concerns them: one thread that turns what the outbox says of cases and points
 * into messages (data/inbox_feed.h), and where WeChat is set up sends what people want by it. */
#ifndef YZ_SERVER_MESSENGER_H
#define YZ_SERVER_MESSENGER_H

#include "server/tools.h"

struct messenger;

/* What fails is told in the log, and tried again. */
enum err messenger_start(struct service *service, struct messenger **messenger);

/* What is left is told after the next start. NULL does nothing. */
void messenger_stop(struct messenger *messenger);

#endif
