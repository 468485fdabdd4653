#include "data/points_case.h"

#include "data/points.h"
#include "geo/base/zone.h"

#include <stdio.h>
#include <string.h>

/* What its history makes a case worth. */
enum worth { NOTHING, WAITING, GOOD };

enum { CODE_SIZE = 64 };

struct following {
    const struct points_kind *points;
    const struct points_rule *rule;
    int64_t case_id, area_id, now_ms;
    char category[CODE_SIZE];
    enum worth worth;
};

static bool has(const char *const *list, const char *state)
{
    for (; *list; list++)
        if (strcmp(*list, state) == 0) return true;
    return false;
}

/* ---- what the case is worth ------------------------------------------------------------------ */

/* A state that says nothing leaves it as it is; one that is void takes it away, until the case is
 * worth something anew. */
static enum err weigh(struct db *db, struct following *f)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT to_state FROM case_events WHERE case_id = :case AND verb IN "
                            "('moved', 'created') ORDER BY id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", f->case_id);
    while (!(e = db_step(q, &row)) && row) {
        const char *to = db_text(q, 0);
        if (has(f->rule->voided, to))
            f->worth = NOTHING;
        else if (has(f->rule->settled, to))
            f->worth = GOOD;
        else if (f->worth == NOTHING && has(f->rule->pending, to))
            f->worth = WAITING;
    }
    db_done(q);
    return e;
}

static enum err read_case(struct db *db, const struct kinds *kinds, struct following *f,
                          bool *found)
{
    const struct points_rules *rules = kinds_points(kinds);
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT kind, category, area_id FROM cases WHERE id = :case", &q);
    if (e) return e;
    db_bind_int(q, ":case", f->case_id);
    if (!(e = db_step(q, &row)) && row) {
        f->rule = points_rules_of(rules, db_text(q, 0));
        f->area_id = db_int(q, 2);
        (void)snprintf(f->category, sizeof f->category, "%s", db_text(q, 1));
    }
    db_done(q);
    *found = f->rule != NULL;
    if (f->rule) f->points = points_rules_find(rules, f->rule->points);
    return e || !f->rule ? e : weigh(db, f);
}

/* ---- who has a share ------------------------------------------------------------------------- */

/* Each once, by the greatest share. */
#define SHARERS                                                                                    \
    "(SELECT person, min(share) AS share, at FROM (SELECT reporter_id AS person, 0 AS share, "     \
    "created_ms AS at FROM cases WHERE id = :case UNION ALL SELECT person_id, 1, at_ms FROM "      \
    "case_joins WHERE case_id = :case UNION ALL SELECT reporter_id, 2, created_ms FROM cases "     \
    "WHERE duplicate_of = :case) WHERE person IS NOT NULL GROUP BY person)"

#define STANDING                                                                                   \
    "e.source = 'case' AND e.source_id = :case AND e.phase = 'pending' AND NOT EXISTS (SELECT 1 "  \
    "FROM points_entries r WHERE r.of_id = e.id AND r.phase = 'reversed') "

