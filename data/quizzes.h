/* Quizzes at the end of lessons. Which answers are right is told to nobody before they tried; a try
 * is graded here and counts once. The database itself refuses more tries than the lesson says, one
 * after it was passed, and another quiz under those who tried it. */
#ifndef YZ_DATA_QUIZZES_H
#define YZ_DATA_QUIZZES_H

#include "data/answers.h"
#include "data/posts_kinds.h"

enum {
    QUIZZES_QUESTIONS_MAX = 30,
    QUIZZES_OPTIONS_MAX = 8,
    QUIZZES_TEXT_MAX = 500,  /* characters of a question and of what is said to its answer */
    QUIZZES_OPTION_MAX = 64, /* characters */
    QUIZZES_MARKS_SIZE = QUIZZES_QUESTIONS_MAX + 1
};

#define QUIZZES_TYPES(X) X(single) X(multiple) X(true_false)
enum quizzes_type {
#define QUIZZES_ENUM(name) QUIZZES_##name,
    QUIZZES_TYPES(QUIZZES_ENUM)
#undef QUIZZES_ENUM
        QUIZZES_TYPE_COUNT
};
const char *quizzes_type_name(enum quizzes_type type);
/* False: there is none of that name. */
bool quizzes_type_of(const char *name, enum quizzes_type *type);

/* Options have the codes a, b, c, ... in their order; of true_false there are two, true and false,
 * and none is written down. An answer is bits by option. */
struct quizzes_question {
    enum quizzes_type type;
    const char *text, *feedback;
    const char *options[QUIZZES_OPTIONS_MAX];
    size_t option_count;
    unsigned answer;
};

/* The code of option `i`, and back: false where the question has none such. */
const char *quizzes_code(const struct quizzes_question *question, size_t i);
bool quizzes_code_of(const struct quizzes_question *question, const char *code, size_t *i);
/* How many there are to choose from. */
size_t quizzes_choices(const struct quizzes_question *question);

/* ERR_INVALID names the question, from 0, and what is wrong with it ("questions/2: ..."). */
enum err quizzes_check(const struct quizzes_question *list, size_t count, struct why *why);

/* Inside db_write: the post has these questions from now on. ERR_CONFLICT with a sentence: they are
 * others than those that somebody tried. */
enum err quizzes_put(struct db *db, int64_t post, const struct quizzes_question *list, size_t count,
                     struct why *why);

/* Those of a post, in order; texts in the arena. */
enum err quizzes_of(struct db *db, int64_t post, struct arena *arena,
                    const struct quizzes_question **list, size_t *count);

/* ---- trying ---------------------------------------------------------------------------------- */

struct quizzes_attempt {
    int64_t id, post;
    const char *public_id;
    const char *title; /* of the post, while that can be read; else "" */
    int64_t number;
    char marks[QUIZZES_MARKS_SIZE]; /* by question, '1' right or '0' */
    int64_t right, total;
    bool passed;
    int64_t points; /* that it brought */
    int64_t made_ms;
};

/* How somebody stands: what is left to try, and whether they passed. */
struct quizzes_standing {
    int64_t used, tries;
    bool passed;
};
enum err quizzes_standing(struct db *db, int64_t post, int64_t person,
                          struct quizzes_standing *standing);

/* One try, with the answer to every question, in their order: codes of options. */
struct quizzes_answer {
    const char *const *codes;
    size_t count;
};
struct quizzes_trying {
    int64_t post, person, now_ms;
    int64_t version; /* of the post that was answered; 0: whichever */
    struct quizzes_answer answers[QUIZZES_QUESTIONS_MAX];
    size_t count;
    const struct posts_kinds *kinds;
    const struct points_rules *rules;
};

/* What came of it: the try, where they stand by now, and the questions that it was graded by. */
struct quizzes_graded {
    struct quizzes_attempt attempt;
    struct quizzes_standing standing;
    const struct quizzes_question *questions;
    size_t count;
};

/* Grades it, and gives points where it is the one that passes. Own transaction, in which all is
 * read that it hangs on. What it left is in `*graded`, which the reply may render. ERR_NOTFOUND:
 * there is no such quiz to be read at `now_ms`; ERR_INVALID names the answer ("answers/0/...: "):
 * another number of them, or no such option; ERR_CONFLICT: no try is left, it was passed before, or
 * the post is at another version; each with a sentence. */
enum err quizzes_try(struct db *db, const struct quizzes_trying *trying,
                     const struct answers_reply *reply, struct arena *arena,
                     struct quizzes_graded *graded, struct idempotency_answer *answer,
                     struct why *why);

/* Somebody's as they are at `now_ms`, newest first, behind the id `before` (0: from the newest). */
enum err quizzes_mine(struct db *db, int64_t person, int64_t now_ms, int64_t before, size_t limit,
                      struct arena *arena, const struct quizzes_attempt **list, size_t *count,
                      bool *more);

/* One of somebody's. ERR_NOTFOUND. */
enum err quizzes_find(struct db *db, int64_t person, const char *public_id, int64_t now_ms,
                      struct arena *arena, struct quizzes_attempt *found);

/* What came of a quiz: people, tries, passes, and of the first tries how many had each question
 * right. */
struct quizzes_figures {
    int64_t people, attempts, passed, firsts;
    int64_t right[QUIZZES_QUESTIONS_MAX];
    size_t count; /* of questions */
};
enum err quizzes_figures(struct db *db, int64_t post, struct quizzes_figures *figures);

#endif
