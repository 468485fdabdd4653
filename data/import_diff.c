#include "data/import_diff.h"

#include "data/export_shape.h"
#include "data/places_rows.h"
#include "geo/space/geodesic.h"

#include <stdlib.h>
#include <string.h>

static const unsigned all_fields = (1u << PLACES_FIELD_COUNT) - 1;

static enum err add(struct import_diff *diff, struct arena *arena, const char *field,
                    const char *from, const char *to)
{
    if (strcmp(from, to) == 0) return ERR_OK;
    const char *kept = arena_strdup(arena, from);
    if (!kept) return ERR_NOMEM;
    if (diff->count < IMPORT_DIFF_CHANGES)
        diff->changes[diff->count++] = (struct import_change){field, kept, to};
    return ERR_OK;
}

/* ---- one place ---- */

/* What a field says, as text; NULL without memory. */
static const char *value_of(const struct places_row *row, enum places_field field,
                            struct arena *arena)
{
    const char *text = NULL;
    switch (field) {
    case PLACES_location:
        return arena_printf(arena, "%.7f,%.7f", row->at.lon, row->at.lat);
    case PLACES_capacity:
        return row->capacity ? arena_printf(arena, "%lld", (long long)row->capacity) : "";
    case PLACES_category:
        text = row->category;
        break;
    case PLACES_amenities:
        text = row->amenities;
        break;
    case PLACES_name:
        text = row->name;
        break;
    case PLACES_name_en:
        text = row->name_en;
        break;
    case PLACES_names:
        text = row->names;
        break;
    case PLACES_address:
        text = row->address;
        break;
    case PLACES_phone:
        text = row->phone;
        break;
    case PLACES_hours:
        text = row->hours;
        break;
    case PLACES_hours_self:
        text = row->hours_self;
        break;
    case PLACES_FIELD_COUNT:
        break;
    }
    return text ? text : "";
}

static enum err compare(const struct places_row *before, struct places_row *row, unsigned said,
                        struct arena *arena, struct import_diff *diff)
{
    places_rows_take(row, before, all_fields & ~said);
    if (geodesic_distance_m(before->at, row->at) < IMPORT_DIFF_SAME_M) row->at = before->at;
    unsigned differ = places_rows_compare(before, row, all_fields);
    diff->held = differ & before->held;
    for (int f = 0; f < PLACES_FIELD_COUNT; f++) {
        enum places_field field = (enum places_field)f;
        if (!(differ >> f & 1) || diff->held >> f & 1) continue;
        const char *from = value_of(before, field, arena), *to = value_of(row, field, arena);
        enum err e = from && to ? add(diff, arena, places_field_name(field), from, to) : ERR_NOMEM;
        if (e) return e;
    }
    return ERR_OK;
}

enum err import_diff_place(struct db *db, struct places_row *row, unsigned said,
                           struct arena *arena, struct import_diff *diff)
{
    struct places_row before;
    struct db_query *q;
    bool there = false;
    *diff = (struct import_diff){0};
    enum err e = db_prepare(
        db, "SELECT " PLACES_ROWS_COLUMNS " FROM places WHERE source = :source AND source_id = :id",
        &q);
    if (e) return e;
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":id", row->source_id);
    if (!(e = db_step(q, &there)) && there && !(e = places_rows_read(q, arena, &before))) {
        diff->id = before.id;
        diff->vanished = before.vanished;
        diff->removed = before.removed;
        diff->at = before.at;
        e = compare(&before, row, said, arena, diff);
    }
    db_done(q);
    return e;
}

enum err import_diff_missing(struct db *db, int64_t import,
                             enum err (*each)(void *user, const struct import_line *line,
                                              struct coord at),
                             void *user)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT id, source_id, name, lon, lat FROM places WHERE source = (SELECT source FROM "
        "imports WHERE id = :import) AND import_id <> :import AND vanished_ms IS NULL AND "
        "instr(held, 'kept') = 0 ORDER BY id",
        &q);
    if (e) return e;
    db_bind_int(q, ":import", import);
    while (!(e = db_step(q, &row)) && row) {
        const struct import_line line = {.fate = IMPORT_FATE_vanished,
                                         .id = db_int(q, 0),
                                         .source_id = db_text(q, 1),
                                         .name = db_text(q, 2),
                                         .note = ""};
        if ((e = each(user, &line, (struct coord){db_real(q, 3), db_real(q, 4)}))) break;
    }
    db_done(q);
    return e;
}

