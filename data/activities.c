#include "data/activities.h"

#include "data/cases_near.h"
#include "geo/space/geodesic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const states[ACTIVITIES_STATE_COUNT] = {
#define ACTIVITIES_NAME(name) [ACTIVITIES_##name] = #name,
    ACTIVITIES_STATES(ACTIVITIES_NAME)
#undef ACTIVITIES_NAME
};

const char *activities_state_name(enum activities_state state)
{
    return states[state];
}

enum err activities_state_find(const char *name, enum activities_state *state)
{
    for (int i = 0; i < ACTIVITIES_STATE_COUNT; i++)
        if (strcmp(states[i], name) == 0) {
            *state = (enum activities_state)i;
            return ERR_OK;
        }
    return ERR_NOTFOUND;
}

#define COLUMNS                                                                                    \
    "SELECT id, version, kind, state, title, title_en, body, address, area_id, branch_id, "        \
    "place_id, lon, lat, from_ms, to_ms, until_ms, seats, taken, waiting, points, reason, "        \
    "created_by, created_ms, updated_ms FROM activities "

static enum err read_row(struct db_query *q, struct arena *arena, struct activities_activity *to)
{
    struct activities_activity a = {.id = db_int(q, 0),
                                    .version = db_int(q, 1),
                                    .kind = arena_strdup(arena, db_text(q, 2)),
                                    .title = arena_strdup(arena, db_text(q, 4)),
                                    .title_en = arena_strdup(arena, db_text(q, 5)),
                                    .body = arena_strdup(arena, db_text(q, 6)),
                                    .address = arena_strdup(arena, db_text(q, 7)),
                                    .area_id = db_int(q, 8),
                                    .branch_id = db_int(q, 9),
                                    .place_id = db_int(q, 10),
                                    .has_position = !db_is_null(q, 11),
                                    .at = {db_real(q, 11), db_real(q, 12)},
                                    .from_ms = db_int(q, 13),
                                    .to_ms = db_int(q, 14),
                                    .until_ms = db_int(q, 15),
                                    .seats = db_int(q, 16),
                                    .taken = db_int(q, 17),
                                    .waiting = db_int(q, 18),
                                    .points = db_int(q, 19),
                                    .reason = arena_strdup(arena, db_text(q, 20)),
                                    .created_by = db_int(q, 21),
                                    .created_ms = db_int(q, 22),
                                    .updated_ms = db_int(q, 23)};
    if (!a.kind || !a.title || !a.title_en || !a.body || !a.address || !a.reason) return ERR_NOMEM;
    enum err e = activities_state_find(db_text(q, 3), &a.state);
    if (!e) *to = a;
    return e;
}

static enum err read_pictures(struct db *db, struct arena *arena, struct activities_activity *a)
{
    return pictures_of(db, PICTURES_activity, a->id, arena, &a->pictures, &a->picture_count);
}

enum err activities_find(struct db *db, int64_t id, struct arena *arena,
                         struct activities_activity *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : read_pictures(db, arena, found);
}

/* ---- lists ----------------------------------------------------------------------------------- */

#define BELOW(first)                                                                               \
    "(WITH RECURSIVE below (id) AS (" first " UNION SELECT a.id FROM areas a JOIN below ON "       \
    "a.parent_id = below.id) SELECT id FROM below)"
#define WANTED                                                                                     \
    "(:states >> CASE state WHEN 'draft' THEN 0 WHEN 'open' THEN 1 WHEN 'closed' THEN 2 WHEN "     \
    "'done' THEN 3 ELSE 4 END) & 1 AND (:kinds IS NULL OR kind IN (SELECT value FROM "             \
    "json_each(:kinds))) AND (:area = 0 OR area_id IN " BELOW(                                     \
        "SELECT :area") ") AND (:areas IS "                                                        \
                        "NULL OR area_id IN " BELOW(                                               \
                            "SELECT value FROM json_each(:areas)") ") AND to_ms > :from AND "      \
                                                                   "from_ms < :to AND from_ms >= " \
                                                                   ":from - :longest AND (NOT "    \
                                                                   ":placed OR lat IS NOT NULL) "

/* Nothing lasts longer: what began before that is not read. */
static const int64_t longest_ms = ACTIVITIES_DAYS_MAX * (int64_t)86400000;

