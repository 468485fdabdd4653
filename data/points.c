#include "data/points.h"

#include "data/changes.h"
#include "data/points_rank.h"
#include "geo/base/zone.h"

#include <string.h>

static const char *const phases[POINTS_PHASE_COUNT] = {
#define POINTS_NAME(name) [POINTS_##name] = #name,
    POINTS_PHASES(POINTS_NAME)
#undef POINTS_NAME
};

const char *points_phase_name(enum points_phase phase)
{
    return phases[phase];
}

int64_t points_amount(const struct points_entry *entry)
{
    int64_t good = entry->settled - entry->owed;
    return entry->phase == POINTS_settled ? good : entry->pending + good;
}

/* ---- reading --------------------------------------------------------------------------------- */

enum err points_balance(struct db *db, int64_t person, const char *kind,
                        struct points_balance *balance)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT sum(pending), sum(settled), sum(owed) FROM points_entries "
                            "INDEXED BY points_entries_balance WHERE person_id = :person AND kind "
                            "= :kind",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_text(q, ":kind", kind);
    if (!(e = db_step(q, &row)))
        *balance = (struct points_balance){db_int(q, 0), db_int(q, 1), db_int(q, 2)};
    db_done(q);
    return e;
}

#define COLUMNS                                                                                    \
    "SELECT e.id, e.person_id, e.kind, e.phase, e.pending, e.settled, e.owed, e.capped, e.of_id, " \
    "e.rule, e.share, e.source, e.source_id, CASE e.source WHEN 'case' THEN (SELECT public_id "    \
    "FROM cases WHERE id = e.source_id) END, e.area_id, e.by_id, e.reason, e.day, e.at_ms FROM "   \
    "points_entries e "

static enum err read_row(struct db_query *q, struct arena *arena, struct points_entry *entry)
{
    struct points_entry n = {.id = db_int(q, 0),
                             .person = db_int(q, 1),
                             .pending = db_int(q, 4),
                             .settled = db_int(q, 5),
                             .owed = db_int(q, 6),
                             .capped = db_int(q, 7),
                             .of = db_int(q, 8),
                             .source_id = db_int(q, 12),
                             .area_id = db_int(q, 14),
                             .by = db_int(q, 15),
                             .day = db_int(q, 17),
                             .at_ms = db_int(q, 18)};
    for (int i = 0; i < POINTS_PHASE_COUNT; i++)
        if (strcmp(phases[i], db_text(q, 3)) == 0) n.phase = (enum points_phase)i;
    n.kind = arena_strdup(arena, db_text(q, 2));
    n.rule = arena_strdup(arena, db_text(q, 9));
    n.share = arena_strdup(arena, db_text(q, 10));
    n.source = arena_strdup(arena, db_text(q, 11));
    n.report = arena_strdup(arena, db_text(q, 13));
    n.reason = arena_strdup(arena, db_text(q, 16));
    if (!n.kind || !n.rule || !n.share || !n.source || !n.report || !n.reason) return ERR_NOMEM;
    *entry = n;
    return ERR_OK;
}

