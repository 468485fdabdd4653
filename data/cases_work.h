/* A change of a case on its way: what cases_act.c, cases_judge.c, cases_do.c, cases_merge.c and
 * cases_links.c share. Nobody else reads this. */
#ifndef YZ_DATA_CASES_WORK_H
#define YZ_DATA_CASES_WORK_H

#include "data/cases_act.h"
#include "data/photo_files.h"

enum { CASES_WORK_VALUE = CASES_UNIT_MAX * 4 + 16 };

/* `to` is the case as it will be, in all that a change may change. */
struct cases_work {
    const struct datadir *dir;
    const struct kinds *kinds;
    const struct kinds_kind *kind;
    const struct cases_acting *acting;
    const struct cases_reply *reply;
    const struct kinds_move *move; /* moved */
    struct arena *arena;
    struct cases_case now, to;
    int64_t duplicate_of; /* id; 0: none */
    char value[CASES_WORK_VALUE];
    char owner[CASES_WORK_VALUE]; /* moved: to whom the move gives it; "": as it was */
    struct photo_files files[CASES_PHOTOS_MAX];
    struct cases_acted done;
    struct why *why;
};

#endif
