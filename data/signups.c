#include "data/signups.h"

#include <stdio.h>
#include <string.h>

static const char *const states[SIGNUPS_STATE_COUNT] = {
#define SIGNUPS_NAME(name) [SIGNUPS_##name] = #name,
    SIGNUPS_STATES(SIGNUPS_NAME)
#undef SIGNUPS_NAME
};

const char *signups_state_name(enum signups_state state)
{
    return states[state];
}

enum err signups_state_find(const char *name, enum signups_state *state)
{
    for (int i = 0; i < SIGNUPS_STATE_COUNT; i++)
        if (strcmp(states[i], name) == 0) {
            *state = (enum signups_state)i;
            return ERR_OK;
        }
    return ERR_NOTFOUND;
}

#define COLUMNS                                                                                    \
    "SELECT s.id, s.version, s.public_id, s.activity_id, s.person_id, (SELECT name FROM people "   \
    "WHERE id = s.person_id), s.state, s.way, s.reason, s.made_ms, s.attended_ms, s.ended_ms, "    \
    "CASE s.state WHEN 'waiting' THEN (SELECT count(*) FROM activity_signups o WHERE "             \
    "o.activity_id = s.activity_id AND o.state = 'waiting' AND o.id < s.id) END FROM "             \
    "activity_signups s "

static enum err read_row(struct db_query *q, struct arena *arena, struct signups_signup *to)
{
    struct signups_signup s = {.id = db_int(q, 0),
                               .version = db_int(q, 1),
                               .activity = db_int(q, 3),
                               .person = db_int(q, 4),
                               .person_name = arena_strdup(arena, db_text(q, 5)),
                               .way = arena_strdup(arena, db_text(q, 7)),
                               .reason = arena_strdup(arena, db_text(q, 8)),
                               .made_ms = db_int(q, 9),
                               .attended_ms = db_int(q, 10),
                               .ended_ms = db_int(q, 11),
                               .ahead = db_int(q, 12)};
    (void)snprintf(s.public_id, sizeof s.public_id, "%s", db_text(q, 2));
    if (!s.person_name || !s.way || !s.reason) return ERR_NOMEM;
    enum err e = signups_state_find(db_text(q, 6), &s.state);
    if (!e) *to = s;
    return e;
}

static enum err read_numbers(struct db *db, struct arena *arena, struct signups_signup *s)
{
    struct signups_number *made = arena_calloc(arena, ACTIVITY_KINDS_NUMBERS, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db, "SELECT code, number FROM activity_numbers WHERE signup_id = :id ORDER BY code", &q);
    if (e) return e;
    db_bind_int(q, ":id", s->id);
    for (; n < ACTIVITY_KINDS_NUMBERS && !(e = db_step(q, &row)) && row; n++) {
        made[n] = (struct signups_number){arena_strdup(arena, db_text(q, 0)), db_int(q, 1)};
        if (!made[n].code) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    s->numbers = made;
    s->number_count = n;
    return e;
}

static enum err read_one(struct db *db, struct db_query *q, struct arena *arena,
                         struct signups_signup *found)
{
    bool row = false;
    enum err e = db_step(q, &row);
    if (!e) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : read_numbers(db, arena, found);
}

enum err signups_find(struct db *db, const char *public_id, struct arena *arena,
                      struct signups_signup *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE s.public_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":id", public_id);
    return read_one(db, q, arena, found);
}

enum err signups_of(struct db *db, int64_t activity, int64_t person, struct arena *arena,
                    struct signups_signup *found)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            COLUMNS "WHERE s.activity_id = :activity AND s.person_id = :person "
                                    "AND s.state <> 'cancelled'",
                            &q);
    if (e) return e;
    db_bind_int(q, ":activity", activity);
    db_bind_int(q, ":person", person);
    return read_one(db, q, arena, found);
}

enum err signups_list(struct db *db, const struct signups_filter *f, struct arena *arena,
                      const struct signups_signup **list, size_t *count, bool *more)
{
    struct signups_signup *made = arena_calloc(arena, f->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e =
        db_prepare(db,
                   f->person ? COLUMNS "WHERE s.person_id = :whose AND s.id < :cursor AND (:state "
                                       "IS NULL OR s.state = :state) ORDER BY s.id DESC LIMIT "
                                       ":limit"
                             : COLUMNS "WHERE s.activity_id = :whose AND s.id > :cursor AND "
                                       "(:state IS NULL OR s.state = :state) ORDER BY s.id LIMIT "
                                       ":limit",
                   &q);
    if (e) return e;
    db_bind_int(q, ":whose", f->person ? f->person : f->activity);
    db_bind_int(q, ":cursor", f->person && !f->cursor ? INT64_MAX : f->cursor);
    db_bind_text(q, ":state", f->state < 0 ? NULL : states[f->state]);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
    while (n <= f->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    *more = n > f->limit;
    *count = *more ? f->limit : n;
    for (size_t i = 0; i < *count && !e; i++)
        e = read_numbers(db, arena, &made[i]);
    *list = made;
    return e;
}
