/* What riders say of places, as cases of the kind `place_feedback`: what it means for the place,
 * and how staff mend both in one step. */
#ifndef YZ_DATA_FEEDBACK_H
#define YZ_DATA_FEEDBACK_H

#include "data/cases_act.h"
#include "data/places.h"

#define FEEDBACK_KIND "place_feedback"

/* So many different senders say that a place is closed, and their cases are open: then it says so
 * itself ("being checked"), and no more than that: nobody but staff closes a place. */
enum { FEEDBACK_DOUBT = 3 };

/* Sets `places.doubted` to what the cases say, with an outbox row where that changes. Inside
 * db_write, after a case about the place was made or moved. */
enum err feedback_weigh(struct db *db, const struct kinds *kinds, int64_t place);

/* How many cases about a place are open. */
enum err feedback_open(struct db *db, const struct kinds *kinds, int64_t place, int64_t *count);

/* What of a place can be mended along with a case. */
enum feedback_mend {
    FEEDBACK_CLOSE,   /* for a while */
    FEEDBACK_REMOVE,  /* it is gone for good */
    FEEDBACK_MOVE,    /* to where the rider says, or staff */
    FEEDBACK_AMENITY, /* what is missing is taken off its amenities */
    FEEDBACK_HOURS,
    FEEDBACK_MENDS
};
/* "close", "remove", "move", "amenity", "hours"; static text. */
const char *feedback_mend_name(enum feedback_mend mend);
/* Those that go with what the case says, as bits; 0 for a case about no place. */
unsigned feedback_mends(const struct cases_case *c);

/* One step: the place changes, and the case becomes `moving->to`. */
struct feedback_mending {
    const struct cases_acting *moving;
    enum feedback_mend mend;
    int64_t place_version;        /* that the writer saw */
    int64_t from_ms, to_ms;       /* CLOSE */
    struct coord at;              /* MOVE */
    const struct places_row *row; /* HOURS: its hours or hours_self */
    unsigned fields;              /* of `row` */
    const struct places_by *by;   /* reason: of the change of the place */
};

/* ERR_NOTFOUND; ERR_CONFLICT with a sentence where the case or the place has changed meanwhile, or
 * the move is none; else as places_edit and cases_act. On failure neither changes. */
enum err feedback_settle(struct db *db, const struct kinds *kinds,
                         const struct categories *categories,
                         const struct feedback_mending *mending, struct arena *arena,
                         struct cases_case *moved, struct places_row *after, struct why *why);

#endif
