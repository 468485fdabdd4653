/* What news of cases may name: the acts on a case (data/cases_act.h), and what the server does to
 * it by itself. One list, so that nothing that tells or filters news forgets a verb. */
#ifndef YZ_DATA_NEWS_VERBS_H
#define YZ_DATA_NEWS_VERBS_H

#include "data/cases.h"

/* The i-th verb; NULL behind the last. */
const char *news_verbs_at(size_t i);

/* Whether there is such a verb. */
bool news_verbs_has(const char *verb);

/* Who is told of it; CASES_STAFF where there is no such verb. */
enum cases_seen news_verbs_seen(const char *verb);

#endif
