/* What staff ask for of cases, from the query: the one filter of the queue, its counts and its
 * exports. */
#ifndef YZ_SERVER_API_REPORT_QUERY_H
#define YZ_SERVER_API_REPORT_QUERY_H

#include "data/cases.h"
#include "server/tools.h"

/* The names of its parameters. */
#define REPORT_QUERY                                                                               \
    "kind state open due answer category area place assignee unit priority text flags from to"

/* Reads kind, state, open, due, answer, category, area, place, assignee, unit, priority, text,
 * flags, from and to, and cuts them to where the caller holds the right. */
enum err report_query_read(struct request *request, struct tools *tools, enum rights right,
                           const struct kinds_kind **kind, struct cases_filter *filter);

/* Reads kind ("proposal"), state, open, category, area, from and to, for everybody: of a kind that
 * is listed (kinds.h), and then of what is. */
#define REPORT_QUERY_OPEN "kind state open category area from to"
enum err report_query_open(struct request *request, struct tools *tools,
                           const struct kinds_kind **kind, struct cases_filter *filter);

/* Reads `sort`, which the queue takes beside these. */
enum err report_query_sort(struct request *request, struct cases_filter *filter);

#endif
