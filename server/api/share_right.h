/* What colleagues share, views and templates: who is shown it, and who keeps it. */
#ifndef YZ_SERVER_API_SHARE_RIGHT_H
#define YZ_SERVER_API_SHARE_RIGHT_H

#include "data/rights.h"
#include "server/tools.h"

/* Whether the caller holds the right for the kind in this area (0: everywhere), around it or
 * somewhere within. */
bool share_right_near(const struct tools *tools, enum rights right, int64_t area_id,
                      const char *kind);

/* Notes 400 of parameter `area_id` for an area that is not there (0 is), 403 where the caller may
 * not share what is of this kind in this area. `what`: "a view". */
enum err share_right_need(struct request *request, const struct tools *tools, int64_t area_id,
                          const char *kind, const char *what);

#endif
