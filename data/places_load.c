#include "data/changes.h"
#include "data/places_rows.h"
#include "geo/base/text.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum {
    REPORT_EVERY = 20000,
    TWIN_FROM = 100000, /* so many are read by two threads: opening a second connection pays */
    EXPECT_MAX = 1 << 22
};

/* The columns that a snapshot needs. */
#define COLUMNS                                                                                    \
    "id, lon, lat, category, amenities, name, name_en, names, address, phone, hours, hours_self, " \
    "source, source_id, photos, version, capacity, confirmed_ms, closed_from_ms, closed_to_ms, "   \
    "closed_reason, doubted, confirmed_as"
#define SHOWN " vanished_ms IS NULL AND removed_ms IS NULL"

const char *places_load_sql(void)
{
    return COLUMNS SHOWN;
}

struct loading {
    const struct categories *categories;
    const struct progress *progress;
    struct placeset_builder *builder;
    const int64_t *ids; /* those to load */
    size_t id_count;
    int64_t first, last; /* or all between these */
    uint64_t done, skipped;
    uint64_t total;       /* of all threads */
    atomic_bool *is_over; /* the other thread failed or was told to stop */
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

/* Who changes what comes of a row raises PLACES_KEPT_SHAPE (places_kept.c). */
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
        .doubted = db_int(q, 21) != 0,
        .by_staff = strcmp(db_text(q, 22), "staff") == 0,
    };
    read_closing(q, &place);
    return placeset_add(l->builder, &place);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* One row of many; with two threads the one that reports counts for both. */
static enum err load_next(struct db_query *q, void *user)
{
    struct loading *l = user;
    enum err e = load_row(l, q);
    if (e || ++l->done % REPORT_EVERY) return e;
    uint64_t threads = l->total > (uint64_t)(l->last - l->first) + 1 ? 2 : 1;
    bool go_on =
        !atomic_load(l->is_over) &&
        progress_say(l->progress, "places", smaller(l->done * threads, l->total), l->total);
    return go_on ? ERR_OK : ERR_CANCELLED;
}

/* Reads the rows between two ids. */
static enum err load_range(struct db *db, struct loading *l)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "SELECT each_row(" COLUMNS ") FROM places WHERE id BETWEEN :first AND :last AND" SHOWN,
        &q);
    if (e) return e;
    db_bind_int(q, ":first", l->first);
    db_bind_int(q, ":last", l->last);
    e = db_each(q, load_next, l);
    if (e) atomic_store(l->is_over, true);
    return e;
}

static enum err expect(struct loading *l, int64_t first, int64_t last)
{
    uint64_t ids = (uint64_t)last - (uint64_t)first + 1;
    l->first = first;
    l->last = last;
    return placeset_builder_new(ids < EXPECT_MAX ? (size_t)ids : EXPECT_MAX, &l->builder);
}

/* The upper half of the places, read by a thread of its own by way of a connection of its own. */
struct twin {
    struct loading loading;
    struct db *db;
    int64_t change; /* the outbox's last, as the other thread sees it */
    enum err e;     /* ERR_CONFLICT: this one sees another state */
    pthread_t thread;
    bool runs;
};

static enum err load_twin(struct db *db, void *user)
{
    struct twin *twin = user;
    int64_t change;
    enum err e = changes_last(db, &change);
    if (!e && change != twin->change) e = ERR_CONFLICT;
    return e ? e : load_range(db, &twin->loading);
}

static void *run_twin(void *argument)
{
    struct twin *twin = argument;
    twin->e = db_read(twin->db, load_twin, twin);
    return NULL;
}

static void start_twin(struct twin *twin, const struct db *db, int64_t first, int64_t last)
{
    twin->runs = !db_twin(db, &twin->db, NULL) && !expect(&twin->loading, first, last) &&
                 pthread_create(&twin->thread, NULL, run_twin, twin) == 0;
}

static void end_twin(struct twin *twin)
{
    if (twin->runs) pthread_join(twin->thread, NULL);
    twin->runs = false;
    db_close(twin->db);
    twin->db = NULL;
}

struct all {
    struct loading loading;
    struct twin twin;
};

static enum err read_bounds(struct db *db, int64_t *first, int64_t *last)
{
    struct db_query *q;
    bool row;
    enum err e =
        db_prepare(db, "SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM places", &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) {
        *first = db_int(q, 0);
        *last = db_int(q, 1);
    }
    db_done(q);
    return e;
}

static enum err load_all(struct db *db, void *user)
{
    struct all *all = user;
    struct loading *l = &all->loading;
    struct twin *twin = &all->twin;
    int64_t first, last;
    enum err e = read_bounds(db, &first, &last);
    if (!e) e = changes_last(db, &twin->change);
    if (e) return e;
    l->total = (uint64_t)last - (uint64_t)first + 1;
    int64_t middle = first + (int64_t)(l->total / 2);
    if (l->total >= TWIN_FROM) start_twin(twin, db, middle, last);
    e = expect(l, first, twin->runs ? middle - 1 : last);
    if (!e) e = load_range(db, l);
    bool ran = twin->runs;
    end_twin(twin);
    if (!ran) return e;
    if (e != ERR_CANCELLED && e) return e;
    if (twin->e != ERR_CONFLICT) return twin->e ? twin->e : e; /* the one that stopped the other */
    if (e) return e;
    placeset_builder_free(twin->loading.builder); /* somebody wrote between the two beginnings */
    twin->loading.builder = NULL;
    l->first = middle;
    l->last = last;
    return load_range(db, l);
}

enum err places_load(struct db *db, const struct categories *categories,
                     const struct progress *progress, struct placeset **set,
                     struct places_loaded *loaded)
{
    atomic_bool is_over = false;
    struct all all = {
        .loading = {.categories = categories, .progress = progress, .is_over = &is_over},
        .twin = {.loading = {.categories = categories, .is_over = &is_over}}};
    enum err e = db_read(db, load_all, &all);
    struct placeset_builder *builders[] = {all.loading.builder, all.twin.loading.builder};
    if (!e) e = placeset_build_all(builders, builders[1] ? 2 : 1, set);
    placeset_builder_free(builders[0]);
    placeset_builder_free(builders[1]);
    if (!e && loaded)
        *loaded = (struct places_loaded){.skipped = all.loading.skipped + all.twin.loading.skipped,
                                         .change = all.twin.change};
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
