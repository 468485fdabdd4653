/* One case of the path: found for those who may see it, and written for them. */
#ifndef YZ_SERVER_API_CASE_ANSWER_H
#define YZ_SERVER_API_CASE_ANSWER_H

#include "data/cases.h"
#include "server/api/api_crs.h"

struct case_answer {
    struct db *db;
    struct cases_case found;
    const struct kinds_kind *kind; /* NULL: no longer described */
    bool staff;                    /* the caller is, for this case */
};

/* Private kinds are for staff of the area alone, and to others they do not exist: 404. */
enum err case_answer_find(struct request *request, struct tools *tools, struct case_answer *a);
/* The same; 403 for those who are not its staff. */
enum err case_answer_own(struct request *request, struct tools *tools, struct case_answer *a);

/* Answers with the case as `c` says, and its history. */
enum err case_answer_write(struct request *request, struct response *response,
                           const struct tools *tools, const struct api_crs *crs,
                           const struct case_answer *a, const struct cases_case *c);

#endif
