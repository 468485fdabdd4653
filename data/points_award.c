#include "data/points_award.h"

#include "geo/base/text.h"
#include "geo/base/zone.h"

#include <stdio.h>
#include <string.h>

/* Bytes of a reason: a character has 4 at most. */
enum { REASON_SIZE = POINTS_REASON_MAX * 4 + 1 };

static void cut(const char *reason, char kept[REASON_SIZE])
{
    size_t at = 0, len = reason ? strlen(reason) : 0;
    for (size_t n = 0; n < POINTS_REASON_MAX && at < len; n++) {
        size_t step = text_utf8_len(reason + at, len - at);
        if (!step) break;
        at += step;
    }
    (void)snprintf(kept, REASON_SIZE, "%.*s", (int)at, reason ? reason : "");
}

/* The award that stands, or was taken back by hand; 0: none. */
static enum err find(struct db *db, const struct points_unaward *of, bool taken_too, int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT id FROM points_entries e WHERE source = :source AND source_id "
                            "= :id AND person_id = :person AND phase = 'settled' AND of_id IS NULL "
                            "AND NOT EXISTS (SELECT 1 FROM points_entries r WHERE r.of_id = e.id "
                            "AND r.phase = 'reversed' AND (NOT :taken OR r.by_id IS NULL)) LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_text(q, ":source", of->source);
    db_bind_int(q, ":id", of->source_id);
    db_bind_int(q, ":person", of->person);
    db_bind_int(q, ":taken", taken_too);
    if (!(e = db_step(q, &row))) *id = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

/* What this source gave somebody since a day, and what was not taken back of it. */
static enum err given_since(struct db *db, const struct points_award *award, int64_t day,
                            int64_t *given)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(
        db,
        "SELECT COALESCE(sum(settled - owed), 0) FROM points_entries e WHERE person_id = :person "
        "AND kind = :kind AND day >= :since AND source = :source AND phase = 'settled' AND of_id "
        "IS NULL AND NOT EXISTS (SELECT 1 FROM points_entries r WHERE r.of_id = e.id AND r.phase = "
        "'reversed')",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", award->person);
    db_bind_text(q, ":kind", award->kind);
    db_bind_int(q, ":since", day);
    db_bind_text(q, ":source", award->source);
    if (!(e = db_step(q, &row))) *given = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err apply_bounds(struct db *db, const struct points_award *award,
                             const struct points_bounds *bounds, int64_t now_ms, int64_t *amount)
{
    int64_t day = zone_time_of(now_ms).day, monday = day - ((day + 3) % 7 + 7) % 7;
    const int64_t since[] = {day, monday}, caps[] = {bounds->day_cap, bounds->week_cap};
    enum err e = ERR_OK;
    if (*amount > bounds->most) *amount = bounds->most;
    for (size_t i = 0; i < 2 && !e; i++) {
        int64_t given = 0;
        if (!caps[i]) continue;
        e = given_since(db, award, since[i], &given);
        int64_t left = caps[i] > given ? caps[i] - given : 0;
        if (!e && *amount > left) *amount = left;
    }
    return e;
}

static const struct points_bounds *bounds_of(const struct points_kind *kind, const char *source)
{
    for (int i = 0; i < POINTS_SOURCES; i++)
        if (strcmp(points_source_name((enum points_source)i), source) == 0) return &kind->bounds[i];
    return NULL;
}

static enum err give(struct db *db, const struct points_award *award,
                     const struct points_bounds *bounds, int64_t now_ms, int64_t *entry)
{
    char reason[REASON_SIZE];
    int64_t amount = award->amount;
    enum err e = apply_bounds(db, award, bounds, now_ms, &amount);
    if (e) return e;
    cut(award->reason, reason);
    struct points_entry made = {.person = award->person,
                                .kind = award->kind,
                                .phase = POINTS_settled,
                                .capped = award->amount - amount,
                                .rule = award->source,
                                .source = award->source,
                                .source_id = award->source_id,
                                .area_id = award->area_id,
                                .reason = reason,
                                .at_ms = now_ms};
    e = points_credit(db, amount, &made);
    return e ? e : points_add(db, &made, entry);
}

enum err points_award_put(struct db *db, const struct points_rules *rules,
                          const struct points_award *award, int64_t now_ms, int64_t *entry)
{
    const struct points_kind *kind = points_rules_find(rules, award->kind);
    const struct points_bounds *bounds = kind ? bounds_of(kind, award->source) : NULL;
    const struct points_unaward same = {award->person, award->source, award->source_id, ""};
    int64_t there = 0, made = 0;
    bool is_rider = false;
    if (!bounds || award->amount < 0) return ERR_INVALID;
    enum err e = points_is_rider(db, award->person, &is_rider);
    if (!e) e = find(db, &same, true, &there);
    if (!e && is_rider && !there && award->amount && bounds->most)
        e = give(db, award, bounds, now_ms, &made);
    if (!e && entry) *entry = made;
    return e;
}

enum err points_award_undo(struct db *db, const struct points_unaward *what, int64_t now_ms)
{
    int64_t id = 0;
    enum err e = find(db, what, false, &id);
    if (e || !id) return e;
    const struct points_reversal reversal = {
        .id = id, .reason = what->reason ? what->reason : "", .now_ms = now_ms};
    struct arena arena;
    arena_init(&arena, 0);
    e = points_reverse(db, &reversal, &arena, NULL, NULL);
    arena_fini(&arena);
    return e;
}
