#include "data/cases_forget.h"

#include "data/blobs_doomed.h"
#include "data/cases_act.h"
#include "data/cases_comments.h"
#include "data/cases_merge.h"
#include "data/cases_rows.h"
#include "data/cases_sender.h"
#include "data/cases_support.h"
#include "data/cases_tell.h"
#include "data/changes.h"
#include "data/inbox_feed.h"
#include "data/photo_files.h"
#include "data/points_case.h"
#include "geo/base/clock.h"

#include <string.h>

/* ---- photos ---------------------------------------------------------------------------------- */

/* One photo after another: a case has some dozens at most. */
static enum err forget_photo(struct db *db, int64_t case_id, bool *found)
{
    char names[PHOTOS_SIZES][SECRETS_HEX_SIZE];
    const char *blobs[PHOTOS_SIZES];
    struct db_query *q;
    int64_t id = 0;
    enum err e = db_prepare(
        db, "SELECT id, large, middle, small FROM photos WHERE case_id = :case LIMIT 1", &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    if (!(e = db_step(q, found)) && *found) {
        id = db_int(q, 0);
        for (int i = 0; i < PHOTOS_SIZES; i++) {
            size_t n = strnlen(db_text(q, 1 + i), SECRETS_HEX_SIZE - 1);
            memcpy(names[i], db_text(q, 1 + i), n);
            names[i][n] = '\0';
            blobs[i] = names[i];
        }
    }
    db_done(q);
    if (e || !*found) return e;
    e = db_prepare(db, "DELETE FROM photos WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_run(q, NULL);
    return e ? e : photo_files_doom(db, blobs);
}

/* Photos are part of what a version shows. */
static enum err raise_version(struct db *db, int64_t case_id)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE cases SET version = version + 1 WHERE id = :case", &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    return db_run(q, NULL);
}

static enum err take_photos(struct db *db, int64_t case_id, int64_t *gone)
{
    bool found = true;
    enum err e = ERR_OK;
    for (*gone = 0; !(e = forget_photo(db, case_id, &found)) && found; ++*gone)
        ;
    return e;
}

enum err cases_forget_photos(struct db *db, int64_t case_id, int64_t *gone)
{
    enum err e = take_photos(db, case_id, gone);
    if (e || !*gone) return e;
    e = raise_version(db, case_id);
    return e ? e : changes_add(db, CHANGES_cases, case_id, "photos_deleted");
}

/* ---- all else -------------------------------------------------------------------------------- */

/* Statements of :case alone. */
static enum err run_each(struct db *db, const char *const *statements, size_t count,
                         int64_t case_id)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++) {
        struct db_query *q;
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":case", case_id);
        e = db_run(q, NULL);
    }
    return e;
}

/* Kept answers name the secret, and say all that was sent. */
#define FORGET_ANSWERS                                                                             \
    "DELETE FROM idempotency WHERE subject = (SELECT public_id FROM cases WHERE id = :case)"

static enum err empty_row(struct db *db, int64_t case_id, bool is_private, int64_t now_ms)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "UPDATE cases SET anonymised_ms = :now, version = version + 1, description = '', "
        "address = '', accuracy_m = NULL, reporter_id = NULL, session_hash = NULL, sender_hash = "
        "NULL, to_lon = NULL, to_lat = NULL, geom = CASE WHEN geom IS NULL OR :private THEN NULL "
        "ELSE MakePoint((floor(ST_X(geom) / :grid) + 0.5) * :grid, (floor(ST_Y(geom) / :grid) + "
        "0.5) * :grid, 4326) END WHERE id = :case",
        &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":private", is_private);
    db_bind_real(q, ":grid", CASES_FORGET_GRID_DEG);
    db_bind_int(q, ":case", case_id);
    return db_run(q, NULL);
}

enum err cases_forget_all(struct db *db, int64_t case_id, bool is_private, int64_t now_ms,
                          int64_t *photos)
{
    static const char *const beside[] = {
        FORGET_ANSWERS,
        "DELETE FROM case_answers WHERE case_id = :case",
        "UPDATE case_joins SET person_id = NULL, voice = NULL, hash = randomblob(32) WHERE "
        "case_id = :case",
        "UPDATE case_links SET reason = '' WHERE case_id = :case OR other_id = :case",
        "UPDATE case_events SET reason = '' WHERE case_id = :case AND reason <> ''",
        "UPDATE case_events SET person_id = NULL WHERE case_id = :case AND person_id IS NOT NULL "
        "AND actor IN ('reporter', 'joiner')",
    };
    enum err e = take_photos(db, case_id, photos);
    if (!e) e = cases_support_forget_sender(db, case_id);
    if (!e) e = cases_support_forget_case(db, case_id);
    if (!e) e = cases_comments_forget_case(db, case_id);
    if (!e) e = empty_row(db, case_id, is_private, now_ms);
    if (!e) e = run_each(db, beside, sizeof beside / sizeof *beside, case_id);
    if (!e) e = points_case_forget(db, case_id, now_ms);
    if (!e) e = inbox_feed_forget(db, case_id);
    if (!e) e = cases_tell_forget(db, case_id);
    return e ? e : changes_add(db, CHANGES_cases, case_id, "anonymised");
}

