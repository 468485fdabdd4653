/* Who may be given a case. */
#ifndef YZ_SERVER_API_ASSIGNEE_RIGHT_H
#define YZ_SERVER_API_ASSIGNEE_RIGHT_H

#include "server/api/case_answer.h"

/* In which roles, as bits 1 << enum people_role, somebody works on this case: sees it and makes
 * moves of its kind. 0: in none. */
unsigned assignee_right_roles(const struct tools *tools, const struct case_answer *of,
                              const struct people_actor *actor);

/* Whoever is given a case must be able to see it and to go on with it; else 400 naming `person_id`.
 * 0: nobody is. */
enum err assignee_right_check(struct request *request, const struct tools *tools,
                              const struct case_answer *of, int64_t person);

/* The same of a move that names who works on it from then on, a person or a unit: that is for those
 * who may give cases to others; else 403. */
struct cases_acting;
enum err assignee_right_owner(struct request *request, const struct tools *tools,
                              const struct case_answer *of, const struct cases_acting *moving);

#endif
