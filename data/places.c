#include "data/places.h"

#include "data/changes.h"
#include "geo/base/clock.h"
#include "geo/base/text.h"

#include <string.h>

enum { AMENITIES = PLACESET_AMENITIES, REPORT_EVERY = 20000 };

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* --- imports --- */

enum err places_import_begin(struct db *db, const char *source, const char *file, int64_t *import)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "INSERT INTO imports (source, file, began_ms) VALUES (:source, :file, :now)", &q);
    if (e) return e;
    db_bind_text(q, ":source", source);
    db_bind_text(q, ":file", or_empty(file));
    db_bind_int(q, ":now", clock_utc_ms());
    if (!(e = db_run(q, NULL))) *import = db_last_id(db);
    return e;
}

enum err places_prune(struct db *db, int64_t import, struct places_counts *counts)
{
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "UPDATE places SET vanished_ms = :now, updated_ms = :now WHERE source "
                            "= (SELECT source FROM imports WHERE id = :import) AND import_id <> "
                            ":import AND vanished_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_int(q, ":import", import);
    if (!(e = db_run(q, &changed))) counts->vanished += (uint64_t)changed;
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

/* --- one place going in --- */

/* Text columns in one order for checking, comparing and binding. */
static const struct text_column {
    const char *name, *parameter;
    size_t offset, max;
} columns[] = {
#define COLUMN(name, max)                                                                          \
    {                                                                                              \
#name, ":" #name, offsetof(struct places_row, name), max                                   \
    }
    COLUMN(source, 60),  COLUMN(source_id, 200),   COLUMN(category, 60), COLUMN(amenities, 1500),
    COLUMN(name, 300),   COLUMN(name_en, 300),     COLUMN(address, 500), COLUMN(phone, 200),
    COLUMN(hours, 1000), COLUMN(hours_self, 1000),
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const char *text_of(const struct places_row *row, size_t i)
{
    const char *text;
    memcpy(&text, (const char *)row + columns[i].offset, sizeof text);
    return or_empty(text);
}

/* Bits of codes with a space between them; the first that is unknown is given back. */
static uint64_t read_amenities(const struct categories *categories, const char *codes,
                               const char **unknown)
{
    uint64_t bits = 0;
    while (*codes) {
        char code[64];
        size_t n = strcspn(codes, " ");
        if (n < sizeof code) memcpy(code, codes, n);
        code[n < sizeof code ? n : 0] = '\0';
        int bit = categories_amenity_find(categories, code);
        if (bit >= 0)
            bits |= (uint64_t)1 << bit;
        else if (unknown && !*unknown)
            *unknown = codes;
        codes += n + (codes[n] == ' ');
    }
    return bits;
}

static enum err check(const struct categories *categories, const struct places_row *row,
                      struct why *why)
{
    const char *unknown = NULL;
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *text = text_of(row, i);
        size_t n = strnlen(text, columns[i].max + 1);
        if (n > columns[i].max)
            return err_say(why, ERR_INVALID, "%s is longer than %zu bytes", columns[i].name,
                           columns[i].max);
        if (!text_utf8_valid(text, n))
            return err_say(why, ERR_INVALID, "%s is not valid UTF-8", columns[i].name);
    }
    if (!text_of(row, 0)[0] || !text_of(row, 1)[0])
        return err_say(why, ERR_INVALID, "source and source_id must not be empty");
    if (!coord_valid(row->at))
        return err_say(why, ERR_RANGE, "the position %g, %g is outside the world", row->at.lon,
                       row->at.lat);
    if (categories_find(categories, text_of(row, 2)) < 0)
        return err_say(why, ERR_INVALID, "category: there is none \"%s\"", text_of(row, 2));
    (void)read_amenities(categories, text_of(row, 3), &unknown);
    if (unknown)
        return err_say(why, ERR_INVALID, "amenities: there is none \"%.*s\"",
                       (int)strcspn(unknown, " "), unknown);
    return ERR_OK;
}

static void bind_row(struct db_query *q, int64_t import, const struct places_row *row)
{
    unsigned char wkb[21] = {1, 1, 0, 0, 0}; /* a little-endian point */
    memcpy(wkb + 5, &row->at.lon, 8);
    memcpy(wkb + 13, &row->at.lat, 8);
    for (size_t i = 0; i < COLUMNS; i++)
        db_bind_text(q, columns[i].parameter, text_of(row, i));
    db_bind_int(q, ":import", import);
    db_bind_int(q, ":now", clock_utc_ms());
    db_bind_blob(q, ":wkb", wkb, sizeof wkb);
}

static enum err insert(struct db *db, int64_t import, const struct places_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO places (source, source_id, category, amenities, name, name_en, address, "
        "phone, hours, hours_self, import_id, created_ms, updated_ms, geom) VALUES (:source, "
        ":source_id, :category, :amenities, :name, :name_en, :address, :phone, :hours, "
        ":hours_self, :import, :now, :now, ST_GeomFromWKB(:wkb, 4326))",
        &q);
    if (e) return e;
    bind_row(q, import, row);
    return db_run(q, NULL);
}

static enum err update(struct db *db, int64_t import, const struct places_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "UPDATE places SET category = :category, amenities = :amenities, name = :name, name_en = "
        ":name_en, address = :address, phone = :phone, hours = :hours, hours_self = :hours_self, "
        "import_id = :import, updated_ms = :now, vanished_ms = NULL, geom = ST_GeomFromWKB(:wkb, "
        "4326) WHERE source = :source AND source_id = :source_id",
        &q);
    if (e) return e;
    bind_row(q, import, row);
    return db_run(q, NULL);
}

