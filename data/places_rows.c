#include "data/places_rows.h"

#include "data/cases_rows.h"
#include "geo/base/clock.h"
#include "geo/base/jsonw.h"
#include "geo/base/text.h"

#include <string.h>

enum { EVENT_MAX = 64 * 1024, FIELDS_ALL = (1 << PLACES_FIELD_COUNT) - 1, HELD_SIZE = 200 };

/* What the row of places_rows_read has where. */
enum {
    C_ID,
    C_LON,
    C_LAT,
    C_VANISHED,
    C_TEXTS,
    C_CATEGORY = C_TEXTS + 2,
    C_CAPACITY = C_TEXTS + 14,
    C_VERSION,
    C_HELD,
    C_CLOSED_FROM,
    C_CLOSED_TO,
    C_CONFIRMED,
    C_REMOVED,
    C_CREATED,
    C_UPDATED,
    C_CONFIRMED_BY
};

/* Text columns, in the order of PLACES_ROWS_COLUMNS. */
static const struct text_column {
    const char *name, *parameter;
    size_t offset, max;
    int field; /* -1: none that a source says */
} columns[] = {
#define COLUMN(name, max, field)                                                                   \
    {                                                                                              \
#name, ":" #name, offsetof(struct places_row, name), max, field                            \
    }
#define FIELD(name, max) COLUMN(name, max, PLACES_##name)
    COLUMN(source, 60, -1),
    COLUMN(source_id, 200, -1),
    FIELD(category, 60),
    FIELD(amenities, 1500),
    FIELD(name, 300),
    FIELD(name_en, 300),
    FIELD(names, 1000),
    FIELD(address, 500),
    FIELD(phone, 200),
    FIELD(hours, 1000),
    FIELD(hours_self, 1000),
    COLUMN(closed_reason, PLACES_REASON_MAX * 4, -1),
    COLUMN(confirmed_as, 10, -1),
    COLUMN(photos, 2000, -1),
#undef FIELD
#undef COLUMN
};
enum { COLUMNS = sizeof columns / sizeof columns[0] };
_Static_assert(COLUMNS == C_CAPACITY - C_TEXTS, "as the columns stand in the row");

const char *places_field_name(enum places_field field)
{
    static const char *const names[] = {
#define NAME(name) #name,
        PLACES_FIELDS(NAME)
#undef NAME
    };
    return names[field];
}

static const char **text_at(struct places_row *row, size_t i)
{
    return (const char **)((char *)row + columns[i].offset);
}

static const char *text_of(const struct places_row *row, size_t i)
{
    const char *text;
    memcpy(&text, (const char *)row + columns[i].offset, sizeof text);
    return text ? text : "";
}

/* --- held fields, as words --- */

static const char kept_word[] = "kept";

static unsigned read_held(const char *words, bool *kept)
{
    unsigned bits = 0;
    *kept = false;
    while (*words) {
        size_t n = strcspn(words, " ");
        if (n == sizeof kept_word - 1 && memcmp(words, kept_word, n) == 0) *kept = true;
        for (int f = 0; f < PLACES_FIELD_COUNT; f++) {
            const char *name = places_field_name((enum places_field)f);
            if (strlen(name) == n && memcmp(name, words, n) == 0) bits |= 1u << f;
        }
        words += n + (words[n] == ' ');
    }
    return bits;
}

static void write_held(const struct places_row *row, char words[HELD_SIZE])
{
    struct buf out;
    buf_init(&out, HELD_SIZE - 1);
    for (int f = 0; f < PLACES_FIELD_COUNT; f++)
        if (row->held >> f & 1) {
            if (out.len) buf_putc(&out, ' ');
            buf_puts(&out, places_field_name((enum places_field)f));
        }
    if (row->kept) {
        if (out.len) buf_putc(&out, ' ');
        buf_puts(&out, kept_word);
    }
    size_t len = out.err ? 0 : out.len;
    if (len) memcpy(words, out.bytes, len);
    words[len] = '\0';
    buf_fini(&out);
}

/* --- the present row --- */

int64_t places_rows_id(struct db_query *q)
{
    return db_int(q, C_ID);
}

struct coord places_rows_at(struct db_query *q)
{
    return (struct coord){db_real(q, C_LON), db_real(q, C_LAT)};
}

