/* A request's way from the wire to a handler and back: limits, routing, rights, the snapshot, the
 * handler, the same headers for all, and the epilogue. */
#ifndef YZ_SERVER_DISPATCH_H
#define YZ_SERVER_DISPATCH_H

#include "server/http.h"
#include "server/tools.h"

/* What http.c calls; borrows the service. */
struct http_hooks dispatch_hooks(struct service *service);

/* Counters: one a row of the table, and one for requests that no row fits. */
enum err dispatch_metrics(struct metrics **metrics);

#endif