/* It was seen again as it is: only that is noted. */
static enum err touch(struct db *db, int64_t import, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE places SET import_id = :import WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":import", import);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

static bool same(struct db_query *q, const struct places_row *row)
{
    bool equal = db_is_null(q, 1) && db_real(q, 2) == row->at.lon && db_real(q, 3) == row->at.lat;
    for (size_t i = 2; i < COLUMNS && equal; i++)
        equal = strcmp(db_text(q, 2 + (int)i), text_of(row, i)) == 0;
    return equal;
}

enum err places_put(struct db *db, int64_t import, const struct categories *categories,
                    const struct places_row *row, struct places_counts *counts, struct why *why)
{
    struct db_query *q;
    bool there = false, equal = false;
    enum err e = check(categories, row, why);
    if (e) return e;
    e = db_prepare(db,
                   "SELECT id, vanished_ms, lon, lat, category, amenities, name, name_en, address, "
                   "phone, hours, hours_self FROM places WHERE source = :source AND source_id = "
                   ":source_id",
                   &q);
    if (!e) {
        db_bind_text(q, ":source", row->source);
        db_bind_text(q, ":source_id", row->source_id);
        e = db_step(q, &there);
        if (!e && there) equal = same(q, row);
        int64_t id = there ? db_int(q, 0) : 0;
        db_done(q);
        if (!e)
            e = equal   ? touch(db, import, id)
                : there ? update(db, import, row)
                        : insert(db, import, row);
    }
    if (e) return err_say(why, e, "the database: %s", db_error(db));
    if (equal)
        counts->unchanged++;
    else if (there)
        counts->changed++;
    else
        counts->added++;
    return ERR_OK;
}

/* --- all places coming out --- */

enum err places_count(struct db *db, int64_t *count)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT count(*) FROM places WHERE vanished_ms IS NULL", &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *count = db_int(q, 0);
    db_done(q);
    return e;
}

struct loading {
    const struct categories *categories;
    const struct progress *progress;
    struct placeset_builder *builder;
    uint64_t done, skipped;
    int64_t total;
    /* Neighbours in the table are alike: the last word looked up serves most rows. */
    char category[64], amenities[256];
    int category_index;
    uint64_t amenity_bits;
};

static int category_of(struct loading *l, const char *code)
{
    if (strcmp(code, l->category) != 0) {
        l->category_index = categories_find(l->categories, code);
        if (!text_copy(l->category, sizeof l->category, code)) l->category[0] = '\0';
    }
    return l->category_index;
}

