#include "data/imports.h"

#include "geo/base/clock.h"

#include <string.h>

enum { REPORT_BYTES = 64 << 20 };

/* ---- going in ---- */

/* The report in both forms, and its hash. */
struct pages {
    struct buf json, csv;
    unsigned char outcome[SECRETS_HASH_BYTES];
    bool overlong; /* it is not kept; an import does not fail for that */
};

static enum err write_pages(const struct import_report *report, struct pages *pages)
{
    struct jsonw json;
    buf_init(&pages->json, REPORT_BYTES);
    buf_init(&pages->csv, REPORT_BYTES);
    jsonw_init(&json, &pages->json);
    import_report_write_json(report, &json);
    import_report_write_csv(report, &pages->csv);
    enum err e = pages->json.err ? pages->json.err : pages->csv.err;
    if (e && e != ERR_LIMIT) return e;
    secrets_sha256(pages->json.bytes, pages->json.len, pages->outcome);
    pages->overlong = e == ERR_LIMIT;
    return ERR_OK;
}

static void fini_pages(struct pages *pages)
{
    buf_fini(&pages->json);
    buf_fini(&pages->csv);
}

/* Old reports make room, and old dry runs go. */
static enum err tidy(struct db *db)
{
    struct db_query *q;
    static const char *const statements[] = {
        "UPDATE imports SET report = NULL, report_csv = NULL WHERE report IS NOT NULL AND id <= "
        "(SELECT id FROM imports WHERE report IS NOT NULL ORDER BY id DESC LIMIT 1 OFFSET :kept)",
        "DELETE FROM imports WHERE dry_run AND id <= (SELECT id FROM imports WHERE dry_run ORDER "
        "BY id DESC LIMIT 1 OFFSET :kept)",
    };
    enum err e = ERR_OK;
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++) {
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":kept", IMPORTS_KEPT);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err fill(struct db *db, int64_t import, const struct imports_note *note,
                     const struct pages *pages)
{
    struct db_query *q;
    const uint64_t *fates = note->report->fates;
    enum err e = db_prepare(
        db,
        "UPDATE imports SET kind = :kind, dry_run = :dry, person_id = NULLIF(:person, 0), ended_ms "
        "= :now, added = :created, changed = :updated, unchanged = :unchanged, vanished = "
        ":vanished, refused = :refused, duplicates = :duplicates, error = :error, digest = "
        ":digest, outcome = :outcome, report = :report, report_csv = :csv WHERE id = :id",
        &q);
    if (e) return e;
    db_bind_text(q, ":kind", note->kind == IMPORT_OGR_PLACES ? "places" : "areas");
    db_bind_int(q, ":dry", note->dry_run);
    db_bind_int(q, ":person", note->person);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":created", (int64_t)fates[IMPORT_FATE_created]);
    db_bind_int(q, ":updated", (int64_t)fates[IMPORT_FATE_updated]);
    db_bind_int(q, ":unchanged", (int64_t)fates[IMPORT_FATE_unchanged]);
    db_bind_int(q, ":vanished", (int64_t)fates[IMPORT_FATE_vanished]);
    db_bind_int(q, ":refused", (int64_t)fates[IMPORT_FATE_refused]);
    db_bind_int(q, ":duplicates", (int64_t)fates[IMPORT_FATE_duplicate]);
    db_bind_text(q, ":error", note->report->error);
    if (note->digest)
        db_bind_blob(q, ":digest", note->digest, SECRETS_HASH_BYTES);
    else
        db_bind_null(q, ":digest");
    db_bind_blob(q, ":outcome", pages->outcome, SECRETS_HASH_BYTES);
    if (pages->overlong) {
        db_bind_null(q, ":report");
        db_bind_null(q, ":csv");
    } else {
        db_bind_blob(q, ":report", pages->json.bytes, pages->json.len);
        db_bind_blob(q, ":csv", pages->csv.bytes, pages->csv.len);
    }
    db_bind_int(q, ":id", import);
    return db_run(q, NULL);
}

/* Holds a run against the latest dry run of the same file in the day before. */
static enum err compare(struct db *db, int64_t import)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "UPDATE imports SET (promised_by, as_promised) = (SELECT p.id, p.outcome = "
        "imports.outcome FROM imports p WHERE p.dry_run AND p.digest = imports.digest AND p.id < "
        "imports.id AND p.began_ms > :since ORDER BY p.id DESC LIMIT 1) WHERE id = :id",
        &q);
    if (e) return e;
    db_bind_int(q, ":since", clock_utc_ms() - IMPORTS_PROMISE_MS);
    db_bind_int(q, ":id", import);
    return db_run(q, NULL);
}

