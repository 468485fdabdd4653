/* What each verb does to a case, once it was judged (cases_judge.h): all but its own row and event.
 */
#ifndef YZ_DATA_CASES_DO_H
#define YZ_DATA_CASES_DO_H

#include "data/cases_work.h"

/* Says in `w->to` how the case will be, and in `w->value` what its event says; inside db_write.
 * ERR_CONFLICT, ERR_INVALID with a sentence. */
enum err cases_do(struct db *db, struct cases_work *w);

#endif
