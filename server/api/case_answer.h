/* One case of the path: found for those who may see it, and written for them. */
#ifndef YZ_SERVER_API_CASE_ANSWER_H
#define YZ_SERVER_API_CASE_ANSWER_H

#include "data/cases.h"
#include "server/api/api_crs.h"
#include "server/api/photo_json.h"

struct case_answer {
    struct db *db;
    struct cases_case found;
    const struct kinds_kind *kind; /* NULL: no longer described */
    unsigned as;                   /* what the caller is to the case: bits of enum kinds_actor */
    bool staff;                    /* by a right to see it */
    const char *token;             /* just given to the caller, to be told this once; NULL: none */
    bool sender; /* sent or joined it, or is staff: is shown what is written to them */
};

/* Private kinds are for those who see cases of the area and for who sent or joined the case (a
 * person, or Case-Token); to others they do not exist: 404. Looks of staff are noted (look.h). */
enum err case_answer_find(struct request *request, struct tools *tools, struct case_answer *a);
/* The same; 403 for those who are not its staff. */
enum err case_answer_own(struct request *request, struct tools *tools, struct case_answer *a);
/* The same as case_answer_find for one of several, whose looks are noted together by the caller. */
enum err case_answer_see(struct request *request, struct tools *tools, const char *id,
                         struct case_answer *a);

/* Whether a case that is named beside the one that was asked for is there for the caller; else a
 * problem of this kind that names `parameter`. NULL and "": none is named. */
enum err case_answer_other(struct request *request, const struct tools *tools,
                           const struct case_answer *a, enum problem_kind otherwise,
                           const char *parameter, const char *id);

/* Reads the key for addresses of photos into `pass`, and has `how` use it for those that not
 * everybody is shown: all of a private kind (NULL: no longer described), and what came with words
 * between the sender and staff. */
enum err case_answer_pass(struct db *db, const struct kinds_kind *kind, struct photo_pass_key *pass,
                          struct photo_json *how);

/* Answers with the case as `c` says, and its history. */
enum err case_answer_write(struct request *request, struct response *response,
                           const struct tools *tools, const struct api_crs *crs,
                           const struct case_answer *a, const struct cases_case *c);

#endif