static void bind_filter(struct db_query *q, const struct activities_filter *f)
{
    db_bind_int(q, ":states", f->states);
    db_bind_text(q, ":kinds", f->kinds);
    db_bind_int(q, ":area", f->area_id);
    db_bind_text(q, ":areas", f->areas);
    db_bind_int(q, ":from", f->from_ms);
    db_bind_int(q, ":longest", longest_ms);
    db_bind_int(q, ":placed", f->placed);
    db_bind_int(q, ":to", f->to_ms ? f->to_ms : INT64_MAX);
}

enum err activities_list(struct db *db, const struct activities_filter *f, struct arena *arena,
                         const struct activities_activity **list, size_t *count, bool *more)
{
    struct activities_activity *made = arena_calloc(arena, f->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            f->latest_first
                                ? COLUMNS "WHERE " WANTED "AND (from_ms, id) < (:after, :id) ORDER "
                                          "BY from_ms DESC, id DESC LIMIT :limit"
                                : COLUMNS "WHERE " WANTED "AND (from_ms, id) > (:after, :id) ORDER "
                                          "BY from_ms, id LIMIT :limit",
                            &q);
    if (e) return e;
    int64_t begin = f->latest_first ? INT64_MAX : INT64_MIN;
    bind_filter(q, f);
    db_bind_int(q, ":after", f->has_cursor ? f->after_ms : begin);
    db_bind_int(q, ":id", f->has_cursor ? f->after_id : begin);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
    while (n <= f->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    *more = n > f->limit;
    *count = *more ? f->limit : n;
    for (size_t i = 0; i < *count && !e; i++)
        e = read_pictures(db, arena, &made[i]);
    *list = made;
    return e;
}

/* ---- near ------------------------------------------------------------------------------------ */

struct spot {
    int64_t id, mm;
};

int64_t activities_near_mm(double distance_m)
{
    return (int64_t)llround(distance_m * 1000);
}

static int by_distance(const void *a, const void *b)
{
    const struct spot *x = a, *y = b;
    if (x->mm != y->mm) return x->mm < y->mm ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

static bool is_behind(const struct activities_filter *f, const struct spot *s)
{
    const struct spot last = {f->after_id, f->after_ms};
    return !f->has_cursor || by_distance(s, &last) > 0;
}

static enum err collect(struct db *db, const struct activities_filter *f, struct coord at,
                        double radius_m, struct spot *spots, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT id, lon, lat FROM activities WHERE lat BETWEEN :south AND "
                            ":north AND lon BETWEEN :west AND :east AND " WANTED
                            "ORDER BY from_ms, id LIMIT :limit",
                            &q);
    if (e) return e;
    cases_near_bind(q, at, radius_m);
    bind_filter(q, f);
    db_bind_int(q, ":limit", ACTIVITIES_NEAR_MAX);
    while (n < ACTIVITIES_NEAR_MAX && !(e = db_step(q, &row)) && row) {
        double d = geodesic_distance_m(at, (struct coord){db_real(q, 1), db_real(q, 2)});
        spots[n] = (struct spot){db_int(q, 0), activities_near_mm(d)};
        if (d <= radius_m && is_behind(f, &spots[n])) n++;
    }
    db_done(q);
    *count = n;
    return e;
}

enum err activities_list_near(struct db *db, const struct activities_filter *f, struct coord at,
                              double radius_m, struct arena *arena,
                              const struct activities_near **list, size_t *count, bool *more)
{
    struct spot *spots = arena_calloc(arena, ACTIVITIES_NEAR_MAX, sizeof *spots);
    struct activities_near *made = arena_calloc(arena, f->limit, sizeof *made);
    size_t found = 0;
    if (!spots || !made) return ERR_NOMEM;
    enum err e = collect(db, f, at, radius_m, spots, &found);
    if (e) return e;
    qsort(spots, found, sizeof *spots, by_distance);
    size_t shown = found < f->limit ? found : f->limit, n = 0;
    for (size_t i = 0; i < shown && !e; i++) {
        e = activities_find(db, spots[i].id, arena, &made[n].activity);
        made[n].distance_m = (double)spots[i].mm / 1000;
        if (e == ERR_NOTFOUND)
            e = ERR_OK; /* a draft that was deleted meanwhile */
        else
            n++;
    }
    if (e) return e;
    *more = found > f->limit;
    *count = n;
    *list = made;
    return ERR_OK;
}
