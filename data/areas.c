#include "data/areas.h"

#include "data/changes.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"

#include <stdlib.h>
#include <string.h>

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- going in --- */

static enum err check_text(const char *field, const char *text, size_t max, struct why *why)
{
    size_t n = strnlen(or_empty(text), max + 1);
    if (n > max) return err_say(why, ERR_INVALID, "%s is longer than %zu bytes", field, max);
    if (!text_utf8_valid(or_empty(text), n))
        return err_say(why, ERR_INVALID, "%s is not valid UTF-8", field);
    return ERR_OK;
}

static enum err check(const struct areas_row *row, struct why *why)
{
    enum err e = check_text("source", row->source, 60, why);
    if (!e) e = check_text("source_id", row->source_id, 200, why);
    if (!e) e = check_text("code", row->code, 40, why);
    if (!e) e = check_text("name", row->name, 300, why);
    if (!e) e = check_text("name_en", row->name_en, 300, why);
    if (e) return e;
    if (!or_empty(row->source)[0] || !or_empty(row->source_id)[0])
        return err_say(why, ERR_INVALID, "source and source_id must not be empty");
    if (row->level < 2 || row->level > 11)
        return err_say(why, ERR_RANGE, "level %d is not within 2 to 11", row->level);
    if (!row->wkb || !row->wkb_len) return err_say(why, ERR_INVALID, "the area has no geometry");
    return ERR_OK;
}

static void bind_row(struct db_query *q, const struct areas_row *row)
{
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":source_id", row->source_id);
    db_bind_int(q, ":level", row->level);
    db_bind_text(q, ":code", or_empty(row->code));
    db_bind_text(q, ":name", or_empty(row->name));
    db_bind_text(q, ":name_en", or_empty(row->name_en));
    db_bind_int(q, ":parent", row->parent_id);
    db_bind_blob(q, ":wkb", row->wkb, row->wkb_len);
}

/* Whether the stored row says the same. A parent of 0 leaves the stored one as it is. */
static enum err look(struct db *db, const struct areas_row *row, int64_t *id, bool *same)
{
    struct db_query *q;
    bool there = false;
    enum err e = db_prepare(
        db,
        "SELECT id, vanished_ms IS NULL AND level = :level AND code = :code AND name = :name AND "
        "name_en = :name_en AND (:parent = 0 OR (parent_given AND parent_id = :parent)) AND "
        "ST_AsBinary(geom) = "
        "ST_AsBinary(ST_GeomFromWKB(:wkb, 4326)) FROM areas WHERE source = :source AND source_id = "
        ":source_id",
        &q);
    if (e) return e;
    bind_row(q, row);
    if (!(e = db_step(q, &there))) {
        *id = there ? db_int(q, 0) : 0;
        *same = there && db_int(q, 1) == 1;
    }
    db_done(q);
    return e;
}

static enum err insert(struct db *db, const struct areas_row *row, int64_t *id)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO areas (source, source_id, level, code, name, name_en, "
                            "parent_id, parent_given, created_ms, updated_ms, geom) VALUES "
                            "(:source, :source_id, :level, :code, :name, :name_en, NULLIF(:parent, "
                            "0), :parent <> 0, :now, :now, "
                            "ST_GeomFromWKB(:wkb, 4326))",
                            &q);
    if (e) return e;
    bind_row(q, row);
    db_bind_int(q, ":now", clock_utc_ms());
    if (!(e = db_run(q, NULL))) *id = db_last_id(db);
    return e;
}

static enum err update(struct db *db, const struct areas_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE areas SET level = :level, code = :code, name = :name, name_en "
                            "= :name_en, parent_id = CASE WHEN :parent = 0 THEN parent_id ELSE "
                            ":parent END, parent_given = parent_given OR :parent <> 0, "
                            "vanished_ms = NULL, updated_ms = :now, geom = "
                            "ST_GeomFromWKB(:wkb, 4326) WHERE source = :source AND source_id = "
                            ":source_id",
                            &q);
    if (e) return e;
    bind_row(q, row);
    db_bind_int(q, ":now", clock_utc_ms());
    return db_run(q, NULL);
}