int64_t places_rows_off_ms(struct db_query *q)
{
    return db_int(q, db_is_null(q, C_REMOVED) ? C_VANISHED : C_REMOVED);
}

bool places_rows_removed(struct db_query *q)
{
    return !db_is_null(q, C_REMOVED);
}

const char *places_rows_category(struct db_query *q)
{
    return db_text(q, C_CATEGORY);
}

enum err places_rows_read(struct db_query *q, struct arena *arena, struct places_row *row)
{
    struct places_row read = {.id = places_rows_id(q),
                              .at = places_rows_at(q),
                              .capacity = db_int(q, C_CAPACITY),
                              .version = db_int(q, C_VERSION),
                              .confirmed_ms = db_int(q, C_CONFIRMED),
                              .confirmed_by = db_int(q, C_CONFIRMED_BY),
                              .vanished = !db_is_null(q, C_VANISHED),
                              .removed = places_rows_removed(q),
                              .off_ms = places_rows_off_ms(q),
                              .created_ms = db_int(q, C_CREATED),
                              .updated_ms = db_int(q, C_UPDATED)};
    read.held = read_held(db_text(q, C_HELD), &read.kept);
    if (!db_is_null(q, C_CLOSED_FROM)) {
        read.closed_from_ms = db_int(q, C_CLOSED_FROM);
        read.closed_to_ms = db_is_null(q, C_CLOSED_TO) ? INT64_MAX : db_int(q, C_CLOSED_TO);
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *text = db_text(q, C_TEXTS + (int)i);
        *text_at(&read, i) = *text ? arena_strdup(arena, text) : "";
        if (!*text_at(&read, i)) return ERR_NOMEM;
    }
    *row = read;
    return ERR_OK;
}

unsigned places_rows_held(struct db_query *q, bool *kept)
{
    return read_held(db_text(q, C_HELD), kept);
}

unsigned places_rows_differ(struct db_query *q, const struct places_row *row)
{
    unsigned bits = 0;
    if (db_real(q, C_LON) != row->at.lon || db_real(q, C_LAT) != row->at.lat)
        bits |= 1u << PLACES_location;
    if (db_int(q, C_CAPACITY) != row->capacity) bits |= 1u << PLACES_capacity;
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].field >= 0 && strcmp(db_text(q, C_TEXTS + (int)i), text_of(row, i)) != 0)
            bits |= 1u << columns[i].field;
    return bits;
}

bool places_rows_vanished(struct db_query *q)
{
    return !db_is_null(q, C_VANISHED);
}

/* --- rows in memory --- */

uint64_t places_rows_amenities(const struct categories *categories, const char *codes,
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

static enum err check_texts(const struct places_row *row, unsigned fields, struct why *why)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *text = text_of(row, i);
        size_t n = strnlen(text, columns[i].max + 1);
        if (columns[i].field >= 0 && !(fields >> columns[i].field & 1)) continue;
        if (n > columns[i].max)
            return err_say(why, ERR_INVALID, "%s is longer than %zu bytes", columns[i].name,
                           columns[i].max);
        if (!text_utf8_valid(text, n))
            return err_say(why, ERR_INVALID, "%s is not valid UTF-8", columns[i].name);
    }
    return ERR_OK;
}

enum err places_rows_check(const struct categories *categories, const struct places_row *row,
                           unsigned fields, struct why *why)
{
    const char *unknown = NULL, *category = row->category ? row->category : "";
    enum err e = check_texts(row, fields, why);
    if (e) return e;
    if (!row->source || !row->source[0] || !row->source_id || !row->source_id[0])
        return err_say(why, ERR_INVALID, "source and source_id must not be empty");
    if (fields >> PLACES_location & 1 && !coord_valid(row->at))
        return err_say(why, ERR_RANGE, "the position %g, %g is outside the world", row->at.lon,
                       row->at.lat);
    if (fields >> PLACES_category & 1 && categories_find(categories, category) < 0)
        return err_say(why, ERR_INVALID, "category: there is none \"%s\"", category);
    if (fields >> PLACES_capacity & 1 && (row->capacity < 0 || row->capacity > PLACES_CAPACITY_MAX))
        return err_say(why, ERR_RANGE, "capacity must be from 0 to %d", PLACES_CAPACITY_MAX);
    if (fields >> PLACES_amenities & 1 && row->amenities)
        (void)places_rows_amenities(categories, row->amenities, &unknown);
    if (unknown)
        return err_say(why, ERR_INVALID, "amenities: there is none \"%.*s\"",
                       (int)strcspn(unknown, " "), unknown);
    return ERR_OK;
}