enum err points_find(struct db *db, int64_t id, struct arena *arena, struct points_entry *entry)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE e.id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, entry) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err points_list(struct db *db, const struct points_filter *filter, struct arena *arena,
                     const struct points_entry **entries, size_t *count, bool *more)
{
    struct points_entry *list = arena_calloc(arena, filter->limit + 1, sizeof *list);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        filter->report ? COLUMNS
            "WHERE e.source = 'case' AND e.source_id = (SELECT id FROM cases WHERE public_id = "
            ":report) AND (:person = 0 OR e.person_id = :person) AND (:kind IS NULL OR e.kind = "
            ":kind) AND (NOT :awards OR e.phase = 'pending') AND e.id < :before ORDER BY e.id "
            "DESC LIMIT :limit"
        : filter->person ? COLUMNS
            "WHERE e.person_id = :person AND (:kind IS NULL OR e.kind = :kind) AND (NOT :awards OR "
            "e.phase = 'pending') AND e.id < :before AND :report IS NULL ORDER BY e.id DESC LIMIT "
            ":limit"
        : filter->only_awards
            ? COLUMNS "WHERE e.phase = 'pending' AND :awards AND NOT EXISTS (SELECT 1 FROM "
                      "points_entries r WHERE r.of_id = e.id AND r.phase = 'reversed') AND (:kind "
                      "IS NULL OR e.kind = :kind) "
                      "AND e.id < :before AND :report IS NULL AND :person = 0 ORDER BY e.id DESC "
                      "LIMIT :limit"
            : COLUMNS "WHERE (:kind IS NULL OR e.kind = :kind) AND NOT :awards AND e.id < :before "
                      "AND :report IS NULL AND :person = 0 ORDER BY e.id DESC LIMIT :limit",
        &q);
    if (e) return e;
    db_bind_text(q, ":report", filter->report);
    db_bind_int(q, ":person", filter->person);
    db_bind_text(q, ":kind", filter->kind);
    db_bind_int(q, ":awards", filter->only_awards);
    db_bind_int(q, ":before", filter->before ? filter->before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)filter->limit + 1);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &list[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *entries = list;
    return ERR_OK;
}

/* ---- adding ---------------------------------------------------------------------------------- */

static void bind(struct db_query *q, const struct points_entry *n)
{
    db_bind_int(q, ":person", n->person);
    db_bind_text(q, ":kind", n->kind);
    db_bind_text(q, ":phase", phases[n->phase]);
    db_bind_int(q, ":pending", n->pending);
    db_bind_int(q, ":settled", n->settled);
    db_bind_int(q, ":owed", n->owed);
    db_bind_int(q, ":capped", n->capped);
    db_bind_int(q, ":of", n->of);
    db_bind_text(q, ":rule", n->rule);
    db_bind_text(q, ":share", n->share ? n->share : "");
    db_bind_text(q, ":source", n->source);
    db_bind_int(q, ":source_id", n->source_id);
    db_bind_int(q, ":area", n->area_id);
    db_bind_int(q, ":by", n->by);
    db_bind_text(q, ":reason", n->reason ? n->reason : "");
    db_bind_int(q, ":day", zone_time_of(n->at_ms).day);
    db_bind_int(q, ":at", n->at_ms);
}

/* Without the rankings. */
static enum err insert(struct db *db, const struct points_entry *entry, int64_t *id)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO points_entries (person_id, kind, phase, pending, settled, owed, capped, "
        "of_id, rule, share, source, source_id, area_id, by_id, reason, day, at_ms) VALUES "
        "(:person, :kind, :phase, :pending, :settled, :owed, :capped, NULLIF(:of, 0), :rule, "
        ":share, :source, NULLIF(:source_id, 0), NULLIF(:area, 0), NULLIF(:by, 0), :reason, :day, "
        ":at)",
        &q);
    if (e) return e;
    bind(q, entry);
    e = db_run(q, NULL);
    if (e) return e;
    int64_t made = db_last_id(db);
    if (id) *id = made;
    /* What comes of a case is told by the case's own row, and by no other, which would say whose it
     * was when that is forgotten. */
    if (strcmp(entry->source, "case") == 0 && !entry->by) return ERR_OK;
    return changes_add(db, CHANGES_points, made, phases[entry->phase]);
}

/* What a row earns counts where and when it was earned. */
static enum err count(struct db *db, const struct points_entry *of, int64_t earned, int64_t at_day)
{
    const struct points_earned e = {.person = of->person,
                                    .kind = of->kind,
                                    .area_id = of->area_id,
                                    .day = at_day,
                                    .earned = earned};
    return earned ? points_rank_count(db, &e) : ERR_OK;
}