/* The next number that a statement of :case gives; 0: none. */
static enum err next_of(struct db *db, const char *sql, int64_t case_id, int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    if (!(e = db_step(q, &row))) *id = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

/* Reverses what stands and should not. */
static enum err reverse_each(struct db *db, const char *sql, int64_t case_id, int64_t now_ms)
{
    struct arena arena;
    int64_t id = 0;
    enum err e;
    arena_init(&arena, 0);
    while (!(e = next_of(db, sql, case_id, &id)) && id) {
        const struct points_reversal reversal = {.id = id, .reason = "", .now_ms = now_ms};
        if ((e = points_reverse(db, &reversal, &arena, NULL, NULL))) break;
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return e;
}

static enum err settle_each(struct db *db, const struct following *f)
{
    static const char sql[] =
        "SELECT e.id FROM points_entries e WHERE " STANDING
        "AND e.pending > 0 AND e.person_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "
        "points_entries s WHERE s.of_id = e.id AND s.phase = 'settled') LIMIT 1";
    int64_t id = 0;
    enum err e;
    while (!(e = next_of(db, sql, f->case_id, &id)) && id)
        if ((e = points_settle(db, id, f->now_ms))) break;
    return e;
}

/* ---- giving ---------------------------------------------------------------------------------- */

/* What the caps leave of an amount. What was reversed counts no more. */
static enum err apply_caps(struct db *db, const struct following *f, int64_t person,
                           int64_t *amount)
{
    int64_t day = zone_time_of(f->now_ms).day, monday = day - ((day + 3) % 7 + 7) % 7;
    const int64_t since[] = {day, monday}, caps[] = {f->points->day_cap, f->points->week_cap};
    enum err e = ERR_OK;
    for (size_t i = 0; i < 2 && !e; i++) {
        struct db_query *q;
        bool row;
        if (!caps[i]) continue;
        e = db_prepare(db,
                       "SELECT COALESCE(sum(pending), 0) FROM points_entries e WHERE person_id = "
                       ":person AND kind = :kind AND day >= :since AND phase = 'pending' AND NOT "
                       "EXISTS (SELECT 1 FROM points_entries r WHERE r.of_id = e.id AND r.phase = "
                       "'reversed')",
                       &q);
        if (e) return e;
        db_bind_int(q, ":person", person);
        db_bind_text(q, ":kind", f->points->code);
        db_bind_int(q, ":since", since[i]);
        if (!(e = db_step(q, &row))) {
            int64_t left = caps[i] - db_int(q, 0);
            if (left < *amount) *amount = left > 0 ? left : 0;
        }
        db_done(q);
    }
    return e;
}

static enum err give(struct db *db, const struct following *f, int64_t person,
                     enum points_share share)
{
    int64_t full = points_rules_amount(f->rule, f->category, share), amount = full;
    enum err e = apply_caps(db, f, person, &amount);
    const struct points_entry entry = {.person = person,
                                       .kind = f->points->code,
                                       .phase = POINTS_pending,
                                       .pending = amount,
                                       .capped = full - amount,
                                       .rule = f->rule->kind,
                                       .share = points_share_name(share),
                                       .source = "case",
                                       .source_id = f->case_id,
                                       .area_id = f->area_id,
                                       .at_ms = f->now_ms};
    return e ? e : points_add(db, &entry, NULL);
}

/* The next who has a share and nothing for it: whoever holds an office gets none, nor does one from
 * whom somebody took it by hand. */
static enum err next_sharer(struct db *db, const struct following *f, int64_t *person,
                            enum points_share *share)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT s.person, s.share FROM " SHARERS
        " s JOIN people p ON p.id = s.person WHERE p.disabled_ms IS NULL AND p.forgotten_ms IS "
        "NULL AND CASE s.share WHEN 0 THEN :reporter WHEN 1 THEN :joiner ELSE :repeat END > 0 AND "
        "NOT EXISTS (SELECT 1 FROM grants g WHERE g.person_id = p.id AND g.role <> 'rider') AND "
        "NOT EXISTS (SELECT 1 FROM points_entries e WHERE e.source = 'case' AND e.source_id = "
        ":case AND e.person_id = p.id AND ((e.phase = 'pending' AND NOT EXISTS (SELECT 1 FROM "
        "points_entries r WHERE r.of_id = e.id AND r.phase = 'reversed')) OR (e.phase = 'reversed' "
        "AND e.by_id IS NOT NULL))) ORDER BY s.share, s.at, s.person LIMIT 1",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", f->case_id);
    db_bind_int(q, ":reporter", points_rules_amount(f->rule, f->category, POINTS_REPORTER));
    db_bind_int(q, ":joiner", points_rules_amount(f->rule, f->category, POINTS_JOINER));
    db_bind_int(q, ":repeat", points_rules_amount(f->rule, f->category, POINTS_REPEAT));
    *person = 0;
    if (!(e = db_step(q, &row)) && row) {
        *person = db_int(q, 0);
        *share = (enum points_share)db_int(q, 1);
    }
    db_done(q);
    return e;
}

/* ---- following ------------------------------------------------------------------------------- */

static enum err follow(struct db *db, const struct kinds *kinds, int64_t case_id, int64_t now_ms)
{
    struct following f = {.case_id = case_id, .now_ms = now_ms};
    enum points_share share = POINTS_REPORTER;
    int64_t person = 0;
    bool found = false;
    enum err e = read_case(db, kinds, &f, &found);
    if (e || !found) return e;
    if (f.worth == NOTHING)
        return reverse_each(db,
                            "SELECT e.id FROM points_entries e WHERE " STANDING
                            "AND e.person_id IS NOT NULL LIMIT 1",
                            case_id, now_ms);
    /* Those that were split off, for example. */
    e = reverse_each(db,
                     "SELECT e.id FROM points_entries e WHERE " STANDING
                     "AND e.person_id IS NOT NULL AND e.person_id NOT IN (SELECT person "
                     "FROM " SHARERS ") LIMIT 1",
                     case_id, now_ms);
    while (!e && !(e = next_sharer(db, &f, &person, &share)) && person)
        e = give(db, &f, person, share);
    return e || f.worth != GOOD ? e : settle_each(db, &f);
}

enum err points_case_follow(struct db *db, const struct kinds *kinds,
                            const struct cases_case *before, int64_t now_ms)
{
    int64_t original = 0;
    if (!points_rules_of(kinds_points(kinds), before->kind)) return ERR_OK;
    enum err e = follow(db, kinds, before->id, now_ms);
    /* The one that it repeats now, and the one that it repeated. */
    if (!e)
        e = next_of(db, "SELECT duplicate_of FROM cases WHERE id = :case", before->id, &original);
    if (!e && original) e = follow(db, kinds, original, now_ms);
    if (e || !before->duplicate_of[0]) return e;
    struct db_query *q;
    bool row = false;
    int64_t was = 0;
    e = db_prepare(db, "SELECT id FROM cases WHERE public_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":id", before->duplicate_of);
    if (!(e = db_step(q, &row))) was = row ? db_int(q, 0) : 0;
    db_done(q);
    return e || !was || was == original ? e : follow(db, kinds, was, now_ms);
}

/* ---- forgetting ------------------------------------------------------------------------------ */

/* Whose they are no longer: everybody's of a case that is anonymised, else those who have no share
 * any more. */
#define FORGOTTEN                                                                                  \
    "(:all OR (e.person_id IS NOT NULL AND e.person_id NOT IN (SELECT person FROM " SHARERS ")))"

static enum err next_forgotten(struct db *db, int64_t case_id, bool all, int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT e.id FROM points_entries e WHERE " STANDING
        "AND e.person_id IS NOT NULL AND " FORGOTTEN
        " AND NOT ((:all OR e.share = 'repeat') AND EXISTS (SELECT 1 FROM points_entries s WHERE "
        "s.of_id = e.id AND s.phase = 'settled')) LIMIT 1",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":all", all);
    if (!(e = db_step(q, &row))) *id = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

static enum err unlink_rows(struct db *db, int64_t case_id, bool all)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE points_entries AS e SET source_id = NULL, at_ms = day * "
                            "86400000, reason = '' WHERE e.source = 'case' AND e.source_id = :case "
                            "AND " FORGOTTEN,
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":all", all);
    return db_run(q, NULL);
}