void places_rows_take(struct places_row *to, const struct places_row *from, unsigned fields)
{
    if (fields >> PLACES_location & 1) to->at = from->at;
    if (fields >> PLACES_capacity & 1) to->capacity = from->capacity;
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].field >= 0 && fields >> columns[i].field & 1)
            *text_at(to, i) = text_of(from, i);
}

unsigned places_rows_compare(const struct places_row *a, const struct places_row *b,
                             unsigned fields)
{
    unsigned bits = 0;
    if (a->at.lon != b->at.lon || a->at.lat != b->at.lat) bits |= 1u << PLACES_location;
    if (a->capacity != b->capacity) bits |= 1u << PLACES_capacity;
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].field >= 0 && strcmp(text_of(a, i), text_of(b, i)) != 0)
            bits |= 1u << columns[i].field;
    return bits & fields;
}

/* --- writing --- */

static void bind_fields(struct db_query *q, const struct places_row *row, int64_t import,
                        int64_t now_ms)
{
    unsigned char wkb[21] = {1, 1, 0, 0, 0}; /* a little-endian point */
    char held[HELD_SIZE];
    memcpy(wkb + 5, &row->at.lon, 8);
    memcpy(wkb + 13, &row->at.lat, 8);
    write_held(row, held);
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].field >= 0) db_bind_text(q, columns[i].parameter, text_of(row, i));
    db_bind_int(q, ":capacity", row->capacity);
    db_bind_text(q, ":held", held);
    db_bind_int(q, ":import", import);
    db_bind_int(q, ":now", now_ms);
    db_bind_blob(q, ":wkb", wkb, sizeof wkb);
}

enum err places_rows_insert(struct db *db, int64_t import, int64_t now_ms, struct places_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO places (source, source_id, category, amenities, name, name_en, names, "
        "address, phone, hours, hours_self, capacity, held, import_id, created_ms, updated_ms, "
        "geom) VALUES (:source, :source_id, :category, :amenities, :name, :name_en, :names, "
        ":address, :phone, :hours, :hours_self, :capacity, :held, NULLIF(:import, 0), :now, :now, "
        "ST_GeomFromWKB(:wkb, 4326))",
        &q);
    if (e) return e;
    bind_fields(q, row, import, now_ms);
    db_bind_text(q, ":source", row->source);
    db_bind_text(q, ":source_id", row->source_id);
    if (!(e = db_run(q, NULL))) {
        row->id = db_last_id(db);
        row->version = 1;
    }
    return e;
}

/* A time, or NULL where the row says none. */
static void bind_time(struct db_query *q, const char *name, bool there, int64_t ms)
{
    if (there)
        db_bind_int(q, name, ms);
    else
        db_bind_null(q, name);
}

enum err places_rows_update(struct db *db, int64_t import, int64_t now_ms,
                            const struct places_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "UPDATE places SET category = :category, amenities = :amenities, name = :name, name_en = "
        ":name_en, names = :names, address = :address, phone = :phone, hours = :hours, hours_self "
        "= :hours_self, capacity = :capacity, held = :held, import_id = COALESCE(NULLIF(:import, "
        "0), import_id), updated_ms = :now, version = :version, closed_from_ms = :closed_from, "
        "closed_to_ms = :closed_to, closed_reason = :closed_reason, photos = :photos, vanished_ms "
        "= CASE WHEN :vanished THEN COALESCE(vanished_ms, :now) END, removed_ms = CASE WHEN "
        ":removed THEN COALESCE(removed_ms, :now) END, geom = ST_GeomFromWKB(:wkb, 4326) "
        "WHERE id = :id",
        &q);
    if (e) return e;
    bind_fields(q, row, import, now_ms);
    bool closed = row->closed_to_ms != 0;
    bind_time(q, ":closed_from", closed, row->closed_from_ms);
    bind_time(q, ":closed_to", closed && row->closed_to_ms != INT64_MAX, row->closed_to_ms);
    db_bind_text(q, ":closed_reason", closed && row->closed_reason ? row->closed_reason : "");
    db_bind_text(q, ":photos", row->photos ? row->photos : "");
    db_bind_int(q, ":vanished", row->vanished);
    db_bind_int(q, ":removed", row->removed);
    db_bind_int(q, ":version", row->version);
    db_bind_int(q, ":id", row->id);
    return db_run(q, NULL);
}

