#include "geo/place/placepart.h"

#include "geo/base/jobs.h"
#include "geo/base/large.h"
#include "geo/place/placebatch.h"
#include "geo/place/placepart_trees.h"
#include "geo/space/hilbert.h"

#include <stdlib.h>
#include <string.h>

enum { KEYS_A_JOB = 1 << 16, MANY = 1 << 15 }; /* from MANY on, threads pay */

/* What is known while places are put in order. Row n counts through all batches. */
struct arranging {
    struct placepart *part;
    const struct placebatch *const *batches;
    uint32_t count;
    size_t text_bytes;
    bool ascending; /* the ids, by row */
    struct hilbert curve;
    struct hilbert_entry *sorted; /* along the curve: item is the row, tag its category */
    uint32_t *rows;               /* of places, by local index */
    struct openings_texts *hours; /* by local index */
    uint32_t starts[PLACESET_CATEGORIES + 1];    /* where a category's places begin */
    size_t text_starts[PLACESET_CATEGORIES + 1]; /* and their texts */
    enum err failures[PLACESET_CATEGORIES];
};

static const struct placebatch_row *row_at(const struct arranging *a, uint32_t n,
                                           const struct placebatch **batch)
{
    const struct placebatch *const *b = a->batches;
    while (n >= (*b)->count)
        n -= (*b++)->count;
    *batch = *b;
    return &(*b)->rows[n];
}

static size_t text_bytes_of(const struct placebatch *batch, const struct placebatch_row *row)
{
    bool last = row + 1 == batch->rows + batch->count;
    return (last ? batch->text_bytes : row[1].more.texts) - row->more.texts;
}

