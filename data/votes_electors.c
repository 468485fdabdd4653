#include "data/votes_electors.h"

#include "data/changes.h"
#include "data/inbox.h"

#include <stdio.h>
#include <string.h>

enum { HOUR_MS = 3600000 };
/* Whoever was not told by then is not told. */
#define TOLD_MS (7 * 24 * INT64_C(3600000))

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT x.id, x.person_id, p.name, x.voted, x.answers, p.login FROM vote_electors x LEFT "     \
    "JOIN people p ON p.id = x.person_id "

static enum err read_row(struct db_query *q, const struct votes_vote *vote, struct arena *arena,
                         struct votes_elector *found)
{
    size_t len = 0, size = votes_ballot_size(vote);
    const void *bytes = db_blob(q, 4, &len);
    *found = (struct votes_elector){.id = db_int(q, 0),
                                    .person = db_int(q, 1),
                                    .name = arena_strdup(arena, db_text(q, 2)),
                                    .login = arena_strdup(arena, db_text(q, 5)),
                                    .voted = db_int(q, 3) != 0};
    if (!found->name || !found->login) return ERR_NOMEM;
    if (len != size) return ERR_OK;
    unsigned char *copy = arena_alloc(arena, size);
    if (!copy) return ERR_NOMEM;
    memcpy(copy, bytes, size);
    found->ballot = copy;
    return ERR_OK;
}

enum err votes_electors_list(struct db *db, const struct votes_vote *vote,
                             const struct votes_electors_filter *filter, struct arena *arena,
                             const struct votes_elector **list, size_t *count, bool *more)
{
    struct votes_elector *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            COLUMNS "WHERE x.vote_id = :vote AND x.id > :after AND (:all OR "
                                    "x.voted = :voted) ORDER BY x.id LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote->id);
    db_bind_int(q, ":after", filter->after);
    db_bind_int(q, ":all", filter->voted == NULL);
    db_bind_int(q, ":voted", filter->voted && *filter->voted);
    db_bind_int(q, ":limit", (int64_t)filter->limit + 1);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, vote, arena, &made[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

enum err votes_electors_find(struct db *db, const struct votes_vote *vote, int64_t person,
                             struct arena *arena, struct votes_elector *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE x.vote_id = :vote AND x.person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote->id);
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, vote, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err votes_electors_voted(struct db *db, int64_t vote, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT count(*) FROM vote_electors WHERE vote_id = :vote AND voted = 1", &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

/* ---- telling --------------------------------------------------------------------------------- */

struct work {
    int64_t vote, now_ms, reminded_ms;
    struct arena *arena;
    size_t max, count;
    struct why *why;
};

static enum err remind(struct db *db, void *user)
{
    struct work *w = user;
    struct votes_vote v;
    struct db_query *q;
    enum err e = votes_find(db, w->vote, w->arena, &v);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such vote");
    if (!e && (v.state != VOTES_open || w->now_ms < v.from_ms || w->now_ms >= v.to_ms))
        return err_say(w->why, ERR_CONFLICT, "nobody can vote now");
    if (e) return e;
    w->reminded_ms = v.reminded_ms;
    if (v.reminded_ms && w->now_ms - v.reminded_ms < (int64_t)VOTES_REMIND_H * HOUR_MS)
        return ERR_OK;
    w->reminded_ms = w->now_ms;
    e = db_prepare(
        db,
        "UPDATE votes SET reminded_ms = :now, round = round + 1, updated_ms = :now WHERE id = :id",
        &q);
    if (e) return e;
    db_bind_int(q, ":id", v.id);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_votes, v.id, "vote_reminded");
}

enum err votes_electors_remind(struct db *db, int64_t vote, int64_t now_ms, struct arena *arena,
                               int64_t *reminded_ms, struct why *why)
{
    struct work w = {.vote = vote, .now_ms = now_ms, .arena = arena};
    enum err e = db_write_said(db, remind, &w, &w.why, why);
    if (!e) *reminded_ms = w.reminded_ms;
    return e;
}

/* A vote some of whose electors are behind; 0: there is none. `*round`: what they are to be told.
 */
static enum err find_behind(struct db *db, int64_t now_ms, int64_t *vote, int64_t *round)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT v.id, v.round FROM votes v WHERE v.updated_ms > :since AND v.state IN ('open', "
        "'closed') AND EXISTS (SELECT 1 FROM vote_electors x WHERE x.vote_id = v.id AND x.told < "
        "v.round AND x.person_id IS NOT NULL) LIMIT 1",
        &q);
    if (e) return e;
    db_bind_int(q, ":since", now_ms - TOLD_MS);
    *vote = 0;
    if (!(e = db_step(q, &row)) && row) {
        *vote = db_int(q, 0);
        *round = db_int(q, 1);
    }
    db_done(q);
    return e;
}

static enum inbox_verb verb_of(const struct votes_vote *v)
{
    if (v->state == VOTES_closed) return INBOX_vote_closed;
    return v->reminded_ms ? INBOX_vote_reminder : INBOX_vote_opened;
}

static enum err mark_told(struct db *db, int64_t elector, int64_t round)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE vote_electors SET told = :round WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", elector);
    db_bind_int(q, ":round", round);
    return db_run(q, NULL);
}

