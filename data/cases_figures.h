/* Figures of cases: how many were received, taken up, solved, in time, to whose satisfaction, and
 * how long each official step took. docs/cases.md defines each; this computes them in one reading
 * of the cases that a filter leaves, with the events that moved them.
 *
 * They are of the cases made in a time, as they stand now, whatever was forgotten of them: what
 * retention leaves of a case is enough. */
#ifndef YZ_DATA_CASES_FIGURES_H
#define YZ_DATA_CASES_FIGURES_H

#include "data/cases.h"
#include "data/cases_life.h"

/* The most cases that are read, and rows that are told. */
enum { CASES_FIGURES_MAX = 500000, CASES_FIGURES_ROWS = 2000 };

/* received = open + solved + refused + duplicates + withdrawn. What is owed is what a share is of:
 * the cases of which it can be said by now. */
struct cases_figures {
    int64_t received;
    int64_t open, solved, refused, duplicates, withdrawn;
    int64_t overdue, paused; /* of the open */
    int64_t taken_up;        /* by staff, at any time */
    int64_t taken_up_in_time, response_owed;
    int64_t solution_owed; /* solved, refused, and open though overdue */
    int64_t in_time, on_time_owed;
    int64_t satisfied, rated; /* by their last rating; with 4 or 5 */
    int64_t reopened;         /* at least once */
    int64_t adopted, decided; /* decided: adopted, refused, or solved without having been adopted */
    int64_t answered_in_time, answer_owed; /* of those that are answered, or should be by now */
    int64_t supports;                      /* of all but those that repeat another */
    /* [1] to [7]: half of the cases that left the step were in it for less, hours; [0]: of those
     * that were paused. Of so many cases. */
    double median_h[CASES_LIFE_STEPS + 1];
    int64_t median_of[CASES_LIFE_STEPS + 1];
};

enum cases_figures_by {
    CASES_BY_NONE,
    CASES_BY_AREA,     /* the area that it lies in, by its id; "": in none */
    CASES_BY_CATEGORY, /* code */
    CASES_BY_MONTH,    /* in which it was made, by the local calendar: "2026-11" */
    CASES_BY_UNIT,     /* that works on it; "": none */
    CASES_BY_BRANCH    /* the area whose branches answer it (cases_branch.h); "": the city's */
};

struct cases_figures_row {
    const char *key;
    struct cases_figures figures;
};

/* `filter->kind` is one that `kinds` has. Rows come in the order of their keys, months and units as
 * text, areas by number; none for CASES_BY_NONE. ERR_LIMIT above CASES_FIGURES_MAX cases or
 * CASES_FIGURES_ROWS rows, with a sentence. */
enum err cases_figures_find(struct db *db, const struct cases_filter *filter,
                            const struct kinds *kinds, enum cases_figures_by by, int64_t now_ms,
                            struct arena *arena, struct cases_figures *total,
                            const struct cases_figures_row **rows, size_t *count, struct why *why);

#endif
