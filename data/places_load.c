#include "data/places_rows.h"
#include "geo/base/text.h"

#include <string.h>

enum { REPORT_EVERY = 20000 };

/* The columns that a snapshot needs. */
#define COLUMNS                                                                                    \
    "id, lon, lat, category, amenities, name, name_en, names, address, phone, hours, hours_self, " \
    "source, source_id, photos, version, capacity, confirmed_ms, closed_from_ms, closed_to_ms, "   \
    "closed_reason"
#define SHOWN " vanished_ms IS NULL AND removed_ms IS NULL"

struct loading {
    const struct categories *categories;
    const struct progress *progress;
    struct placeset_builder *builder;
    const int64_t *ids; /* those to load; NULL: all */
    size_t id_count;
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
        l->amenity_bits = places_rows_amenities(l->categories, codes, NULL);
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

static void read_closing(struct db_query *q, struct place *place)
{
    if (db_is_null(q, 18)) return;
    place->closed_from_ms = db_int(q, 18);
    place->closed_to_ms = db_is_null(q, 19) ? INT64_MAX : db_int(q, 19);
    place->closed_reason = db_text(q, 20);
}

static enum err load_row(struct loading *l, struct db_query *q)
{
    char source[300];
    int category = category_of(l, db_text(q, 3));
    if (category < 0) {
        l->skipped++;
        return ERR_OK;
    }
    struct place place = {
        .id = db_int(q, 0),
        .at = {db_real(q, 1), db_real(q, 2)},
        .category = (unsigned)category,
        .amenities = amenities_of(l, db_text(q, 4)),
        .name = db_text(q, 5),
        .name_en = db_text(q, 6),
        .names = db_text(q, 7),
        .address = db_text(q, 8),
        .phone = db_text(q, 9),
        .hours = db_text(q, 10),
        .hours_self = db_text(q, 11),
        .source = join_source(source, sizeof source, db_text(q, 12), db_text(q, 13)),
        .photos = db_text(q, 14),
        .version = (uint32_t)db_int(q, 15),
        .capacity = (uint32_t)db_int(q, 16),
        .confirmed_ms = db_int(q, 17),
    };
    read_closing(q, &place);
    return placeset_add(l->builder, &place);
}

static enum err load_all(struct db *db, void *user)
{
    struct loading *l = user;
    struct db_query *q;
    bool row = false;
    enum err e = places_count(db, &l->total);
    if (!e) e = placeset_builder_new((size_t)l->total, &l->builder);
    if (!e) e = db_prepare(db, "SELECT " COLUMNS " FROM places WHERE" SHOWN, &q);
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
    struct loading l = {.categories = categories, .progress = progress};
    enum err e = db_read(db, load_all, &l);
    if (!e) e = placeset_build(l.builder, set);
    placeset_builder_free(l.builder);
    if (!e && skipped) *skipped = l.skipped;
    return e;
}

static enum err load_one(struct db *db, struct loading *l, int64_t id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT " COLUMNS " FROM places WHERE id = :id AND" SHOWN, &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_step(q, &row);
    if (!e && row) e = load_row(l, q);
    db_done(q);
    return e;
}

static enum err load_some(struct db *db, void *user)
{
    struct loading *l = user;
    enum err e = placeset_builder_new(l->id_count, &l->builder);
    for (size_t i = 0; i < l->id_count && !e; i++)
        e = load_one(db, l, l->ids[i]);
    return e;
}

enum err places_reload(struct db *db, const struct categories *categories,
                       const struct placeset *before, const int64_t *ids, size_t id_count,
                       struct placeset **set)
{
    struct loading l = {.categories = categories, .ids = ids, .id_count = id_count};
    enum err e = db_read(db, load_some, &l);
    if (!e) e = placeset_patch(before, l.builder, ids, id_count, set);
    placeset_builder_free(l.builder);
    return e;
}

enum err places_count(struct db *db, int64_t *count)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db, "SELECT count(*) FROM places WHERE" SHOWN, &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *count = db_int(q, 0);
    db_done(q);
    return e;
}