enum err import_diff_spare_named(struct db *db, int64_t import, const char *source,
                                 const char *source_id)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE places SET import_id = :import WHERE source = :source AND "
                            "source_id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":import", import);
    db_bind_text(q, ":source", source);
    db_bind_text(q, ":id", source_id);
    return db_run(q, NULL);
}

/* ---- areas ---- */

enum err import_diff_area_id(struct db *db, const char *source, const char *source_id, int64_t *id)
{
    struct db_query *q;
    bool there = false;
    enum err e =
        db_prepare(db, "SELECT id FROM areas WHERE source = :source AND source_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":source", source);
    db_bind_text(q, ":id", source_id);
    if (!(e = db_step(q, &there))) *id = there ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

/* The stored outline, in the arena, where the row's is the same. */
static enum err keep_outline(struct db_query *q, int column, struct areas_row *row,
                             struct arena *arena)
{
    size_t len = 0;
    const void *stored = db_blob(q, column, &len);
    if (!export_shape_same(stored, len, row->wkb, row->wkb_len, IMPORT_DIFF_SAME_DEG))
        return ERR_OK;
    void *copy = arena_alloc(arena, len);
    if (!copy) return ERR_NOMEM;
    memcpy(copy, stored, len);
    row->wkb = copy;
    row->wkb_len = len;
    return ERR_OK;
}

enum err import_diff_area(struct db *db, struct areas_row *row, struct arena *arena,
                          struct import_diff *diff)
{
    struct db_query *q;
    bool there = false;
    const char *level = arena_printf(arena, "%d", row->level);
    *diff = (struct import_diff){0};
    enum err e = level ? db_prepare(db,
                                    "SELECT id, vanished_ms, level, code, name, name_en, "
                                    "ST_AsBinary(geom) FROM areas "
                                    "WHERE source = :source AND source_id = :id",
                                    &q)
                       : ERR_NOMEM;
    if (e) return e;
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":id", row->source_id);
    if (!(e = db_step(q, &there)) && there) {
        diff->id = db_int(q, 0);
        diff->vanished = !db_is_null(q, 1);
        e = add(diff, arena, "level", db_text(q, 2), level);
        if (!e) e = add(diff, arena, "code", db_text(q, 3), row->code);
        if (!e) e = add(diff, arena, "name", db_text(q, 4), row->name);
        if (!e) e = add(diff, arena, "name_en", db_text(q, 5), row->name_en);
        if (!e) e = keep_outline(q, 6, row, arena);
    }
    db_done(q);
    return e;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

enum err import_diff_missing_areas(struct db *db, const char *source, const int64_t *ids,
                                   size_t count,
                                   enum err (*each)(void *user, const struct import_line *line),
                                   void *user)
{
    struct db_query *q;
    bool row = false;
    int64_t *sorted = malloc((count + 1) * sizeof *sorted);
    if (!sorted) return ERR_NOMEM;
    if (count) memcpy(sorted, ids, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_ids);
    enum err e = db_prepare(db,
                            "SELECT id, source_id, name FROM areas WHERE source = :source AND "
                            "vanished_ms IS NULL ORDER BY id",
                            &q);
    if (!e) {
        db_bind_text(q, ":source", source);
        while (!e && !(e = db_step(q, &row)) && row) {
            const struct import_line line = {.fate = IMPORT_FATE_vanished,
                                             .id = db_int(q, 0),
                                             .source_id = db_text(q, 1),
                                             .name = db_text(q, 2),
                                             .note = ""};
            if (!bsearch(&line.id, sorted, count, sizeof *sorted, compare_ids))
                e = each(user, &line);
        }
        db_done(q);
    }
    free(sorted);
    return e;
}
