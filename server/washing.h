/* Empties the database's write-ahead log soon after every write, so that nothing which was deleted
 * stays there (data/db.h, db_wash): a sealed ballot of a vote that ended, a name that was
 * forgotten. On a thread of its own; nobody who reads or writes waits for it for long, and when
 * somebody reads for long it is tried again. */
#ifndef YZ_SERVER_WASHING_H
#define YZ_SERVER_WASHING_H

#include "server/tools.h"

struct washing;

/* What fails, or does not come about for a while, is told in the log. */
enum err washing_start(struct service *service, struct washing **washing);

/* NULL does nothing. */
void washing_stop(struct washing *washing);

#endif
