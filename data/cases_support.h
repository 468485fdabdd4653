/* Support: who stands behind what a case says. Of kinds that have it (kinds.h), by people who are
 * signed in, for the text as they saw it (its edition), each once.
 *
 * How many there are is counted over people: those who support the case, and those who support or
 * sent one that repeats it, each of them once, and not who sent it. So a merge carries supports
 * over, and splitting takes them along again; their rows stay where they were given. */
#ifndef YZ_DATA_CASES_SUPPORT_H
#define YZ_DATA_CASES_SUPPORT_H

#include "data/cases.h"

struct cases_support {
    const char *public_id; /* of the case */
    int64_t person;
    int64_t edition; /* that they saw; not for taking it back */
    int64_t now_ms;
};

/* Both open their own transaction, and are the same when they come twice. `now` (in the arena) is
 * the case after it. A failure has a sentence: ERR_NOTFOUND; ERR_INVALID: its kind takes none;
 * ERR_CONFLICT: the text is another edition by now, the case is not open or not listed (kinds.h),
 * repeats another one, or is their own. */
enum err cases_support_give(struct db *db, const struct kinds *kinds,
                            const struct cases_support *wish, struct arena *arena,
                            struct cases_case *now, struct why *why);
/* Theirs of the case, and of those that repeat it, whatever became of them. ERR_CONFLICT: they sent
 * one that repeats it. */
enum err cases_support_take_back(struct db *db, const struct cases_support *wish,
                                 struct arena *arena, struct cases_case *now, struct why *why);

/* Whether a person supports the case, or a case that repeats it, or sent such a one. */
enum err cases_support_is(struct db *db, int64_t case_id, int64_t person, bool *yes);

/* Inside db_write, after a move: counts anew where `before` repeated another case, or repeats that
 * with the id `original` (0: none) since. */
enum err cases_support_follow(struct db *db, const struct cases_case *before, int64_t original);

/* What is forgotten; inside db_write. The number stays, and nobody is counted twice by it.
 * - Of a case: whose its supports were.
 * - Of a person: which were theirs; their cases are forgotten before.
 * - Who sent a case: whoever takes back what they sent stands behind nothing any more. */
enum err cases_support_forget_case(struct db *db, int64_t case_id);
enum err cases_support_forget_person(struct db *db, int64_t person);
enum err cases_support_forget_sender(struct db *db, int64_t case_id);

/* What a person supports, newest first. */
struct cases_supported {
    int64_t id, at_ms, edition;
    const char *report, *kind, *state; /* in the arena */
};
/* With ids below `before` (0: all). */
enum err cases_support_list(struct db *db, int64_t person, int64_t before, size_t limit,
                            struct arena *arena, const struct cases_supported **list, size_t *count,
                            bool *more);

#endif
