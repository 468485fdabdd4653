/* Forgets, once a day and some minutes after the start, what cases are kept for no longer
 * (data/retention.h): on a thread of its own at low priority, some cases at a time. At the start,
 * and once an hour, it gives back what codes took that have expired (data/redemptions.h), forgets
 * who took which offer on days that are over (data/offers_use.h), reminds who signed up for what
 * begins within a day (data/activities_remind.h), and takes away old messages (data/inbox.h) and
 * pictures that nothing shows (data/pictures.h); once an hour it tries again to delete the files
 * that could not be deleted (data/blobs_doomed.h). */
#ifndef YZ_SERVER_FORGETTING_H
#define YZ_SERVER_FORGETTING_H

#include "server/tools.h"

struct forgetting;

/* What fails is told in the log, and tried again an hour later. */
enum err forgetting_start(struct service *service, struct forgetting **forgetting);

/* Breaks off between two batches; the next run goes on. NULL does nothing. */
void forgetting_stop(struct forgetting *forgetting);

#endif
