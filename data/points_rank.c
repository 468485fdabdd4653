#include "data/points_rank.h"

#include "data/changes.h"

#include <time.h>

static const char *const periods[POINTS_PERIODS] = {"week", "month", "year"};

const char *points_period_name(enum points_period period)
{
    return periods[period];
}

int64_t points_period_start(enum points_period period, int64_t day)
{
    enum { DAY_S = 86400, WEEK = 7, FIRST_WEEKDAY = 3 /* of 1970: a Thursday, from Monday */ };
    time_t seconds = (time_t)(day * DAY_S);
    struct tm date;
    if (period == POINTS_WEEK) return day - ((day + FIRST_WEEKDAY) % WEEK + WEEK) % WEEK;
    if (!gmtime_r(&seconds, &date)) return day;
    return day - (period == POINTS_MONTH ? date.tm_mday - 1 : date.tm_yday);
}

/* ---- counting -------------------------------------------------------------------------------- */

static enum err count_in(struct db *db, const struct points_earned *earned,
                         enum points_period period)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "WITH RECURSIVE up (id, depth) AS (SELECT :area, 0 WHERE :area <> 0 UNION ALL SELECT "
        "a.parent_id, depth + 1 FROM up JOIN areas a ON a.id = up.id WHERE a.parent_id IS NOT NULL "
        "AND depth < 16) INSERT INTO points_tally (period, start, kind, area_id, person_id, "
        "earned) SELECT :period, :start, :kind, id, :person, :earned FROM (SELECT DISTINCT id FROM "
        "up UNION ALL SELECT 0) WHERE true ON CONFLICT DO UPDATE SET earned = earned + "
        "excluded.earned",
        &q);
    if (e) return e;
    db_bind_int(q, ":area", earned->area_id);
    db_bind_text(q, ":period", periods[period]);
    db_bind_int(q, ":start", points_period_start(period, earned->day));
    db_bind_text(q, ":kind", earned->kind);
    db_bind_int(q, ":person", earned->person);
    db_bind_int(q, ":earned", earned->earned);
    return db_run(q, NULL);
}

enum err points_rank_count(struct db *db, const struct points_earned *earned)
{
    enum err e = ERR_OK;
    for (int p = 0; p < POINTS_PERIODS && !e; p++)
        e = count_in(db, earned, (enum points_period)p);
    return e;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void bind(struct db_query *q, const struct points_ranking *ranking)
{
    db_bind_text(q, ":period", periods[ranking->period]);
    db_bind_int(q, ":start", ranking->start);
    db_bind_text(q, ":kind", ranking->kind);
    db_bind_int(q, ":area", ranking->area_id);
}

#define IN_IT "period = :period AND start = :start AND kind = :kind AND area_id = :area "

/* `skip` stand before the first of the list. */
static enum err give_ranks(struct db *db, const struct points_ranking *ranking, int64_t skip,
                           struct points_ranked *list, size_t count)
{
    struct db_query *q;
    bool row;
    int64_t above = 0;
    if (!count) return ERR_OK;
    enum err e =
        db_prepare(db, "SELECT count(*) FROM points_tally WHERE " IN_IT "AND earned > :earned", &q);
    if (e) return e;
    bind(q, ranking);
    db_bind_int(q, ":earned", list[0].earned);
    if (!(e = db_step(q, &row))) above = db_int(q, 0);
    db_done(q);
    for (size_t i = 0; i < count; i++)
        list[i].rank = list[i].earned == list[0].earned       ? above + 1
                       : list[i].earned == list[i - 1].earned ? list[i - 1].rank
                                                              : skip + (int64_t)i + 1;
    return e;
}

enum err points_rank_list(struct db *db, const struct points_ranking *ranking, int64_t skip,
                          size_t limit, struct arena *arena, const struct points_ranked **list,
                          size_t *count, bool *more)
{
    struct points_ranked *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        "SELECT t.person_id, t.earned, CASE WHEN n.hidden THEN '' ELSE n.name END FROM "
        "points_tally t LEFT JOIN points_names n ON n.person_id = t.person_id WHERE " IN_IT
        "AND earned > 0 ORDER BY earned DESC, t.person_id LIMIT :limit OFFSET :skip",
        &q);
    if (e) return e;
    bind(q, ranking);
    db_bind_int(q, ":skip", skip);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    for (; n <= limit && !(e = db_step(q, &row)) && row; n++) {
        made[n] = (struct points_ranked){.person = db_int(q, 0),
                                         .earned = db_int(q, 1),
                                         .name = arena_strdup(arena, db_text(q, 2))};
        if (!made[n].name) {
            e = ERR_NOMEM;
            break;
        }
    }
    db_done(q);
    size_t shown = n > limit ? limit : n;
    if (!e) e = give_ranks(db, ranking, skip, made, shown);
    if (e) return e;
    *list = made;
    *count = shown;
    *more = n > limit;
    return ERR_OK;
}

enum err points_rank_of(struct db *db, const struct points_ranking *ranking, int64_t person,
                        struct points_ranked *own)
{
    struct db_query *q;
    bool row = false;
    struct points_ranked made = {.person = person, .name = ""};
    enum err e = db_prepare(
        db, "SELECT earned FROM points_tally WHERE " IN_IT "AND person_id = :person AND earned > 0",
        &q);
    if (e) return e;
    bind(q, ranking);
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row))) made.earned = row ? db_int(q, 0) : 0;
    db_done(q);
    if (!e && !row) return ERR_NOTFOUND;
    if (!e) e = give_ranks(db, ranking, 0, &made, 1);
    if (!e) *own = made;
    return e;
}

/* ---- names ----------------------------------------------------------------------------------- */

enum err points_rank_name(struct db *db, int64_t person, struct arena *arena,
                          struct points_name *name)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT name, hidden FROM points_names WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)))
        *name = (struct points_name){arena_strdup(arena, row ? db_text(q, 0) : ""),
                                     row && db_int(q, 1)};
    db_done(q);
    return e ? e : name->name ? ERR_OK : ERR_NOMEM;
}

struct naming {
    int64_t person;
    const struct points_name *name;
};

static enum err set_name(struct db *db, void *user)
{
    const struct naming *n = user;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO points_names (person_id, name, hidden) VALUES (:person, "
                            ":name, :hidden) ON CONFLICT DO UPDATE SET name = excluded.name, "
                            "hidden = excluded.hidden",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", n->person);
    db_bind_text(q, ":name", n->name->name);
    db_bind_int(q, ":hidden", n->name->hidden);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_points, n->person, "named");
}

enum err points_rank_set_name(struct db *db, int64_t person, const struct points_name *name)
{
    struct naming n = {person, name};
    return db_write(db, set_name, &n);
}
