#include "data/import_store.h"

#include "data/import_diff.h"
#include "data/import_shrink.h"
#include "data/places_rows.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 4096 };

/* What an import has done so far, for either kind. */
struct work {
    struct import_store *store;
    struct db *db;
    int64_t import;
    struct arena arena; /* of the present row's comparison */
    uint64_t vanished;
};

static bool go_on(const struct import_store *store, const char *stage, size_t i, size_t total)
{
    return i % EVERY != 0 || progress_say(store->progress, stage, i, total);
}

/* ---- lines ---- */

static enum err refuse(struct work *w, const struct import_kept *kept, const char *id,
                       const char *name, const char *why)
{
    const struct import_line line = {.fate = IMPORT_FATE_refused,
                                     .line = kept->line,
                                     .source_id = id,
                                     .name = name,
                                     .note = why};
    enum err e = import_report_add(w->store->report, &line);
    if (e || !w->store->options->strict) return e;
    return err_say(w->store->why, ERR_INVALID, "row %" PRIu64 ": %s", kept->line, why);
}

/* An error of one row becomes that row's refusal; others end the import. */
static enum err judge(struct work *w, const struct import_kept *kept, const char *id,
                      const char *name, enum err e, const struct why *why)
{
    if (e == ERR_INVALID || e == ERR_RANGE || e == ERR_FORMAT)
        return refuse(w, kept, id, name, *why->text ? why->text : err_text(e));
    if (*why->text) *w->store->why = *why;
    return e;
}

static enum import_fate fate_of(uint64_t added, uint64_t changed)
{
    return added ? IMPORT_FATE_created : changed ? IMPORT_FATE_updated : IMPORT_FATE_unchanged;
}

/* What is worth knowing of a row that was taken. */
static const char *note_of(struct work *w, const struct import_kept *kept,
                           const struct import_diff *diff)
{
    struct buf text;
    buf_init(&text, 2000);
    if (diff->vanished) buf_puts(&text, "it was gone and is back");
    if (diff->removed)
        buf_printf(&text, "%sstaff took it off the map and it stays off",
                   diff->vanished ? "; " : "");
    for (int f = 0, n = 0; f < PLACES_FIELD_COUNT; f++)
        if (diff->held >> f & 1)
            buf_printf(&text, "%s%s",
                       n++        ? ", "
                       : text.len ? "; as staff set it: "
                                  : "as staff set it: ",
                       places_field_name((enum places_field)f));
    if (*kept->note) buf_printf(&text, "%s%s", text.len ? "; " : "", kept->note);
    const char *made = text.len ? arena_strndup(&w->arena, text.bytes, text.len) : "";
    buf_fini(&text);
    return made;
}

static enum err tell(struct work *w, const struct import_kept *kept, enum import_fate fate,
                     const struct import_diff *diff, const char *id, const char *name)
{
    const char *note = note_of(w, kept, diff);
    const struct import_line line = {.fate = fate,
                                     .line = kept->line,
                                     .id = diff->id,
                                     .source_id = id,
                                     .name = name,
                                     .note = note,
                                     .changes = diff->changes,
                                     .change_count = fate == IMPORT_FATE_updated ? diff->count : 0};
    return note ? import_report_add(w->store->report, &line) : ERR_NOMEM;
}

/* ---- places ---- */

/* Whether the caller may do to a place what the row does. */
static bool may(const struct work *w, const struct places_row *row, const struct import_diff *diff)
{
    const struct import_ogr_options *options = w->store->options;
    if (!options->may) return true;
    return options->may(options->user, row->at) &&
           (!diff->id || options->may(options->user, diff->at));
}

static enum err put_place(struct work *w, struct import_kept *kept, struct places_counts *counts)
{
    struct places_row *row = &kept->as.place;
    struct places_counts one = {0};
    struct import_diff diff;
    struct why why = {""};
    arena_reset(&w->arena);
    enum err e = import_diff_place(w->db, row, kept->said, &w->arena, &diff);
    if (e) return e;
    if (may(w, row, &diff))
        e = places_put(w->db, w->import, w->store->options->categories, row, &one, &why);
    else
        e = err_say(&why, ERR_INVALID, "it lies in an area that is not yours");
    if (e) {
        /* It is in the file, so it is not missing. */
        enum err spared = diff.id ? places_rows_touch(w->db, w->import, diff.id) : ERR_OK;
        return spared ? spared : judge(w, kept, row->source_id, row->name, e, &why);
    }
    counts->added += one.added;
    counts->changed += one.changed;
    counts->unchanged += one.unchanged;
    return tell(w, kept, fate_of(one.added, one.changed), &diff, row->source_id, row->name);
}

/* What is gone; a row that was refused may have been about it. */
static enum err tell_gone(struct work *w, const struct import_line *line)
{
    struct import_line gone = *line;
    if (w->store->unsure)
        gone.note = "it may be in a row that was refused and has no id: mend that row, or give the "
                    "list ids";
    w->vanished++;
    return import_report_add(w->store->report, &gone);
}

static enum err on_missing(void *user, const struct import_line *line, struct coord at)
{
    struct work *w = user;
    const struct import_ogr_options *options = w->store->options;
    if (options->may && !options->may(options->user, at))
        return places_rows_touch(w->db, w->import, line->id);
    return tell_gone(w, line);
}

/* What is in the file and cannot be used stays as it was. */
static enum err spare_refused(struct work *w)
{
    const struct import_store *store = w->store;
    enum err e = ERR_OK;
    for (size_t i = 0; i < store->refused_count && !e; i++)
        e = go_on(store, "refused rows", i, store->refused_count)
                ? import_diff_spare_named(w->db, w->import, store->options->source,
                                          store->refused[i])
                : ERR_CANCELLED;
    return e;
}