static int compare_ids(const void *a, const void *b)
{
    const struct placepart_by_id *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int compare_closings(const void *a, const void *b)
{
    const struct placepart_closing *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

static enum err allocate(struct arranging *a)
{
    struct placepart *part = a->part;
    size_t n = (size_t)a->count + 1;
    part->coords = large_alloc(n * sizeof *part->coords);
    part->categories = large_alloc(n * sizeof *part->categories);
    part->amenities = large_alloc(n * sizeof *part->amenities);
    part->ids = large_alloc(n * sizeof *part->ids);
    part->more = large_alloc(n * sizeof *part->more);
    part->index = large_alloc(n * sizeof *part->index);
    part->texts = large_alloc(a->text_bytes + 1);
    a->sorted = large_alloc(2 * n * sizeof *a->sorted);
    a->rows = large_alloc(n * sizeof *a->rows);
    a->hours = large_alloc(n * sizeof *a->hours);
    bool all = part->coords && part->categories && part->amenities && part->ids && part->more &&
               part->index && part->texts && a->sorted && a->rows && a->hours;
    return all ? ERR_OK : ERR_NOMEM;
}

/* How many places and how much text each category has. */
static void measure(struct arranging *a, size_t batch_count)
{
    int64_t last = INT64_MIN;
    for (size_t b = 0; b < batch_count; b++)
        for (uint32_t i = 0; i < a->batches[b]->count; i++) {
            const struct placebatch_row *row = &a->batches[b]->rows[i];
            a->starts[row->more.category + 1]++;
            a->text_starts[row->more.category + 1] += text_bytes_of(a->batches[b], row);
            a->ascending = a->ascending && row->more.id > last;
            last = row->more.id;
        }
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        a->starts[c + 1] += a->starts[c];
        a->text_starts[c + 1] += a->text_starts[c];
    }
}

static void find_keys(void *user, size_t job)
{
    struct arranging *a = user;
    uint32_t first = (uint32_t)job * KEYS_A_JOB;
    uint32_t end = a->count - first > KEYS_A_JOB ? first + KEYS_A_JOB : a->count;
    for (uint32_t n = first; n < end; n++) {
        const struct placebatch *batch;
        const struct placebatch_row *row = row_at(a, n, &batch);
        a->sorted[n] =
            (struct hilbert_entry){hilbert_key(&a->curve, row->at), n, row->more.category};
    }
}

/* Deals the places along the curve to their categories, and plants the tree over all of them. */
static enum err deal(struct arranging *a)
{
    uint32_t next[PLACESET_CATEGORIES], *items;
    struct box_e7 *leaves;
    enum err e = rtree_begin(a->count, &a->part->tree, &leaves, &items);
    memcpy(next, a->starts, sizeof next);
    for (uint32_t k = 0; k < a->count && !e; k++) {
        const struct hilbert_entry *entry = &a->sorted[k];
        items[k] = next[entry->tag]++;
        a->rows[items[k]] = entry->item;
    }
    return e;
}

/* Sets place `i`, whose texts begin at `at`; tells how long they are. */
static size_t put_row(struct arranging *a, uint32_t i, size_t at)
{
    struct placepart *part = a->part;
    const struct placebatch *batch;
    const struct placebatch_row *row = row_at(a, a->rows[i], &batch);
    size_t bytes = text_bytes_of(batch, row);
    part->coords[i] = row->at;
    part->categories[i] = row->more.category;
    part->amenities[i] = row->more.amenities;
    part->ids[i] = row->more.id;
    part->index[a->ascending ? a->rows[i] : i] = (struct placepart_by_id){row->more.id, i};
    part->more[i] = row->more;
    part->more[i].texts = (uint32_t)at;
    memcpy(part->texts + at, batch->texts + row->more.texts, bytes);
    a->hours[i] = (struct openings_texts){pool_get(&batch->hours, row->hours[0]),
                                          pool_get(&batch->hours, row->hours[1])};
    return bytes;
}

/* Rows are read in the order of the curve, from all over memory: they are sent for in time. */
enum { AHEAD = 32, TEXT_AHEAD = 16 };
static void fetch_ahead(const struct arranging *a, uint32_t i, uint32_t end)
{
    const struct placebatch *batch;
    const struct placebatch_row *row;
    if (i + AHEAD < end) {
        row = row_at(a, a->rows[i + AHEAD], &batch);
        __builtin_prefetch(row);
        __builtin_prefetch(row + 1); /* tells where the texts end */
    }
    if (i + TEXT_AHEAD >= end) return;
    row = row_at(a, a->rows[i + TEXT_AHEAD], &batch);
    __builtin_prefetch(batch->texts + row->more.texts);
    __builtin_prefetch(batch->texts + row->more.texts + 64);
}

static void set_group(void *user, size_t category)
{
    struct arranging *a = user;
    uint32_t first = a->starts[category], end = a->starts[category + 1];
    size_t at = a->text_starts[category];
    for (uint32_t i = first; i < end; i++) {
        fetch_ahead(a, i, end);
        at += put_row(a, i, at);
    }
    a->failures[category] = placepart_trees_group(a->part, (unsigned)category, first, end);
}

static enum err set_closings(struct arranging *a, size_t batch_count)
{
    struct placepart *part = a->part;
    size_t sum = 0;
    enum err e = ERR_OK;
    for (size_t b = 0; b < batch_count; b++)
        sum += a->batches[b]->closing_count;
    part->closings = malloc((sum + 1) * sizeof *part->closings);
    if (!part->closings) return ERR_NOMEM;
    for (size_t b = 0; b < batch_count; b++)
        for (uint32_t i = 0; i < a->batches[b]->closing_count && !e; i++) {
            struct placepart_closing closing = a->batches[b]->closings[i];
            const char *reason = pool_get(&a->batches[b]->hours, closing.reason);
            closing.place =
                (uint32_t)placepart_by_id(part, a->batches[b]->rows[closing.place].more.id);
            e = pool_put(&part->reasons, reason, &closing.reason);
            part->closings[part->closing_count++] = closing;
        }
    pool_seal(&part->reasons);
    qsort(part->closings, part->closing_count, sizeof *part->closings, compare_closings);
    return e;
}

/* What is left when every category's places are set: the tree over all, and the hours. */
static void finish(void *user, size_t job)
{
    struct arranging *a = user;
    if (job == 0)
        placepart_trees_all(a->part);
    else
        a->failures[0] = openings_new(a->hours, a->count, &a->part->openings);
}

static enum err arrange(struct arranging *a, size_t batch_count)
{
    unsigned threads = a->count < MANY ? 1 : jobs_threads();
    enum err e = allocate(a);
    if (e) return e;
    hilbert_init(&a->curve);
    measure(a, batch_count);
    jobs_run(threads, a->count / KEYS_A_JOB + 1, find_keys, a);
    hilbert_sort(a->sorted, a->sorted + a->count, a->count);
    e = deal(a);
    if (e) return e;
    jobs_run(threads, PLACESET_CATEGORIES, set_group, a);
    for (unsigned c = 0; c < PLACESET_CATEGORIES && !e; c++)
        e = a->failures[c];
    a->part->count = a->count;
    if (e) return e;
    if (!a->ascending) qsort(a->part->index, a->count, sizeof *a->part->index, compare_ids);
    jobs_run(threads, 2, finish, a);
    return a->failures[0] ? a->failures[0] : set_closings(a, batch_count);
}

enum err placepart_new(const struct placebatch *const *batches, size_t batch_count, uint32_t first,
                       struct placepart **part)
{
    struct arranging a = {.batches = batches, .ascending = true};
    size_t count = 0;
    for (size_t b = 0; b < batch_count; b++) {
        count += batches[b]->count;
        a.text_bytes += batches[b]->text_bytes;
    }
    if (count > INT32_MAX - (size_t)first || a.text_bytes > UINT32_MAX) return ERR_LIMIT;
    a.part = calloc(1, sizeof *a.part);
    if (!a.part) return ERR_NOMEM;
    atomic_init(&a.part->references, 1);
    a.part->first = first;
    a.count = (uint32_t)count;
    enum err e = arrange(&a, batch_count);
    free(a.sorted);
    free(a.rows);
    free(a.hours);
    if (e) {
        placepart_release(a.part);
        return e;
    }
    *part = a.part;
    return ERR_OK;
}

struct placepart *placepart_hold(struct placepart *part)
{
    atomic_fetch_add(&part->references, 1);
    return part;
}

void placepart_release(struct placepart *part)
{
    if (!part || atomic_fetch_sub(&part->references, 1) != 1) return;
    for (unsigned c = 0; c < PLACESET_CATEGORIES; c++) {
        rtree_fini(&part->groups[c].tree);
        free(part->groups[c].amenities);
    }
    rtree_fini(&part->tree);
    openings_free(part->openings);
    free(part->coords);
    free(part->categories);
    free(part->amenities);
    free(part->ids);
    free(part->more);
    free(part->index);
    free(part->closings);
    free(part->texts);
    pool_fini(&part->reasons);
    free(part);
}

int64_t placepart_by_id(const struct placepart *part, int64_t id)
{
    const struct placepart_by_id key = {id, 0};
    const struct placepart_by_id *found =
        bsearch(&key, part->index, part->count, sizeof *part->index, compare_ids);
    return found ? (int64_t)found->index : -1;
}

const struct placepart_closing *placepart_closing(const struct placepart *part, uint32_t local)
{
    const struct placepart_closing key = {.place = local};
    if (!part->closing_count) return NULL;
    return bsearch(&key, part->closings, part->closing_count, sizeof *part->closings,
                   compare_closings);
}

enum { LINE_BYTES = 64 };

void placepart_fetch(const struct placepart *part, uint32_t local)
{
    __builtin_prefetch(&part->more[local]);
}

void placepart_fetch_texts(const struct placepart *part, uint32_t local)
{
    const char *texts = part->texts + part->more[local].texts;
    __builtin_prefetch(texts);
    __builtin_prefetch(texts + LINE_BYTES);
}

struct place placepart_at(const struct placepart *part, uint32_t local)
{
    const struct placepart_more *more = &part->more[local];
    const struct placepart_closing *closing = placepart_closing(part, local);
    struct place place = {
        .id = more->id,
        .at = coord_from_e7(part->coords[local]),
        .category = more->category,
        .amenities = more->amenities,
        .version = more->version,
        .capacity = more->capacity,
        .doubted = more->doubted,
        .by_staff = more->by_staff,
        .confirmed_ms = (int64_t)more->confirmed_s * 1000,
        .closed_reason = "",
    };
    const char *text = part->texts + more->texts;
    unsigned head = (unsigned char)text[0] | (unsigned)(unsigned char)text[1] << 8;
    place.plain = head >> PLACEPART_PLAIN & 1;
    text += PLACEPART_HEAD;
#define TEXT(field)                                                                                \
    place.field = "";                                                                              \
    if (head >> PLACEPART_##field & 1) {                                                           \
        size_t len = strlen(text);                                                                 \
        place.field = text;                                                                        \
        place.lengths[PLACEPART_##field] = (uint32_t)len;                                          \
        text += len + 1;                                                                           \
    }
    PLACEPART_TEXTS(TEXT)
#undef TEXT
    if (closing) {
        place.closed_from_ms = closing->from_ms;
        place.closed_to_ms = closing->to_ms;
        place.closed_reason = pool_get(&part->reasons, closing->reason);
    }
    return place;
}
