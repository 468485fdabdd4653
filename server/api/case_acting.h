/* What is done to the case of the path, by who may do it: the frame of every act on one case. */
#ifndef YZ_SERVER_API_CASE_ACTING_H
#define YZ_SERVER_API_CASE_ACTING_H

#include "data/cases_act.h"
#include "server/api/api_crs.h"
#include "server/api/case_answer.h"

struct case_acting {
    struct api_crs crs;
    struct case_answer of;
    struct cases_acting acting;
};

/* The case, for whoever is shown it, and who acts on it when; notes 404. */
enum err case_acting_find(struct request *request, struct tools *tools, enum cases_verb verb,
                          struct case_acting *w);

/* The same for those who have `right` where it lies (RIGHTS_COUNT: whoever is shown it), with the
 * version that they go by (server/api/case_match.h); notes 403, 412 and what is wrong with it. */
enum err case_acting_begin(struct request *request, struct tools *tools, enum cases_verb verb,
                           enum rights right, struct case_acting *w);

/* Does it (data/cases_act.h), and answers with the case as it is then, or with why not. */
enum err case_acting_finish(struct request *request, struct response *response, struct tools *tools,
                            struct case_acting *w);

#endif