enum err cases_forget_sender(struct db *db, int64_t case_id, int64_t now_ms)
{
    static const char *const beside[] = {
        FORGET_ANSWERS,
        "UPDATE case_events SET person_id = NULL WHERE case_id = :case AND person_id IS NOT NULL "
        "AND actor = 'reporter'"};
    struct db_query *q;
    enum err e = cases_support_forget_sender(db, case_id);
    if (e) return e;
    e = db_prepare(db,
                   "UPDATE cases SET forgotten_ms = :now, reporter_id = NULL, "
                   "session_hash = NULL, sender_hash = NULL WHERE id = :case",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":case", case_id);
    e = db_run(q, NULL);
    if (!e) e = run_each(db, beside, sizeof beside / sizeof *beside, case_id);
    if (!e) e = points_case_forget(db, case_id, now_ms);
    if (!e) e = inbox_feed_forget(db, case_id);
    return e ? e : changes_add(db, CHANGES_cases, case_id, "sender_forgotten");
}

/* The row goes, so that who joins anew counts once and no more. */
enum err cases_forget_joiner(struct db *db, int64_t case_id, const char *token, int64_t person)
{
    static const char *const statements[] = {
        "DELETE FROM case_joins WHERE case_id = :case AND (hash = :hash OR (:person <> 0 AND "
        "person_id = :person))",
        "UPDATE case_events SET person_id = NULL WHERE case_id = :case AND :person <> 0 AND "
        "person_id = :person AND actor = 'joiner' AND :hash IS NOT NULL"};
    unsigned char hash[SECRETS_HASH_BYTES] = {0};
    enum err e = ERR_OK;
    if (token) secrets_sha256(token, strlen(token), hash);
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++) {
        struct db_query *q;
        if ((e = db_prepare(db, statements[i], &q))) return e;
        db_bind_blob(q, ":hash", hash, sizeof hash);
        db_bind_int(q, ":person", person);
        db_bind_int(q, ":case", case_id);
        e = db_run(q, NULL);
    }
    if (!e) e = points_case_forget(db, case_id, clock_utc_ms());
    return e ? e : inbox_feed_forget(db, case_id);
}

/* ---- by whoever sent it ---------------------------------------------------------------------- */

struct work {
    const struct kinds *kinds;
    const struct cases_forgetting *forgetting;
    struct arena *arena;
    struct cases_case now;
    struct why *why;
};

/* The state to which the sender takes the case back: closed, and nothing is owed for it. */
static const char *withdrawn(const struct kinds_kind *kind, const char *state)
{
    for (size_t i = 0; i < kind->move_count; i++) {
        const struct kinds_move *m = &kind->moves[i];
        if (strcmp(kind->states[m->from].code, state) == 0 && !kind->states[m->to].open &&
            m->by == KINDS_REPORTER && !m->reason && !m->link && !m->deadline && !m->proof &&
            !m->rating)
            return kind->states[m->to].code;
    }
    return NULL;
}

static enum err take_back(struct db *db, struct work *w, const struct kinds_kind *kind)
{
    const struct kinds_state *state = kind ? kinds_state(kind, w->now.state) : NULL;
    const char *to = state && state->open ? withdrawn(kind, w->now.state) : NULL;
    int64_t photos, id = w->now.id, now_ms = w->forgetting->now_ms;
    bool repeated = false;
    enum err e = to ? cases_merge_is_repeated(db, id, &repeated) : ERR_OK;
    if (e) return e;
    if (repeated) to = NULL;
    if (to) {
        const struct cases_acting acting = {.public_id = w->now.public_id,
                                            .verb = CASES_moved,
                                            .to = to,
                                            .actor = {KINDS_REPORTER, w->forgetting->person},
                                            .now_ms = now_ms};
        if ((e = cases_act_within(db, w->kinds, &acting, w->arena, &w->now, w->why))) return e;
    }
    bool open = !to && state && state->open;
    return open ? cases_forget_sender(db, id, now_ms)
                : cases_forget_all(db, id, !kind || kind->is_private, now_ms, &photos);
}

static enum err forget_mine(struct db *db, void *user)
{
    struct work *w = user;
    const struct cases_forgetting *f = w->forgetting;
    unsigned as = 0;
    enum err e = cases_rows_find(db, f->public_id, w->arena, &w->now);
    if (!e) e = cases_sender_is(db, &w->now, f->token, f->person, &as);
    if (!e && !as) e = ERR_DENIED;
    if (!e && as & KINDS_JOINER) e = cases_forget_joiner(db, w->now.id, f->token, f->person);
    if (!e && as & KINDS_REPORTER) e = take_back(db, w, kinds_find(w->kinds, w->now.kind));
    return e;
}

enum err cases_forget_mine(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                           const struct cases_forgetting *forgetting, struct arena *arena,
                           struct why *why)
{
    struct work w = {.kinds = kinds, .forgetting = forgetting, .arena = arena, .why = why};
    enum err e = db_write(db, forget_mine, &w);
    /* It is forgotten; a file that cannot be deleted now stays doomed, and is tried again. */
    if (!e) (void)blobs_doomed_erase(db, dir, NULL, NULL);
    return e;
}