static enum err store_places(struct work *w)
{
    struct import_store *store = w->store;
    const struct import_ogr_options *options = store->options;
    struct places_counts counts = {0};
    enum err e = ERR_OK;
    for (size_t i = 0; i < store->count && !e; i++)
        e = go_on(store, "rows", i, store->count) ? put_place(w, &store->items[i], &counts)
                                                  : ERR_CANCELLED;
    if (!e) e = spare_refused(w);
    if (!e && !options->keep_missing) e = import_diff_missing(w->db, w->import, on_missing, w);
    if (!e && !options->keep_missing) e = places_prune(w->db, w->import, &counts);
    if (!e)
        e = import_shrink_check(options->allow_shrink, "places", options->source, counts.vanished,
                                counts.changed + counts.unchanged, store->why);
    return e ? e : places_import_end(w->db, w->import, &counts);
}

/* ---- areas ---- */

static enum err put_area(struct work *w, struct import_kept *kept, struct areas_counts *counts,
                         int64_t *id)
{
    struct areas_row *row = &kept->as.area;
    struct areas_counts one = {0};
    struct import_diff diff;
    struct why why = {""};
    arena_reset(&w->arena);
    enum err e = import_diff_area(w->db, row, &w->arena, &diff);
    if (e) return e;
    *id = diff.id; /* one that is refused stays as it was */
    e = areas_put(w->db, row, &one, id, &why);
    if (e) return judge(w, kept, row->source_id, row->name, e, &why);
    counts->added += one.added;
    counts->changed += one.changed;
    counts->unchanged += one.unchanged;
    if (one.changed && !diff.count && !diff.vanished)
        diff.changes[diff.count++] = (struct import_change){"outline", "", "another"};
    return tell(w, kept, fate_of(one.added, one.changed), &diff, row->source_id, row->name);
}

static enum err on_missing_area(void *user, const struct import_line *line)
{
    return tell_gone(user, line);
}

/* Those of the file, and those that it has and that cannot be used; 0 where there is none. */
static enum err put_areas(struct work *w, struct areas_counts *counts, int64_t *ids)
{
    struct import_store *store = w->store;
    enum err e = ERR_OK;
    for (size_t i = 0; i < store->count && !e; i++)
        e = go_on(store, "rows", i, store->count) ? put_area(w, &store->items[i], counts, &ids[i])
                                                  : ERR_CANCELLED;
    for (size_t i = 0; i < store->refused_count && !e; i++)
        e = go_on(store, "refused rows", i, store->refused_count)
                ? import_diff_area_id(w->db, store->options->source, store->refused[i],
                                      &ids[store->count + i])
                : ERR_CANCELLED;
    return e;
}

static enum err store_areas(struct work *w)
{
    struct import_store *store = w->store;
    const struct import_ogr_options *options = store->options;
    struct areas_counts counts = {0};
    size_t kept = store->count + store->refused_count;
    int64_t *ids = calloc(kept + 1, sizeof *ids);
    enum err e = ids ? put_areas(w, &counts, ids) : ERR_NOMEM;
    if (!e && !options->keep_missing)
        e = import_diff_missing_areas(w->db, options->source, ids, kept, on_missing_area, w);
    if (!e && !options->keep_missing) e = areas_prune(w->db, options->source, ids, kept, &counts);
    if (!e)
        e = import_shrink_check(options->allow_shrink, "areas", options->source, counts.vanished,
                                counts.changed + counts.unchanged, store->why);
    if (!e) e = areas_link(w->db);
    if (!e) e = areas_import_end(w->db, &counts);
    free(ids);
    return e;
}

/* ---- all ---- */

static enum err store_all(struct db *db, void *user)
{
    struct import_store *store = user;
    const struct import_ogr_options *options = store->options;
    struct work w = {.store = store, .db = db};
    arena_init(&w.arena, 0);
    enum err e = places_import_begin(db, options->source, store->file, &w.import);
    if (!e) e = store->kind == IMPORT_OGR_PLACES ? store_places(&w) : store_areas(&w);
    arena_fini(&w.arena);
    import_report_sort(store->report);
    if (!e && !options->dry_run && options->seal) e = options->seal(options->user, db, w.import);
    if (e || !options->dry_run) return e;
    store->undone = true;
    return ERR_CANCELLED; /* so that nothing of it stays */
}

static const char *first_refusal(const struct import_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->lines[i].fate == IMPORT_FATE_refused) return report->lines[i].note;
    return "see the report";
}

/* Whether what was read may be stored at all. */
static enum err check(const struct import_store *store)
{
    const struct import_report *report = store->report;
    uint64_t bad = report->fates[IMPORT_FATE_refused] + report->fates[IMPORT_FATE_duplicate];
    if (report->rows == 0) return err_say(store->why, ERR_INVALID, "%s has no rows", store->file);
    if (store->count == 0)
        return err_say(store->why, ERR_INVALID, "%s: none of its %" PRIu64 " rows can be used: %s",
                       store->file, report->rows, first_refusal(report));
    if (store->options->strict && bad)
        return err_say(store->why, ERR_INVALID,
                       "%s: %" PRIu64 " of %" PRIu64
                       " rows cannot be used, so nothing was imported",
                       store->file, bad, report->rows);
    return ERR_OK;
}

enum err import_store_run(struct import_store *store, struct db *db)
{
    enum err e = check(store);
    if (e) return e;
    e = db_write(db, store_all, store);
    if (store->undone) return ERR_OK;
    if (e && e != ERR_CANCELLED && !*store->why->text)
        return err_say(store->why, e, "%s", db_error(db));
    return e;
}
