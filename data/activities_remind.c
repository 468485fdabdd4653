#include "data/activities_remind.h"

#include "data/inbox.h"

#include <stdio.h>

static const int64_t hour_ms = 3600000;

struct work {
    int64_t now_ms;
    bool told;
};

struct found {
    int64_t signup, person, activity, from_ms;
    const char *title;
};

static enum err find_next(struct db *db, const struct work *w, struct arena *arena,
                          struct found *found, bool *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "SELECT s.id, s.person_id, a.id, a.from_ms, a.title FROM activities a JOIN "
        "activity_signups s ON s.activity_id = a.id WHERE a.state IN ('open', 'closed') AND "
        "a.from_ms > :now AND a.from_ms <= :now + :ahead AND s.state = 'signed' AND s.reminded_ms "
        "IS NULL AND s.person_id IS NOT NULL AND s.made_ms < a.from_ms - :ahead ORDER BY "
        "a.from_ms, s.id LIMIT 1",
        &q);
    if (e) return e;
    db_bind_int(q, ":now", w->now_ms);
    db_bind_int(q, ":ahead", ACTIVITIES_REMIND_H * hour_ms);
    if (!(e = db_step(q, row)) && *row) {
        *found = (struct found){db_int(q, 0), db_int(q, 1), db_int(q, 2), db_int(q, 3),
                                arena_strdup(arena, db_text(q, 4))};
        if (!found->title) e = ERR_NOMEM;
    }
    db_done(q);
    return e;
}

static enum err mark(struct db *db, int64_t signup, int64_t now_ms)
{
    struct db_query *q;
    enum err e =
        db_prepare(db, "UPDATE activity_signups SET reminded_ms = :now WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":id", signup);
    return db_run(q, NULL);
}

static enum err remind_one(struct db *db, void *user)
{
    struct work *w = user;
    struct found found = {0};
    struct arena arena;
    char about[40];
    bool row = false;
    arena_init(&arena, 0);
    enum err e = find_next(db, w, &arena, &found, &row);
    (void)snprintf(about, sizeof about, "/v1/activities/%lld", (long long)found.activity);
    const struct inbox_message message = {.person = found.person,
                                          .verb = INBOX_activity_tomorrow,
                                          .about = about,
                                          .title = found.title,
                                          .at_ms = found.from_ms};
    if (!e && row) e = inbox_put(db, &message, w->now_ms);
    if (!e && row) e = mark(db, found.signup, w->now_ms);
    arena_fini(&arena);
    w->told = row;
    return e;
}

/* Whether there is anybody to tell, before a transaction is begun for it. */
static enum err is_due(struct db *db, const struct work *w, bool *due)
{
    struct found found;
    struct arena arena;
    arena_init(&arena, 0);
    enum err e = find_next(db, w, &arena, &found, due);
    arena_fini(&arena);
    return e;
}

enum err activities_remind(struct db *db, int64_t now_ms, size_t most, size_t *count)
{
    struct work w = {.now_ms = now_ms, .told = true};
    bool due = false;
    enum err e = is_due(db, &w, &due);
    *count = 0;
    while (!e && due && w.told && *count < most)
        if (!(e = db_write(db, remind_one, &w)) && w.told) ++*count;
    return e;
}
