/* Checking in, and what staff say of who took part: then points are good, and what was done is
 * counted. */
#ifndef YZ_DATA_SIGNUPS_ATTEND_H
#define YZ_DATA_SIGNUPS_ATTEND_H

#include "data/activities_write.h"
#include "data/signups.h"

/* Of a position nothing is kept but that one checked in by it. */
struct signups_arrival {
    const char *public_id;
    int64_t activity; /* whose it must be; 0: any */
    int64_t person;   /* whose it must be; 0: staff check them in, */
    int64_t by;       /* these */
    enum activity_kinds_way way;
    struct coord at; /* by position, and what that may be off */
    double accuracy_m;
    const char *code; /* by code */
    const unsigned char *key;
    int64_t now_ms;
};

/* Opens its own transaction; the sign-up as it is by then is in `*found`. Again is fine. By
 * position: it must be within the kind's metres of the place, where it may be off by as many at
 * most. ERR_NOTFOUND; ERR_CONFLICT with a sentence: not at this time, not in this way, too far
 * away, not the code, or without a seat. */
enum err signups_attend_check_in(struct db *db, const struct activities_rules *rules,
                                 const struct signups_arrival *arrival, struct arena *arena,
                                 struct signups_signup *found, struct why *why);

struct signups_verdict {
    const char *public_id;
    int64_t activity, version, by;
    bool confirmed; /* else refused, with a reason that its owner reads */
    const char *reason;
    const struct signups_number *numbers; /* of the kind's, each once */
    size_t number_count;
    int64_t now_ms;
};
/* The same for what staff say; it can be said anew, the other way round, too. ERR_INVALID names the
 * field; ERR_CONFLICT: another was faster, it has not begun, or it is cancelled: then one can be
 * refused, and not confirmed. */
enum err signups_attend_judge(struct db *db, const struct activities_rules *rules,
                              const struct signups_verdict *verdict, struct arena *arena,
                              struct signups_signup *found, struct why *why);

#endif
