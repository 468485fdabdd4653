/* Tells the hub what the outbox says: one thread that reads news of cases and people as they are
 * committed, by this process or another, and keeps the hub's time. */
#ifndef YZ_SERVER_HERALD_H
#define YZ_SERVER_HERALD_H

#include "server/tools.h"

struct herald;

/* Begins with the last events there are, so that who was here before a restart goes on without the
 * database. What cannot be read is logged and tried again. Sets `service->herald`. */
enum err herald_start(struct service *service);

/* Looks at once. */
void herald_poke(struct herald *herald);

/* NULL does nothing. */
void herald_stop(struct herald *herald);

#endif
