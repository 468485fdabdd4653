/* A page of the places that a query wants, in order of ids. */
#ifndef YZ_SERVER_API_PLACE_PAGE_H
#define YZ_SERVER_API_PLACE_PAGE_H

#include "server/api/place_query.h"

struct place_page {
    struct nearest_hit *hits; /* with a distance of 0; in the arena */
    uint32_t count;
    bool more;
};

/* Those with an id above `after_id`, at most `limit` of them. ERR_NOMEM. */
enum err place_page_find(struct tools *tools, const struct place_query *query, int64_t after_id,
                         uint32_t limit, struct arena *arena, struct place_page *page);

#endif