enum err places_rows_touch(struct db *db, int64_t import, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE places SET import_id = :import WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":import", import);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

/* --- events --- */

static void write_value(struct jsonw *json, const struct places_row *row, int field)
{
    if (field == PLACES_location) {
        jsonw_pair(json, row->at.lon, row->at.lat, 7);
    } else if (field == PLACES_capacity) {
        jsonw_int(json, row->capacity);
    } else {
        for (size_t i = 0; i < COLUMNS; i++)
            if (columns[i].field == field) jsonw_string(json, text_of(row, i));
    }
}

static bool closes_alike(const struct places_row *a, const struct places_row *b)
{
    return a->closed_from_ms == b->closed_from_ms && a->closed_to_ms == b->closed_to_ms &&
           strcmp(a->closed_reason, b->closed_reason) == 0;
}

/* For how long a place is closed, and why; null: it is not. */
static void write_closing(struct jsonw *json, const struct places_row *row)
{
    char text[CLOCK_TEXT_SIZE];
    if (!row->closed_to_ms) {
        jsonw_null(json);
        return;
    }
    jsonw_object(json);
    if (clock_text(row->closed_from_ms, text)) jsonw_key_string(json, "from", text);
    if (row->closed_to_ms != INT64_MAX && clock_text(row->closed_to_ms, text))
        jsonw_key_string(json, "to", text);
    if (row->closed_reason[0]) jsonw_key_string(json, "reason", row->closed_reason);
    jsonw_object_end(json);
}

static void write_changes(struct buf *out, const struct places_row *before,
                          const struct places_row *after)
{
    struct jsonw json;
    unsigned bits = before ? places_rows_compare(before, after, FIELDS_ALL) : 0;
    jsonw_init(&json, out);
    jsonw_object(&json);
    if (before && strcmp(before->photos, after->photos) != 0) {
        jsonw_key(&json, "photos");
        jsonw_array(&json);
        jsonw_string(&json, before->photos);
        jsonw_string(&json, after->photos);
        jsonw_array_end(&json);
    }
    if (before && !closes_alike(before, after)) {
        jsonw_key(&json, "closed");
        jsonw_array(&json);
        write_closing(&json, before);
        write_closing(&json, after);
        jsonw_array_end(&json);
    }
    for (int f = 0; f < PLACES_FIELD_COUNT; f++) {
        if (!(bits >> f & 1)) continue;
        jsonw_key(&json, places_field_name((enum places_field)f));
        jsonw_array(&json);
        write_value(&json, before, f);
        write_value(&json, after, f);
        jsonw_array_end(&json);
    }
    jsonw_object_end(&json);
}

enum err places_rows_event(struct db *db, const struct places_rows_event *event)
{
    struct buf changes;
    struct db_query *q;
    const struct places_by *by = event->by;
    enum err e = db_prepare(
        db,
        "INSERT INTO place_events (place_id, version, at_ms, verb, actor, person_id, import_id, "
        "reason, changes) VALUES (:place, :version, :now, :verb, :actor, NULLIF(:person, 0), "
        "NULLIF(:import, 0), :reason, :changes)",
        &q);
    if (e) return e;
    buf_init(&changes, EVENT_MAX);
    write_changes(&changes, event->before, event->after);
    if ((e = changes.err)) {
        db_done(q);
        buf_fini(&changes);
        return e;
    }
    buf_putc(&changes, '\0');
    db_bind_int(q, ":place", event->after->id);
    db_bind_int(q, ":version", event->after->version);
    db_bind_int(q, ":now", by->now_ms);
    db_bind_text(q, ":verb", event->verb);
    db_bind_text(q, ":actor", by->actor);
    db_bind_int(q, ":person", by->person);
    db_bind_int(q, ":import", event->import);
    db_bind_text(q, ":reason", by->reason ? by->reason : "");
    db_bind_text(q, ":changes", changes.bytes);
    e = db_run(q, NULL);
    buf_fini(&changes);
    return e;
}
