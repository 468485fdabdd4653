#include "data/points_flags.h"

#include "geo/space/geodesic.h"

#include <string.h>

/* The report that the points are for. */
struct sent {
    bool has_position;
    struct coord at;
    double accuracy_m;
    int64_t at_ms;
};

static enum err read_sent(struct db *db, const struct points_entry *award, struct sent *sent)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT lon, lat, accuracy_m, created_ms FROM cases WHERE id = :case", &q);
    if (e) return e;
    db_bind_int(q, ":case", award->source_id);
    if (!(e = db_step(q, &row)) && row)
        *sent = (struct sent){
            !db_is_null(q, 0), {db_real(q, 0), db_real(q, 1)}, db_real(q, 2), db_int(q, 3)};
    db_done(q);
    return e ? e : row ? ERR_OK : ERR_NOTFOUND;
}

static bool is_public(const struct kinds *kinds, const char *code)
{
    const struct kinds_kind *kind = kinds_find(kinds, code);
    return kind && !kind->is_private;
}

/* From where they sent the one before. */
static enum err find_travel(struct db *db, const struct kinds *kinds,
                            const struct points_entry *award, const struct sent *sent,
                            struct arena *arena, struct points_travel *travel)
{
    struct db_query *q;
    bool row = false;
    if (!sent->has_position) return ERR_OK;
    enum err e = db_prepare(db,
                            "SELECT public_id, kind, area_id, lon, lat, accuracy_m, created_ms "
                            "FROM cases WHERE reporter_id = :person AND (created_ms, id) < (:at, "
                            ":case) AND created_ms >= :since AND lon IS NOT NULL ORDER BY "
                            "created_ms DESC, id DESC",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", award->person);
    db_bind_int(q, ":at", sent->at_ms);
    db_bind_int(q, ":case", award->source_id);
    db_bind_int(q, ":since", sent->at_ms - POINTS_FLAGS_TRAVEL_S * (int64_t)1000);
    while (!(e = db_step(q, &row)) && row && !is_public(kinds, db_text(q, 1)))
        ;
    if (!e && row) {
        const struct coord from = {db_real(q, 3), db_real(q, 4)};
        double apart = geodesic_distance_m(from, sent->at) - db_real(q, 5) - sent->accuracy_m;
        double seconds = (double)(sent->at_ms - db_int(q, 6)) / 1000;
        double kmh = apart / (seconds < 1 ? 1 : seconds) * 3.6;
        if (apart > POINTS_FLAGS_APART_M && kmh > POINTS_FLAGS_KMH)
            *travel = (struct points_travel){arena_strdup(arena, db_text(q, 0)),
                                             arena_strdup(arena, db_text(q, 1)),
                                             db_int(q, 2),
                                             apart,
                                             seconds,
                                             kmh};
        if (apart > POINTS_FLAGS_APART_M && kmh > POINTS_FLAGS_KMH &&
            (!travel->report || !travel->kind))
            e = ERR_NOMEM;
    }
    db_done(q);
    return e;
}

/* How much they sent and joined up to a moment. */
static enum err find_burst(struct db *db, const struct kinds *kinds,
                           const struct points_entry *award, int64_t at_ms, int64_t *burst)
{
    struct db_query *q;
    bool row = false;
    int64_t count = 0;
    enum err e = db_prepare(
        db,
        "SELECT kind, count(*) FROM cases WHERE reporter_id = :person AND created_ms > :since AND "
        "created_ms <= :at GROUP BY kind UNION ALL SELECT c.kind, count(*) FROM case_joins j JOIN "
        "cases c ON c.id = j.case_id WHERE j.person_id = :person AND j.at_ms > :since AND j.at_ms "
        "<= :at GROUP BY c.kind",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", award->person);
    db_bind_int(q, ":at", at_ms);
    db_bind_int(q, ":since", at_ms - POINTS_FLAGS_BURST_S * (int64_t)1000);
    while (!(e = db_step(q, &row)) && row)
        if (is_public(kinds, db_text(q, 0))) count += db_int(q, 1);
    db_done(q);
    if (!e && count >= POINTS_FLAGS_BURST) *burst = count;
    return e;
}

/* When a joiner joined; else when the points began to wait. */
static enum err joined_at(struct db *db, const struct points_entry *award, int64_t *at_ms)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT at_ms FROM case_joins WHERE case_id = :case AND person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":case", award->source_id);
    db_bind_int(q, ":person", award->person);
    if (!(e = db_step(q, &row))) *at_ms = row ? db_int(q, 0) : award->at_ms;
    db_done(q);
    return e;
}

static enum err is_settled(struct db *db, const struct points_entry *award, bool *settled)
{
    struct db_query *q;
    enum err e =
        db_prepare(db, "SELECT 1 FROM points_entries WHERE of_id = :id AND phase = 'settled'", &q);
    if (e) return e;
    db_bind_int(q, ":id", award->id);
    e = db_step(q, settled);
    db_done(q);
    return e;
}

/* Photos of a private case say that there is one. */
static void leave_private(const struct kinds *kinds, struct photo_reuse *reused, size_t *count)
{
    size_t n = 0;
    for (size_t i = 0; i < *count; i++)
        if (is_public(kinds, reused[i].kind)) reused[n++] = reused[i];
    *count = n;
}

enum err points_flags_find(struct db *db, const struct kinds *kinds,
                           const struct points_entry *award, struct arena *arena,
                           struct points_flags *flags, bool *any)
{
    struct points_flags found = {0};
    struct photo_reuse *reused = NULL;
    struct sent sent = {0};
    bool reporter = strcmp(award->share, "reporter") == 0;
    *any = false;
    if (!award->source_id || !award->person) return ERR_OK;
    enum err e = reporter ? read_sent(db, award, &sent) : joined_at(db, award, &sent.at_ms);
    if (e == ERR_NOTFOUND) return ERR_OK;
    if (!e && reporter)
        e = photo_reuse_find(db, award->source_id, arena, &reused, &found.reused_count);
    if (!e) leave_private(kinds, reused, &found.reused_count);
    found.reused = reused;
    if (!e && reporter) e = find_travel(db, kinds, award, &sent, arena, &found.travel);
    if (reporter && sent.accuracy_m >= POINTS_FLAGS_ACCURACY_M) found.accuracy_m = sent.accuracy_m;
    if (!e) e = find_burst(db, kinds, award, sent.at_ms, &found.burst);
    if (!e) e = is_settled(db, award, &found.settled);
    if (e) return e;
    *any = found.reused_count || found.travel.report || found.accuracy_m > 0 || found.burst;
    *flags = found;
    return ERR_OK;
}
