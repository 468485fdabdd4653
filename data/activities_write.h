/* Making and changing activities. Each opens its own transaction; what is stored by then is in
 * `*activity`. ERR_INVALID names the field; ERR_CONFLICT: another was faster, or it cannot be done
 * any more; ERR_NOTFOUND. Failures have a sentence. */
#ifndef YZ_DATA_ACTIVITIES_WRITE_H
#define YZ_DATA_ACTIVITIES_WRITE_H

#include "data/activities.h"
#include "data/activity_kinds.h"
#include "data/answers.h"

struct activities_rules {
    const struct activity_kinds *kinds;
    const struct points_rules *points; /* NULL: nobody gets any */
};

/* Which pictures it shows, in order, by their public ids; and who says so (pictures_put). */
struct activities_shown {
    const char *const *ids;
    size_t count;
    int64_t by;
};

/* A draft, or open at once (`activity->state`). `shown` may be NULL. */
enum err activities_write_create(struct db *db, const struct activities_rules *rules,
                                 const struct activities_shown *shown,
                                 const struct answers_reply *reply, int64_t now_ms,
                                 struct arena *arena, struct activities_activity *activity,
                                 struct idempotency_answer *answer, struct why *why);

/* All but its state; its pictures stay as they are where `shown` is NULL. Who signed up is told of
 * another time or place; more seats go to who waits. There are no fewer seats than are taken, and
 * no fewer points than were promised. */
enum err activities_write_change(struct db *db, const struct activities_rules *rules,
                                 const struct activities_shown *shown, int64_t now_ms,
                                 struct arena *arena, struct activities_activity *activity,
                                 struct why *why);

/* Opens, closes, ends or cancels it. `reason` is owed for what was open and is cancelled: who
 * signed up is told, and their sign-ups are cancelled, but of who checked in or was confirmed:
 * those can be refused still. */
struct activities_move {
    int64_t id, version, by;
    enum activities_state to;
    const char *reason; /* or "" */
    int64_t now_ms;
};
enum err activities_write_move(struct db *db, const struct activities_rules *rules,
                               const struct activities_move *move, struct arena *arena,
                               struct activities_activity *activity, struct why *why);

/* Deletes a draft. */
enum err activities_write_delete(struct db *db, int64_t id, int64_t version, struct why *why);

#endif
