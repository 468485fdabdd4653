#include "data/retention.h"

#include "data/blobs_doomed.h"
#include "data/cases_forget.h"
#include "data/changes_trim.h"

/* Cases of one transaction; their files are deleted in the next, so that neither holds the writer's
 * turn for long. */
enum { BATCH = 10 };
static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

/* Cases of one kind in one state, from one id on. */
struct batch {
    const struct kinds_kind *kind;
    const struct kinds_state *state;
    int64_t now_ms;
    bool all, dry; /* all that they say, or their photos */
    int64_t after;
    int64_t ids[BATCH], photos[BATCH];
    size_t count;
    struct retention_counts *counts;
    const struct datadir *dir;
};

/* Closed before there was a note of when: the last change is not earlier. */
#define CLOSED "COALESCE(c.closed_ms, c.updated_ms)"
#define OF_STATE                                                                                   \
    "SELECT c.id, (SELECT count(*) FROM photos p WHERE p.case_id = c.id) FROM cases c WHERE "      \
    "c.kind = :kind AND c.state = :state AND c.anonymised_ms IS NULL AND c.id > :after AND "
#define IN_ORDER " ORDER BY c.id LIMIT :limit"

static enum err find(struct db *db, struct batch *b)
{
    struct db_query *q;
    bool row = false;
    int64_t days = b->all ? b->kind->keep_days : b->kind->keep_photo_days;
    enum err e =
        db_prepare(db,
                   b->all ? OF_STATE "(" CLOSED " < :before OR c.forgotten_ms IS NOT NULL)" IN_ORDER
                          : OF_STATE CLOSED
                       " < :before AND " CLOSED " >= :kept AND c.forgotten_ms IS NULL AND EXISTS "
                       "(SELECT 1 FROM photos p WHERE p.case_id = c.id)" IN_ORDER,
                   &q);
    if (e) return e;
    db_bind_text(q, ":kind", b->kind->code);
    db_bind_text(q, ":state", b->state->code);
    db_bind_int(q, ":after", b->after);
    db_bind_int(q, ":before", days ? b->now_ms - days * day_ms : INT64_MIN);
    db_bind_int(q, ":limit", BATCH);
    if (!b->all)
        db_bind_int(q, ":kept",
                    b->kind->keep_days ? b->now_ms - b->kind->keep_days * day_ms : INT64_MIN);
    for (b->count = 0; b->count < BATCH && !(e = db_step(q, &row)) && row; b->count++) {
        b->ids[b->count] = db_int(q, 0);
        b->photos[b->count] = db_int(q, 1);
    }
    db_done(q);
    return e;
}

/* Found and done under one turn: what was opened again meanwhile is not found. */
static enum err forget(struct db *db, void *user)
{
    struct batch *b = user;
    enum err e = find(db, b);
    for (size_t i = 0; i < b->count && !e && !b->dry; i++)
        e = b->all ? cases_forget_all(db, b->ids[i], b->kind->is_private, b->now_ms, &b->photos[i])
                   : cases_forget_photos(db, b->ids[i], &b->photos[i]);
    return e;
}

static enum err go_over(struct db *db, struct batch *b, const struct progress *progress)
{
    do {
        int64_t photos = 0;
        enum err e = b->dry ? find(db, b) : db_write(db, forget, b);
        if (e) return e;
        for (size_t i = 0; i < b->count; i++)
            photos += b->photos[i];
        if (photos && !b->dry) (void)blobs_doomed_erase(db, b->dir, NULL, NULL); /* see the end */
        b->counts->photos += photos;
        if (b->all) b->counts->cases += (int64_t)b->count;
        if (b->count) b->after = b->ids[b->count - 1];
        if (!progress_say(progress, "forgetting", (uint64_t)b->counts->cases, 0))
            return ERR_CANCELLED;
    } while (b->count == BATCH);
    return ERR_OK;
}

/* Cases whose time is over go with their photos, which are then not counted twice. */
static enum err go_over_state(struct db *db, struct batch b, const struct progress *progress)
{
    int64_t kept = b.kind->keep_days, photos = b.kind->keep_photo_days;
    b.all = true;
    enum err e = go_over(db, &b, progress);
    if (e || !photos || (kept && kept <= photos)) return e;
    b.all = false;
    b.after = 0;
    return go_over(db, &b, progress);
}

/* Answers to requests whose sender will not ask again. */
static enum err forget_answers(struct db *db, void *user)
{
    const int64_t *now_ms = user;
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM idempotency WHERE expires_ms <= :now", &q);
    if (e) return e;
    db_bind_int(q, ":now", *now_ms);
    return db_run(q, NULL);
}

enum err retention_run(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                       int64_t now_ms, bool dry, const struct progress *progress,
                       struct retention_counts *counts, struct why *why)
{
    enum err e = ERR_OK;
    *counts = (struct retention_counts){0};
    for (size_t k = 0; k < kinds_count(kinds) && !e; k++) {
        const struct kinds_kind *kind = kinds_at(kinds, k);
        for (size_t s = 0; s < kind->state_count && !e; s++) {
            const struct batch b = {.kind = kind,
                                    .state = &kind->states[s],
                                    .now_ms = now_ms,
                                    .dry = dry,
                                    .dir = dir,
                                    .counts = counts};
            if (!kind->states[s].open) e = go_over_state(db, b, progress);
        }
    }
    if (!e && !dry) e = db_write(db, forget_answers, &now_ms);
    if (!e && !dry) e = changes_trim(db, now_ms, progress, &counts->changes);
    if (!e && !dry) e = blobs_doomed_erase(db, dir, NULL, why); /* also what is left from before */
    if (e && e != ERR_CANCELLED && why && !why->text[0])
        return err_say(why, e, "the database: %s", db_error(db));
    return e;
}
