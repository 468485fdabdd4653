/* Counts votes when their time is over (data/votes_close.h), and tells those who may vote what they
 * should know (data/votes_electors.h): on a thread of its own, which looks every second. */
#ifndef YZ_SERVER_COUNTING_H
#define YZ_SERVER_COUNTING_H

#include "server/tools.h"

struct counting;

/* What fails is told in the log, once an hour while it lasts, and tried again. */
enum err counting_start(struct service *service, struct counting **counting);

/* Breaks off between two votes; the next start goes on. NULL does nothing. */
void counting_stop(struct counting *counting);

#endif
