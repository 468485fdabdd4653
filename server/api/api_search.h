/* What is typed into the search field, in requests for places. */
#ifndef YZ_SERVER_API_API_SEARCH_H
#define YZ_SERVER_API_API_SEARCH_H

#include "geo/place/seek.h"
#include "server/tools.h"

/* Not to be moved once read. */
struct api_search {
    bool given;
    struct phrase phrase;
    struct seek_query query; /* all but the filter, the point and the limit is set */
};

/* Reads `text`; notes in the problem what is wrong with it, and that names are still being read:
 * then it is to be asked again. */
enum err api_search_read(struct request *request, struct tools *tools, struct api_search *search);

/* Narrows a filter, for a search in an order of its own, to places in which the text is found. */
enum err api_search_narrow(struct api_search *search, struct tools *tools,
                           struct place_filter *filter);

#endif