static uint64_t amenities_of(struct loading *l, const char *codes)
{
    if (!codes[0]) return 0;
    if (strcmp(codes, l->amenities) != 0) {
        l->amenity_bits = read_amenities(l->categories, codes, NULL);
        if (!text_copy(l->amenities, sizeof l->amenities, codes)) l->amenities[0] = '\0';
    }
    return l->amenity_bits;
}

/* "source:source_id" as the snapshot tells it; cut where it does not fit. */
static const char *join_source(char *to, size_t size, const char *source, const char *id)
{
    size_t n = strnlen(source, size - 2), m = strnlen(id, size - 2 - n);
    memcpy(to, source, n);
    to[n] = ':';
    memcpy(to + n + 1, id, m);
    to[n + 1 + m] = '\0';
    return to;
}

static enum err load_row(struct loading *l, struct db_query *q)
{
    char source[300];
    int category = category_of(l, db_text(q, 3));
    if (category < 0) {
        l->skipped++;
        return ERR_OK;
    }
    const struct place place = {
        .id = db_int(q, 0),
        .at = {db_real(q, 1), db_real(q, 2)},
        .category = (unsigned)category,
        .amenities = amenities_of(l, db_text(q, 4)),
        .name = db_text(q, 5),
        .name_en = db_text(q, 6),
        .address = db_text(q, 7),
        .phone = db_text(q, 8),
        .hours = db_text(q, 9),
        .hours_self = db_text(q, 10),
        .source = join_source(source, sizeof source, db_text(q, 11), db_text(q, 12)),
    };
    return placeset_add(l->builder, &place);
}

static enum err load_rows(struct db *db, void *user)
{
    struct loading *l = user;
    struct db_query *q;
    bool row = false;
    enum err e = places_count(db, &l->total);
    if (!e) e = placeset_builder_new((size_t)l->total, &l->builder);
    if (!e)
        e = db_prepare(db,
                       "SELECT id, lon, lat, category, amenities, name, name_en, address, phone, "
                       "hours, hours_self, source, source_id FROM places WHERE vanished_ms IS NULL",
                       &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row && !(e = load_row(l, q)))
        if (++l->done % REPORT_EVERY == 0 &&
            !progress_say(l->progress, "places", l->done, (uint64_t)l->total)) {
            e = ERR_CANCELLED;
            break;
        }
    db_done(q);
    return e;
}

enum err places_load(struct db *db, const struct categories *categories,
                     const struct progress *progress, struct placeset **set, uint64_t *skipped)
{
    struct loading l = {.categories = categories, .progress = progress, .category_index = -1};
    enum err e = db_read(db, load_rows, &l);
    if (!e) e = placeset_build(l.builder, set);
    placeset_builder_free(l.builder);
    if (!e && skipped) *skipped = l.skipped;
    return e;
}

/* --- one place coming out --- */

static enum err read_row(struct db_query *q, struct arena *arena, struct places_row *row)
{
    struct places_row r = {
        .id = db_int(q, 0),
        .at = {db_real(q, 1), db_real(q, 2)},
        .vanished = !db_is_null(q, 3),
        .created_ms = db_int(q, 4),
        .updated_ms = db_int(q, 5),
    };
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *text = arena_strdup(arena, db_text(q, 6 + (int)i));
        if (!text) return ERR_NOMEM;
        memcpy((char *)&r + columns[i].offset, &text, sizeof text);
    }
    *row = r;
    return ERR_OK;
}

enum err places_get(struct db *db, int64_t id, struct arena *arena, struct places_row *row)
{
    struct db_query *q;
    bool there = false;
    enum err e = db_prepare(db,
                            "SELECT id, lon, lat, vanished_ms, created_ms, updated_ms, source, "
                            "source_id, category, amenities, name, name_en, address, phone, hours, "
                            "hours_self FROM places WHERE id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &there))) e = there ? read_row(q, arena, row) : ERR_NOTFOUND;
    db_done(q);
    return e;
}
