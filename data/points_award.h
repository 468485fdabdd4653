/* Points for what is no case: an activity that somebody took part in, a lesson that they passed.
 * They are good at once, and given once for a source; what was taken back by hand is not given
 * again. Reversing them is points_reverse's, as of all others. */
#ifndef YZ_DATA_POINTS_AWARD_H
#define YZ_DATA_POINTS_AWARD_H

#include "data/points.h"

struct points_award {
    int64_t person;
    const char *kind;   /* of points */
    int64_t amount;     /* 0: nothing is written */
    const char *source; /* "activity" or "lesson" */
    int64_t source_id;  /* which: the database refuses a second award of it to the same person */
    int64_t area_id;    /* whose rankings it counts in; 0: none */
    const char *reason; /* what its owner reads, the name of it: cut at POINTS_REASON_MAX; NULL */
};

/* Inside db_write. What is above `most` of the rules, or their caps by the day and week of the
 * server's clock, is told as `capped`. `*entry` (may be NULL) is the row, or 0 where none was
 * written: they are no rider (points_is_rider), have it already, had it taken back by hand, or the
 * rules bring nothing for that source. ERR_INVALID: there are no such points, or no such source. */
enum err points_award_put(struct db *db, const struct points_rules *rules,
                          const struct points_award *award, int64_t now_ms, int64_t *entry);

/* Inside db_write: takes back what a source gave somebody, as it turned out not to be so; it may be
 * given anew. Fine where nothing stands. */
struct points_unaward {
    int64_t person;
    const char *source;
    int64_t source_id;
    const char *reason; /* "" or what its owner reads */
};
enum err points_award_undo(struct db *db, const struct points_unaward *what, int64_t now_ms);

#endif
