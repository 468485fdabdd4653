#include "data/changes.h"
#include "data/places_rows.h"
#include "geo/base/clock.h"

static const unsigned all_fields = (1u << PLACES_FIELD_COUNT) - 1;

enum err places_import_begin(struct db *db, const char *source, const char *file, int64_t *import)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "INSERT INTO imports (source, file, began_ms) VALUES (:source, :file, :now)", &q);
    if (e) return e;
    db_bind_text(q, ":source", source);
    db_bind_text(q, ":file", file ? file : "");
    db_bind_int(q, ":now", clock_utc_ms());
    if (!(e = db_run(q, NULL))) *import = db_last_id(db);
    return e;
}

enum err places_import_end(struct db *db, int64_t import, const struct places_counts *counts)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE imports SET ended_ms = :now, added = :added, changed = "
                            ":changed, unchanged = :unchanged, vanished = :vanished WHERE id = "
                            ":import",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":added", (int64_t)counts->added);
    db_bind_int(q, ":changed", (int64_t)counts->changed);
    db_bind_int(q, ":unchanged", (int64_t)counts->unchanged);
    db_bind_int(q, ":vanished", (int64_t)counts->vanished);
    db_bind_int(q, ":import", import);
    e = db_run(q, NULL);
    if (e || !(counts->added || counts->changed || counts->vanished)) return e;
    return changes_add(db, CHANGES_places, 0, "imported");
}

/* Runs a statement over what a source has and an import did not bring. */
static enum err run_missing(struct db *db, const char *sql, int64_t import, int64_t *changed)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":import", import);
    return db_run(q, changed);
}

#define MISSING                                                                                    \
    "WHERE source = (SELECT source FROM imports WHERE id = :import) AND import_id <> :import AND " \
    "vanished_ms IS NULL AND instr(held, 'kept') = 0"

enum err places_prune(struct db *db, int64_t import, struct places_counts *counts)
{
    int64_t changed = 0;
    enum err e = run_missing(db,
                             "INSERT INTO place_events (place_id, version, at_ms, verb, actor, "
                             "import_id) SELECT id, version + 1, :now, 'vanished', 'source', "
                             ":import FROM places " MISSING,
                             import, NULL);
    if (!e)
        e = run_missing(db,
                        "UPDATE places SET vanished_ms = :now, updated_ms = :now, version = "
                        "version + 1 " MISSING,
                        import, &changed);
    if (!e) counts->vanished += (uint64_t)changed;
    return e;
}

static enum err insert(struct db *db, int64_t import, const struct places_row *row)
{
    struct places_row made = *row;
    made.held = 0;
    made.kept = false;
    return places_rows_insert(db, import, clock_utc_ms(), &made);
}

/* What the source says now, but for what is held. */
static enum err change(struct db *db, int64_t import, const struct places_row *before,
                       const struct places_row *row)
{
    const struct places_by by = {.actor = "source", .now_ms = clock_utc_ms()};
    struct places_row after = *before;
    places_rows_take(&after, row, all_fields & ~before->held);
    after.vanished = false;
    after.version++;
    enum err e = places_rows_update(db, import, by.now_ms, &after);
    const struct places_rows_event event = {.before = before,
                                            .after = &after,
                                            .verb = before->vanished ? "returned" : "imported",
                                            .by = &by,
                                            .import = import};
    return e ? e : places_rows_event(db, &event);
}

/* What the database has of a place, as far as an import needs it. */
struct found {
    bool there, same;
    struct places_row row; /* read only when something differs */
};

static enum err find(struct db *db, const struct places_row *row, struct arena *arena,
                     struct found *found)
{
    struct db_query *q;
    bool kept;
    enum err e = db_prepare(db,
                            "SELECT " PLACES_ROWS_COLUMNS
                            " FROM places WHERE source = :source AND source_id = :source_id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":source_id", row->source_id);
    e = db_step(q, &found->there);
    if (!e && found->there) {
        unsigned differ = places_rows_differ(q, row) & ~places_rows_held(q, &kept);
        found->same = !differ && !places_rows_vanished(q);
        found->row.id = db_int(q, 0);
        if (!found->same) e = places_rows_read(q, arena, &found->row);
    }
    db_done(q);
    return e;
}

static enum err put(struct db *db, int64_t import, const struct places_row *row,
                    struct arena *arena, struct found *found)
{
    enum err e = find(db, row, arena, found);
    if (e) return e;
    if (!found->there) return insert(db, import, row);
    return found->same ? places_rows_touch(db, import, found->row.id)
                       : change(db, import, &found->row, row);
}

enum err places_put(struct db *db, int64_t import, const struct categories *categories,
                    const struct places_row *row, struct places_counts *counts, struct why *why)
{
    struct arena arena;
    struct found found = {.there = false};
    enum err e = places_rows_check(categories, row, all_fields, why);
    if (e) return e;
    arena_init(&arena, 0);
    e = put(db, import, row, &arena, &found);
    arena_fini(&arena);
    if (e) return err_say(why, e, "the database: %s", db_error(db));
    if (!found.there)
        counts->added++;
    else if (found.same)
        counts->unchanged++;
    else
        counts->changed++;
    return ERR_OK;
}
