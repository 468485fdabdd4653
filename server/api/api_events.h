/* What happens to cases, while it happens: a stream of events, and a long poll for who cannot read
 * one. */
#ifndef YZ_SERVER_API_API_EVENTS_H
#define YZ_SERVER_API_API_EVENTS_H

#include "server/tools.h"

/* GET /v1/events: text/event-stream (HTML Standard, 9.2). */
enum err api_events_stream(struct request *request, struct response *response, struct tools *tools);

/* GET /v1/events/poll: the same in JSON, as soon as there is something or the wait is over. */
enum err api_events_poll(struct request *request, struct response *response, struct tools *tools);

#endif