enum err points_add(struct db *db, const struct points_entry *entry, int64_t *id)
{
    enum err e = insert(db, entry, id);
    if (e || entry->phase != POINTS_settled) return e;
    return count(db, entry, entry->settled - entry->owed, zone_time_of(entry->at_ms).day);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

enum err points_credit(struct db *db, int64_t amount, struct points_entry *entry)
{
    struct points_balance now = {0};
    enum err e = points_balance(db, entry->person, entry->kind, &now);
    int64_t paid = least(now.owed, amount);
    entry->settled = amount - paid;
    entry->owed = -paid;
    return e;
}

enum err points_settle(struct db *db, int64_t id, int64_t now_ms)
{
    struct points_entry was;
    struct arena arena;
    arena_init(&arena, 0);
    enum err e = points_find(db, id, &arena, &was);
    if (!e && was.phase != POINTS_pending) e = ERR_CONFLICT;
    struct points_entry settled = e ? (struct points_entry){0} : was;
    if (!e) {
        settled.phase = POINTS_settled;
        settled.of = id;
        settled.pending = -was.pending;
        settled.capped = 0;
        settled.by = 0;
        settled.reason = "";
        settled.at_ms = now_ms;
        e = points_credit(db, was.pending, &settled);
    }
    if (!e) e = points_add(db, &settled, NULL);
    arena_fini(&arena);
    return e;
}

/* ---- taking back ----------------------------------------------------------------------------- */

/* The row that settled, or reversed, another. */
static enum err find_next(struct db *db, int64_t of, enum points_phase phase, struct arena *arena,
                          struct points_entry *entry, bool *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE e.of_id = :of AND e.phase = :phase", &q);
    if (e) return e;
    db_bind_int(q, ":of", of);
    db_bind_text(q, ":phase", phases[phase]);
    e = db_step(q, found);
    if (!e && *found) e = read_row(q, arena, entry);
    db_done(q);
    return e;
}

/* What a reversal of `was` takes: of what waits all, of what was made good as much as is there. */
static enum err weigh(struct db *db, const struct points_entry *was, bool is_good,
                      struct points_entry *reversed)
{
    struct points_balance now = {0};
    int64_t amount = points_amount(was);
    if (!is_good) {
        reversed->pending = -amount;
        return ERR_OK;
    }
    enum err e = points_balance(db, was->person, was->kind, &now);
    reversed->settled = -least(now.settled, amount);
    reversed->owed = amount + reversed->settled;
    return e;
}

enum err points_reverse(struct db *db, const struct points_reversal *reversal, struct arena *arena,
                        int64_t *id, struct why *why)
{
    struct points_entry first, good = {0}, before;
    bool is_good = false, is_done = false;
    enum err e = points_find(db, reversal->id, arena, &first);
    if (!e && first.phase == POINTS_settled && first.of)
        e = points_find(db, first.of, arena, &first);
    if (e == ERR_NOTFOUND) return err_say(why, e, "there is no such entry");
    if (!e && first.phase != POINTS_pending && first.phase != POINTS_settled)
        return err_say(why, ERR_CONFLICT,
                       "an entry that is %s is not reversed: only what was given is",
                       phases[first.phase]);
    if (!e && !first.person) return err_say(why, ERR_CONFLICT, "whose entry it was is forgotten");
    if (!e) e = find_next(db, first.id, POINTS_reversed, arena, &before, &is_done);
    if (!e && is_done) return err_say(why, ERR_CONFLICT, "the entry was reversed already");
    if (!e && first.phase == POINTS_settled) {
        good = first;
        is_good = true;
    } else if (!e)
        e = find_next(db, first.id, POINTS_settled, arena, &good, &is_good);
    if (e) return e;
    struct points_entry reversed = first;
    reversed.phase = POINTS_reversed;
    reversed.of = first.id;
    reversed.pending = reversed.settled = reversed.owed = reversed.capped = 0;
    reversed.by = reversal->by;
    reversed.reason = reversal->reason;
    reversed.at_ms = reversal->now_ms;
    e = weigh(db, is_good ? &good : &first, is_good, &reversed);
    if (!e) e = insert(db, &reversed, id);
    return e || !is_good ? e : count(db, &first, -points_amount(&good), good.day);
}

enum err points_is_rider(struct db *db, int64_t person, bool *is)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM people WHERE id = :person AND disabled_ms IS NULL AND "
                            "forgotten_ms IS NULL AND NOT EXISTS (SELECT 1 FROM grants WHERE "
                            "person_id = people.id AND role <> 'rider')",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    e = db_step(q, is);
    db_done(q);
    return e;
}
