/* Keeps the snapshot true: one thread reads the outbox and rebuilds, in the background, only the
 * parts whose topic moved. */
#ifndef YZ_SERVER_WATCHER_H
#define YZ_SERVER_WATCHER_H

#include "server/tools.h"

struct watcher;

/* Starts loading; until the first snapshot is published the server is not ready. What cannot be
 * loaded is logged and tried again. */
enum err watcher_start(struct service *service, struct watcher **watcher);

/* Looks at once, at the road file too. */
void watcher_poke(struct watcher *watcher);

/* Finishes what it is building. NULL does nothing. */
void watcher_stop(struct watcher *watcher);

#endif
