/* Brings events to webhooks: one thread that reads the outbox on, keeps in the database what is to
 * be delivered, and has many letters under way at once, few to each receiver, so that one that is
 * slow or dead delays no other. */
#ifndef YZ_SERVER_COURIER_H
#define YZ_SERVER_COURIER_H

#include "server/tools.h"

struct courier;

/* What could not be delivered before goes on. Sets `service->courier`. */
enum err courier_start(struct service *service);

/* Looks at once. */
void courier_poke(struct courier *courier);

/* Breaks off what is under way: it is delivered after the next start. NULL does nothing. */
void courier_stop(struct courier *courier);

#endif
