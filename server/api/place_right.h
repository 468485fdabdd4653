/* Who may keep which places true. */
#ifndef YZ_SERVER_API_PLACE_RIGHT_H
#define YZ_SERVER_API_PLACE_RIGHT_H

#include "server/tools.h"

/* Whether the caller keeps places true (RIGHTS_places) in the area around the point, by a grant for
 * all kinds of cases or for the kind `place`. */
bool place_right_at(const struct tools *tools, struct coord at);
/* The same of an area that is known already. */
bool place_right_in(const struct tools *tools, int64_t area_id);
/* The same of a point; notes 403. `what` begins the sentence: "the place", "its new position". */
enum err place_right_need(struct request *request, const struct tools *tools, struct coord at,
                          const char *what);

#endif
