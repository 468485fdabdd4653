/* What a client asks for that wants to hear of cases: whose, which, and from where on. */
#ifndef YZ_SERVER_API_EVENT_ASK_H
#define YZ_SERVER_API_EVENT_ASK_H

#include "server/hub_seat.h"
#include "server/tools.h"

#define EVENT_ASK "report mine kind category verb area after"

/* Reads the parameters and judges the caller's right: 401 and 403 for a queue, 404 for a case that
 * is not theirs to see. `audience` is to be ended with audience_fini, also after a failure. */
enum err event_ask_read(struct request *request, struct tools *tools, struct audience *audience,
                        struct hub_place *place);

/* Whether the caller's token still stands for the same rights as when the request began. */
enum err event_ask_again(struct request *request, struct tools *tools, bool *same);

/* Refuses `verb`, and says which there are. */
enum err event_ask_verb(struct request *request);

#endif
