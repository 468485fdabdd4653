#include "data/import_diff.h"

#include "geo/space/geodesic.h"

#include <stdlib.h>
#include <string.h>

/* ---- one place ---- */

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

static enum err add_move(struct import_diff *diff, struct arena *arena, struct places_row *row)
{
    if (geodesic_distance_m(diff->at, row->at) < IMPORT_DIFF_SAME_M) {
        row->at = diff->at;
        return ERR_OK;
    }
    const char *from = arena_printf(arena, "%.7f,%.7f", diff->at.lon, diff->at.lat);
    const char *to = arena_printf(arena, "%.7f,%.7f", row->at.lon, row->at.lat);
    return from && to ? add(diff, arena, "position", from, to) : ERR_NOMEM;
}

static enum err compare_place(struct db_query *q, struct places_row *row, struct arena *arena,
                              struct import_diff *diff)
{
    const struct {
        const char *field, *text;
    } fields[] = {
        {"category", row->category}, {"amenities", row->amenities},   {"name", row->name},
        {"name_en", row->name_en},   {"address", row->address},       {"phone", row->phone},
        {"hours", row->hours},       {"hours_self", row->hours_self},
    };
    enum err e = add_move(diff, arena, row);
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !e; i++)
        e = add(diff, arena, fields[i].field, db_text(q, 4 + (int)i), fields[i].text);
    return e;
}

enum err import_diff_place(struct db *db, struct places_row *row, struct arena *arena,
                           struct import_diff *diff)
{
    struct db_query *q;
    bool there = false;
    *diff = (struct import_diff){0};
    enum err e = db_prepare(db,
                            "SELECT id, vanished_ms, lon, lat, category, amenities, name, name_en, "
                            "address, phone, hours, hours_self FROM places WHERE source = :source "
                            "AND source_id = :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":id", row->source_id);
    if (!(e = db_step(q, &there)) && there) {
        diff->id = db_int(q, 0);
        diff->vanished = !db_is_null(q, 1);
        diff->at = (struct coord){db_real(q, 2), db_real(q, 3)};
        e = compare_place(q, row, arena, diff);
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
        "imports WHERE id = :import) AND import_id <> :import AND vanished_ms IS NULL ORDER BY id",
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

enum err import_diff_spare(struct db *db, int64_t import, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE places SET import_id = :import WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":import", import);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

/* ---- areas ---- */

enum err import_diff_area(struct db *db, const struct areas_row *row, struct arena *arena,
                          struct import_diff *diff)
{
    struct db_query *q;
    bool there = false;
    const char *level = arena_printf(arena, "%d", row->level);
    *diff = (struct import_diff){0};
    enum err e = level ? db_prepare(db,
                                    "SELECT id, vanished_ms, level, code, name, name_en FROM areas "
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