struct behind {
    int64_t id, person;
    bool voted;
};

static enum err read_behind(struct db *db, int64_t vote, int64_t round, struct work *w,
                            struct behind *list)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id, person_id, voted FROM vote_electors WHERE vote_id = :vote "
                            "AND told < :round AND person_id IS NOT NULL LIMIT :max",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    db_bind_int(q, ":round", round);
    db_bind_int(q, ":max", (int64_t)w->max);
    for (w->count = 0; w->count < w->max && !(e = db_step(q, &row)) && row; w->count++)
        list[w->count] = (struct behind){db_int(q, 0), db_int(q, 1), db_int(q, 2) != 0};
    db_done(q);
    return e;
}

static enum err tell(struct db *db, void *user)
{
    struct work *w = user;
    struct behind *list = arena_calloc(w->arena, w->max + 1, sizeof *list);
    struct votes_vote v;
    int64_t vote = 0, round = 0;
    char about[48];
    if (!list) return ERR_NOMEM;
    w->count = 0;
    enum err e = find_behind(db, w->now_ms, &vote, &round);
    if (e || !vote) return e;
    e = votes_find(db, vote, w->arena, &v);
    if (!e) e = read_behind(db, vote, round, w, list);
    if (e) return e;
    (void)snprintf(about, sizeof about, "/v1/votes/%lld", (long long)vote);
    struct inbox_message message = {.verb = verb_of(&v),
                                    .about = about,
                                    .title = v.title,
                                    .at_ms = v.state == VOTES_open ? v.to_ms : 0};
    for (size_t i = 0; i < w->count && !e; i++) {
        bool is_for = message.verb != INBOX_vote_reminder || !list[i].voted;
        message.person = list[i].person;
        if (is_for) e = inbox_put(db, &message, w->now_ms);
        if (!e) e = mark_told(db, list[i].id, round);
    }
    return e;
}

enum err votes_electors_tell(struct db *db, int64_t now_ms, size_t max, struct arena *arena,
                             size_t *count)
{
    struct work w = {.now_ms = now_ms, .arena = arena, .max = max};
    int64_t vote = 0, round = 0;
    *count = 0;
    enum err e = find_behind(db, now_ms, &vote, &round); /* mostly nobody, which costs no write */
    if (!e && vote) e = db_write(db, tell, &w);
    if (!e) *count = w.count;
    return e;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

enum err votes_electors_forget(struct db *db, int64_t person)
{
    static const char *const statements[] = {
        "DELETE FROM vote_people WHERE person_id = :person",
        "UPDATE vote_electors SET person_id = NULL, once = NULL WHERE person_id = :person",
        "UPDATE vote_plan_rows SET person_id = NULL, name = '' WHERE person_id = :person"};
    enum err e = ERR_OK;
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++) {
        struct db_query *q;
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":person", person);
        e = db_run(q, NULL);
    }
    return e;
}
