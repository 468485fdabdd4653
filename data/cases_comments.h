/* Comments: what anybody who is signed in says to a case that everybody finds, of kinds that have
 * them (kinds.h). Whoever wrote one can take it back; who may `moderate` can hide it, with a reason
 * that its writer reads. Nothing is ever changed in one. */
#ifndef YZ_DATA_CASES_COMMENTS_H
#define YZ_DATA_CASES_COMMENTS_H

#include "data/answers.h"
#include "data/cases.h"

enum {
    CASES_COMMENTS_TEXT = 1000,  /* characters */
    CASES_COMMENTS_EACH = 30,    /* of one person to a case that are not taken back */
    CASES_COMMENTS_CASE = 3000,  /* to a case by who is no staff, also those taken back, */
    CASES_COMMENTS_PERSON = 200, /* and by one of them, so that nobody writes it full */
    CASES_COMMENTS_DAY = 100     /* of one person in 24 hours */
};

/* On which side somebody wrote. */
enum cases_comments_side { CASES_COMMENTS_REPORTER, CASES_COMMENTS_STAFF, CASES_COMMENTS_OTHER };
const char *cases_comments_side_name(enum cases_comments_side side);

struct cases_comment {
    int64_t id;
    const char *public_id;
    int64_t case_id, area_id;
    const char *report, *kind; /* the case: public id, kind */
    int64_t person;            /* 0: forgotten */
    enum cases_comments_side side;
    const char *text;
    int64_t at_ms;
    int64_t hidden_ms, hidden_by; /* 0: it is shown */
    const char *hidden_reason;
};

struct cases_comments_new {
    const char *report;
    int64_t person;
    bool by_staff;
    const char *text;
    int64_t now_ms;
};
/* ERR_NOTFOUND; ERR_INVALID: the kind takes none, or the text; ERR_CONFLICT: the case is not listed
 * or repeats another one, or enough was said, or the key came with another body. With a sentence.
 */
enum err cases_comments_add(struct db *db, const struct kinds *kinds,
                            const struct cases_comments_new *fresh,
                            const struct answers_reply *reply, struct arena *arena,
                            struct cases_comment *made, struct idempotency_answer *answer,
                            struct why *why);

/* Takes one's own back: the text is gone, for everybody. ERR_NOTFOUND: they wrote no such one, or
 * took it back. */
enum err cases_comments_remove(struct db *db, const char *public_id, int64_t person,
                               struct why *why);

/* Hides a comment, or shows it again; the same twice is fine, and leaves the first reason. Audited.
 * `found` is the comment as it is then. ERR_NOTFOUND; ERR_INVALID: hiding owes a reason. */
struct cases_comments_hiding {
    const char *public_id;
    bool hide;
    const char *reason;
    int64_t by, now_ms;
};
enum err cases_comments_hide(struct db *db, const struct cases_comments_hiding *hiding,
                             struct arena *arena, struct cases_comment *found, struct why *why);

/* ERR_NOTFOUND: there is none, or it was taken back. */
enum err cases_comments_find(struct db *db, const char *public_id, struct arena *arena,
                             struct cases_comment *found);

/* Of a case, oldest first; else newest first. What was taken back is in no list. */
struct cases_comments_filter {
    int64_t case_id;  /* 0: any */
    int64_t person;   /* who wrote; 0: anybody */
    const char *kind; /* of case; NULL: any */
    bool all;         /* hidden ones too, */
    int64_t own;      /* or those of this person */
    bool only_hidden;
    bool areas_limited; /* only in `area_ids` and below, at most CASES_COMMENTS_AREAS */
    const int64_t *area_ids;
    size_t area_count;
    int64_t after; /* a cursor: behind this id; 0: from the first */
    size_t limit;
};
enum { CASES_COMMENTS_AREAS = 64 };
/* ERR_LIMIT: too many areas. */
enum err cases_comments_list(struct db *db, const struct cases_comments_filter *filter,
                             struct arena *arena, const struct cases_comment **list, size_t *count,
                             bool *more);

/* Inside db_write: the words of a case, or of a person, are gone, and whose they were. */
enum err cases_comments_forget_case(struct db *db, int64_t case_id);
enum err cases_comments_forget_person(struct db *db, int64_t person);

#endif
