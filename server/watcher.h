/* Keeps the snapshot true: one thread reads the outbox and rebuilds, in the background, only the
 * parts whose topic moved, and makes new roads when closures begin or end. A new road file is
 * prepared on a thread of its own, so that neither closures nor places wait for it. */
#ifndef YZ_SERVER_WATCHER_H
#define YZ_SERVER_WATCHER_H

#include "server/tools.h"

struct watcher;

/* Starts loading; until the first snapshot is published the server is not ready. What cannot be
 * loaded is logged and tried again. */
enum err watcher_start(struct service *service, struct watcher **watcher);

/* Looks at once, at the road file too. */
void watcher_poke(struct watcher *watcher);

/* The same, and takes the road file anew even if it is the one in use. */
void watcher_reload(struct watcher *watcher);

/* Finishes what it is building. NULL does nothing. */
void watcher_stop(struct watcher *watcher);

#endif