enum err imports_seal(struct db *db, int64_t import, const struct imports_note *note)
{
    struct pages pages;
    enum err e = write_pages(note->report, &pages);
    if (!e) e = fill(db, import, note, &pages);
    if (!e && !note->dry_run) e = compare(db, import);
    if (!e) e = tidy(db);
    fini_pages(&pages);
    return e;
}

enum err imports_keep_dry(struct db *db, const struct imports_note *note, int64_t *import)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "INSERT INTO imports (source, file, began_ms) VALUES (:source, :file, :now)", &q);
    if (e) return e;
    db_bind_text(q, ":source", note->source);
    db_bind_text(q, ":file", note->file);
    db_bind_int(q, ":now", clock_utc_ms());
    if ((e = db_run(q, NULL))) return e;
    *import = db_last_id(db);
    return imports_seal(db, *import, note);
}

/* ---- coming out ---- */

#define COLUMNS                                                                                    \
    "i.id, i.kind, i.dry_run, i.person_id, coalesce(p.login, ''), i.source, i.file, i.error, "     \
    "i.began_ms, i.ended_ms, i.added, i.changed, i.unchanged, i.refused, i.duplicates, "           \
    "i.vanished, i.digest, i.promised_by, i.as_promised"
enum { DIGEST = 16, REPORT = 19, CSV = 20 };
#define FROM " FROM imports i LEFT JOIN people p ON p.id = i.person_id "

static enum err read_row(struct db_query *q, struct arena *arena, struct imports_import *import)
{
    size_t len = 0;
    *import = (struct imports_import){
        .id = db_int(q, 0),
        .kind = strcmp(db_text(q, 1), "areas") == 0 ? IMPORT_OGR_AREAS : IMPORT_OGR_PLACES,
        .dry_run = db_int(q, 2) == 1,
        .person = db_int(q, 3),
        .by = arena_strdup(arena, db_text(q, 4)),
        .source = arena_strdup(arena, db_text(q, 5)),
        .file = arena_strdup(arena, db_text(q, 6)),
        .error = arena_strdup(arena, db_text(q, 7)),
        .began_ms = db_int(q, 8),
        .ended_ms = db_int(q, 9),
        .created = db_int(q, 10),
        .updated = db_int(q, 11),
        .unchanged = db_int(q, 12),
        .refused = db_int(q, 13),
        .duplicates = db_int(q, 14),
        .vanished = db_int(q, 15),
        .promised_by = db_int(q, 17),
        .as_promised = db_int(q, 18) == 1,
    };
    const void *digest = db_blob(q, DIGEST, &len);
    if (len == SECRETS_HASH_BYTES) secrets_hex(digest, import->digest);
    return import->by && import->source && import->file && import->error ? ERR_OK : ERR_NOMEM;
}

static enum err read_page(struct db_query *q, int column, struct arena *arena, const char **page,
                          size_t *len)
{
    if (db_is_null(q, column)) return ERR_OK;
    const char *bytes = db_blob(q, column, len);
    *page = arena_strndup(arena, *len ? bytes : "", *len);
    return *page ? ERR_OK : ERR_NOMEM;
}

enum err imports_get(struct db *db, int64_t id, struct arena *arena, struct imports_import *import)
{
    struct db_query *q;
    bool there = false;
    enum err e =
        db_prepare(db, "SELECT " COLUMNS ", i.report, i.report_csv" FROM "WHERE i.id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &there))) e = there ? read_row(q, arena, import) : ERR_NOTFOUND;
    if (!e) e = read_page(q, REPORT, arena, &import->report, &import->report_len);
    if (!e) e = read_page(q, CSV, arena, &import->report_csv, &import->report_csv_len);
    db_done(q);
    return e;
}

enum err imports_list(struct db *db, int64_t person, int64_t before, uint32_t limit,
                      struct arena *arena, const struct imports_import **imports, size_t *count)
{
    struct db_query *q;
    bool row = false;
    struct imports_import *list = arena_calloc(arena, limit + 1, sizeof *list);
    *count = 0;
    enum err e = list ? db_prepare(db,
                                   "SELECT " COLUMNS FROM
                                   "WHERE (:person = 0 OR i.person_id = :person) AND (:before = 0 "
                                   "OR i.id < :before) ORDER BY i.id DESC LIMIT :limit",
                                   &q)
                      : ERR_NOMEM;
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":before", before);
    db_bind_int(q, ":limit", limit);
    while (!e && *count < limit && !(e = db_step(q, &row)) && row)
        e = read_row(q, arena, &list[(*count)++]);
    db_done(q);
    if (!e) *imports = list;
    return e;
}