enum err areas_put(struct db *db, const struct areas_row *row, struct areas_counts *counts,
                   int64_t *id, struct why *why)
{
    int64_t found = 0;
    bool same = false;
    enum err e = check(row, why);
    if (e) return e;
    e = look(db, row, &found, &same);
    bool there = found != 0;
    if (!e && !there) e = insert(db, row, &found);
    if (!e && there && !same) e = update(db, row);
    if (e == ERR_CONFLICT)
        return err_say(why, ERR_INVALID, "the geometry is no multipolygon, or the parent unknown");
    if (e) return err_say(why, e, "the database: %s", db_error(db));
    if (same)
        counts->unchanged++;
    else if (there)
        counts->changed++;
    else
        counts->added++;
    if (id) *id = found;
    return ERR_OK;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static enum err mark_vanished(struct db *db, int64_t id)
{
    struct db_query *q;
    enum err e =
        db_prepare(db, "UPDATE areas SET vanished_ms = :now, updated_ms = :now WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

enum err areas_prune(struct db *db, const char *source, const int64_t *ids, size_t count,
                     struct areas_counts *counts)
{
    struct db_query *q;
    bool row = false;
    int64_t *sorted = malloc((count ? count : 1) * sizeof *sorted);
    if (!sorted) return ERR_NOMEM;
    if (count) memcpy(sorted, ids, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_ids);
    enum err e = db_prepare(
        db, "SELECT id FROM areas WHERE source = :source AND vanished_ms IS NULL ORDER BY id", &q);
    if (!e) {
        db_bind_text(q, ":source", source);
        while (!e && !(e = db_step(q, &row)) && row) {
            int64_t id = db_int(q, 0);
            if (bsearch(&id, sorted, count, sizeof *sorted, compare_ids)) continue;
            e = mark_vanished(db, id);
            if (!e) counts->vanished++;
        }
        db_done(q);
    }
    free(sorted);
    return e;
}

enum err areas_link(struct db *db)
{
    /* The level decides what lies above what; of several, the finest and then the smallest. */
    return db_exec(db, "UPDATE areas SET parent_id = (SELECT p.id FROM areas p WHERE p.level < "
                       "areas.level AND p.vanished_ms IS NULL AND ST_Covers(p.geom, "
                       "ST_PointOnSurface(areas.geom)) = 1 ORDER BY p.level DESC, ST_Area(p.geom), "
                       "p.id LIMIT 1) WHERE NOT parent_given AND vanished_ms IS NULL");
}

enum err areas_import_end(struct db *db, const struct areas_counts *counts)
{
    if (!(counts->added || counts->changed || counts->vanished)) return ERR_OK;
    return changes_add(db, CHANGES_areas, 0, "imported");
}

/* --- coming out --- */

struct loading {
    struct arena arena;
    struct area *areas;
    struct polygon **polygons;
    size_t count, room;
    struct why *why;
};

static enum err count_areas(struct db *db, size_t *count)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT count(*) FROM areas WHERE vanished_ms IS NULL", &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *count = (size_t)db_int(q, 0);
    db_done(q);
    return e;
}

static enum err load_row(struct loading *l, struct db_query *q)
{
    struct area *area = &l->areas[l->count];
    struct why said = {""};
    bool mended;
    size_t len;
    *area = (struct area){
        .id = db_int(q, 0),
        .level = (int)db_int(q, 1),
        .code = arena_strdup(&l->arena, db_text(q, 2)),
        .name = arena_strdup(&l->arena, db_text(q, 3)),
        .name_en = arena_strdup(&l->arena, db_text(q, 4)),
        .parent_id = db_int(q, 5),
    };
    if (!area->code || !area->name || !area->name_en) return ERR_NOMEM;
    const void *wkb = db_blob(q, 6, &len);
    enum err e = polygon_from_wkb(wkb, len, &l->polygons[l->count], &mended, &said);
    if (e)
        return err_say(l->why, e, "area %lld (%s): %s", (long long)area->id, area->name, said.text);
    l->count++;
    return ERR_OK;
}

static enum err load_rows(struct db *db, void *user)
{
    struct loading *l = user;
    struct db_query *q;
    bool row = false;
    enum err e = count_areas(db, &l->room);
    if (e) return e;
    l->areas = arena_calloc(&l->arena, l->room + 1, sizeof *l->areas);
    l->polygons = calloc(l->room + 1, sizeof *l->polygons);
    if (!l->areas || !l->polygons) return ERR_NOMEM;
    e = db_prepare(db,
                   "SELECT id, level, code, name, name_en, parent_id, ST_AsBinary(geom) FROM areas "
                   "WHERE vanished_ms IS NULL ORDER BY id",
                   &q);
    if (e) return e;
    while (l->count < l->room && !(e = db_step(q, &row)) && row && !(e = load_row(l, q)))
        ;
    db_done(q);
    return e;
}

enum err areas_load(struct db *db, struct areaset **set, struct why *why)
{
    struct loading l = {.why = why};
    arena_init(&l.arena, 0);
    enum err e = db_read(db, load_rows, &l);
    if (e) {
        for (size_t i = 0; i < l.count; i++)
            polygon_free(l.polygons[i]);
        if (why && !why->text[0]) (void)err_say(why, e, "cannot load the areas: %s", err_text(e));
    } else {
        e = areaset_new(l.areas, l.polygons, l.count, set);
        if (e) (void)err_say(why, e, "cannot load the areas: %s", err_text(e));
    }
    free(l.polygons);
    arena_fini(&l.arena);
    return e;
}

enum err areas_find(struct db *db, const char *code_or_name, int64_t *id)
{
    struct db_query *q;
    bool row = false, second = false;
    int64_t first = 0;
    /* A code is unique and stands before names. */
    enum err e = db_prepare(db,
                            "SELECT id, code = :text FROM areas WHERE vanished_ms IS NULL AND "
                            ":text <> '' AND (code = :text OR name = :text OR name_en = :text) "
                            "ORDER BY code = :text DESC, id LIMIT 2",
                            &q);
    if (e) return e;
    db_bind_text(q, ":text", code_or_name);
    if (!(e = db_step(q, &row)) && row) {
        first = db_int(q, 0);
        bool by_code = db_int(q, 1) == 1;
        e = db_step(q, &second);
        if (!e && second && by_code && db_int(q, 1) == 0) second = false;
    }
    db_done(q);
    if (e) return e;
    if (!row) return ERR_NOTFOUND;
    if (second) return ERR_CONFLICT;
    *id = first;
    return ERR_OK;
}