static enum err forget(struct db *db, int64_t case_id, int64_t now_ms)
{
    struct arena arena;
    int64_t id = 0, all = 0;
    enum err e =
        next_of(db, "SELECT anonymised_ms IS NOT NULL FROM cases WHERE id = :case", case_id, &all);
    arena_init(&arena, 0);
    while (!e && !(e = next_forgotten(db, case_id, all, &id)) && id) {
        const struct points_reversal reversal = {.id = id, .reason = "", .now_ms = now_ms};
        e = points_reverse(db, &reversal, &arena, NULL, NULL);
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return e ? e : unlink_rows(db, case_id, all);
}

/* The next, after `after`, of those that it ever repeated, also before it was carried along or
 * split off: its history names them. */
static enum err next_repeated(struct db *db, int64_t case_id, int64_t after, int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT min(c.id) FROM case_events e JOIN cases c ON c.public_id = "
                            "e.value WHERE e.case_id = :case AND e.verb IN ('moved', 'carried') "
                            "AND e.value <> '' AND c.id > :after",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":after", after);
    if (!(e = db_step(q, &row))) *id = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

enum err points_case_forget(struct db *db, int64_t case_id, int64_t now_ms)
{
    int64_t original = 0;
    enum err e = forget(db, case_id, now_ms);
    while (!e && !(e = next_repeated(db, case_id, original, &original)) && original)
        e = forget(db, original, now_ms);
    return e;
}
