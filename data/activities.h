/* Activities: tasks and events that staff publish, with a time, a place, and seats.
 *
 * A draft is for staff; one that is open takes who signs up, one that is closed takes nobody more;
 * both end as done or cancelled. No more seats are taken than there are: the database itself
 * refuses it. */
#ifndef YZ_DATA_ACTIVITIES_H
#define YZ_DATA_ACTIVITIES_H

#include "data/pictures.h"
#include "geo/space/coord.h"

enum {
    ACTIVITIES_TITLE_MAX = 80, /* characters, all of these */
    ACTIVITIES_BODY_MAX = 5000,
    ACTIVITIES_ADDRESS_MAX = 200,
    ACTIVITIES_REASON_MAX = 500,
    ACTIVITIES_SEATS_MAX = 100000,
    ACTIVITIES_DAYS_MAX = 366 /* from its beginning to its end */
};

#define ACTIVITIES_STATES(X) X(draft) X(open) X(closed) X(done) X(cancelled)
enum activities_state {
#define ACTIVITIES_STATE(name) ACTIVITIES_##name,
    ACTIVITIES_STATES(ACTIVITIES_STATE)
#undef ACTIVITIES_STATE
        ACTIVITIES_STATE_COUNT
};
const char *activities_state_name(enum activities_state state);
/* ERR_NOTFOUND. */
enum err activities_state_find(const char *name, enum activities_state *state);

struct activities_activity {
    int64_t id, version;
    const char *kind; /* data/activity_kinds.h */
    enum activities_state state;
    const char *title, *title_en, *body, *address;
    int64_t area_id;   /* 0: everybody's */
    int64_t branch_id; /* whose members alone may sign up; 0: anybody */
    int64_t place_id;  /* 0: none */
    bool has_position;
    struct coord at;
    int64_t from_ms, to_ms;
    int64_t until_ms; /* one can sign up */
    int64_t seats;    /* 0: as many as come */
    int64_t taken, waiting;
    int64_t points;     /* of the kind's, that it brings */
    const char *reason; /* why it was cancelled, or "" */
    int64_t created_by, created_ms, updated_ms;
    const struct pictures_picture *pictures;
    size_t picture_count;
};

/* ERR_NOTFOUND. Texts are in the arena. */
enum err activities_find(struct db *db, int64_t id, struct arena *arena,
                         struct activities_activity *found);

/* What is wanted. Lists of numbers and words are JSON arrays as text; NULL: all. */
struct activities_filter {
    unsigned states;        /* bits 1 << enum activities_state */
    const char *kinds;      /* of these */
    int64_t area_id;        /* and all below it; 0: all */
    const char *areas;      /* and within these and all below them */
    int64_t from_ms, to_ms; /* that are under way between these */
    bool placed;            /* that have a position */
    bool latest_first;      /* else soonest first */
    bool has_cursor;
    int64_t after_ms, after_id; /* the last's from_ms and id */
    size_t limit;
};
enum err activities_list(struct db *db, const struct activities_filter *filter, struct arena *arena,
                         const struct activities_activity **list, size_t *count, bool *more);

/* The same that have a position within `radius_m` of a point, nearest first; the cursor is the
 * last's distance in millimetres and its id. At most ACTIVITIES_NEAR_MAX are looked at. */
enum { ACTIVITIES_NEAR_MAX = 20000 };
struct activities_near {
    struct activities_activity activity;
    double distance_m;
};
enum err activities_list_near(struct db *db, const struct activities_filter *filter,
                              struct coord at, double radius_m, struct arena *arena,
                              const struct activities_near **list, size_t *count, bool *more);
/* The cursor's word for a distance. */
int64_t activities_near_mm(double distance_m);

#endif
