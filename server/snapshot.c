#include "server/snapshot.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A part shared by the snapshots that did not change it. */
struct part {
    atomic_uint references;
    void *value;
    void (*free_value)(void *value);
};

enum { PLACES, AREAS, GRIDS, ROADS, ANCHORS, ANCHORS_DELTA, WORDS, WORDS_DELTA, AREA_WORDS, PARTS };

struct holder {
    struct snapshot shown;
    atomic_uint references; /* readers', and the store's own */
    struct part *parts[PARTS];
    struct holder *next; /* among the retired */
};

struct snapshot_reader {
    struct snapshot_store *store;
    pthread_mutex_t busy;
    struct holder *held;
    struct snapshot_reader *next;
};

struct snapshot_store {
    pthread_mutex_t lock; /* of `current` and the list of readers */
    struct holder *current;
    atomic_uint_fast64_t version;
    struct snapshot_reader *readers;
    struct holder *retired; /* the publisher's: freed by it, so that no request pays for freeing */
};

static void free_places(void *value)
{
    placeset_free(value);
}

static void free_areas(void *value)
{
    areaset_free(value);
}

static void free_grids(void *value)
{
    gridset_free(value);
}

static void free_roads(void *value)
{
    roads_free(value);
}

static void free_anchors(void *value)
{
    anchors_free(value);
}

static void free_words(void *value)
{
    lexicon_free(value);
}

static void part_release(struct part *part)
{
    if (!part || atomic_fetch_sub(&part->references, 1) != 1) return;
    part->free_value(part->value);
    free(part);
}

static void parts_release(struct part *parts[PARTS])
{
    for (int i = PARTS; i-- > 0;)
        part_release(parts[i]); /* anchors before the roads they borrow */
}

static void holder_free(struct holder *holder)
{
    if (!holder) return;
    parts_release(holder->parts);
    free(holder);
}

/* Gives a reader's reference back; the store still has its own. */
static void holder_release(struct holder *holder)
{
    if (holder) atomic_fetch_sub_explicit(&holder->references, 1, memory_order_acq_rel);
}

enum err snapshot_store_new(struct snapshot_store **store)
{
    struct snapshot_store *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    pthread_mutex_init(&fresh->lock, NULL);
    *store = fresh;
    return ERR_OK;
}

void snapshot_store_free(struct snapshot_store *store)
{
    if (!store) return;
    assert(!store->readers);
    holder_free(store->current);
    while (store->retired) {
        struct holder *next = store->retired->next;
        holder_free(store->retired);
        store->retired = next;
    }
    pthread_mutex_destroy(&store->lock);
    free(store);
}

uint64_t snapshot_version(const struct snapshot_store *store)
{
    return atomic_load_explicit(&store->version, memory_order_acquire);
}

/* A new part with one reference, or the old one with one more, or NULL for none. */
static enum err part_take(void *value, void (*free_value)(void *), struct part *old,
                          struct part **part)
{
    *part = old;
    if (!value) {
        if (old) atomic_fetch_add(&old->references, 1);
        return ERR_OK;
    }
    *part = malloc(sizeof **part);
    if (!*part) {
        free_value(value);
        return ERR_NOMEM;
    }
    (*part)->value = value;
    (*part)->free_value = free_value;
    atomic_init(&(*part)->references, 1);
    return ERR_OK;
}

/* All parts of the next snapshot, those given and those taken over; on failure some of them. */
static enum err parts_take(const struct snapshot_store *store, struct snapshot_parts *given,
                           struct part *parts[PARTS])
{
    struct part *old[PARTS] = {NULL};
    if (store->current) memcpy(old, store->current->parts, sizeof old);
    if (given->drop_roads) old[ROADS] = NULL;
    bool other_roads = given->roads || given->drop_roads;
    bool same_base =
        !given->places || (old[PLACES] && placeset_same_base(given->places, old[PLACES]->value));
    if (other_roads || !same_base) old[ANCHORS] = NULL;
    if (other_roads || given->places) old[ANCHORS_DELTA] = NULL;
    if (!same_base) old[WORDS] = NULL;
    if (given->places) old[WORDS_DELTA] = NULL;
    if (given->areas) old[AREA_WORDS] = NULL;
    enum err e[PARTS] = {
        part_take(given->places, free_places, old[PLACES], &parts[PLACES]),
        part_take(given->areas, free_areas, old[AREAS], &parts[AREAS]),
        part_take(given->grids, free_grids, old[GRIDS], &parts[GRIDS]),
        part_take(given->roads, free_roads, old[ROADS], &parts[ROADS]),
        part_take(given->anchors[PLACESET_BASE], free_anchors, old[ANCHORS], &parts[ANCHORS]),
        part_take(given->anchors[PLACESET_DELTA], free_anchors, old[ANCHORS_DELTA],
                  &parts[ANCHORS_DELTA]),
        part_take(given->words[PLACESET_BASE], free_words, old[WORDS], &parts[WORDS]),
        part_take(given->words[PLACESET_DELTA], free_words, old[WORDS_DELTA], &parts[WORDS_DELTA]),
        part_take(given->area_words, free_words, old[AREA_WORDS], &parts[AREA_WORDS])};
    *given = (struct snapshot_parts){0};
    for (int i = 0; i < PARTS; i++)
        if (e[i]) return e[i];
    return ERR_OK;
}

static const struct graph *graph_of(const struct snapshot *s)
{
    return s->roads ? roads_graph(s->roads) : NULL;
}

/* Parts that `before` still holds cannot have been freed, so that one address is one part. */
static void set_since(struct snapshot *s, const struct snapshot *before)
{
    const bool same[SNAPSHOT_TOPICS] = {
        [SNAPSHOT_PLACES] = before && s->places == before->places,
        [SNAPSHOT_AREAS] = before && s->areas == before->areas,
        [SNAPSHOT_GRAPH] = before && graph_of(s) == graph_of(before),
        [SNAPSHOT_CLOSURES] = before && s->roads == before->roads,
    };
    for (int i = 0; i < SNAPSHOT_TOPICS; i++)
        s->since[i] = same[i] ? before->since[i] : s->version;
}

static void *value_of(const struct part *part)
{
    return part ? part->value : NULL;
}

static struct holder *holder_new(const struct snapshot_store *store, struct snapshot_parts *given)
{
    struct part *parts[PARTS] = {NULL};
    struct holder *fresh = calloc(1, sizeof *fresh);
    if (parts_take(store, given, parts) || !fresh || !parts[PLACES] || !parts[AREAS]) {
        parts_release(parts);
        free(fresh);
        return NULL;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    memcpy(fresh->parts, parts, sizeof parts);
    fresh->shown =
        (struct snapshot){.places = parts[PLACES]->value,
                          .areas = parts[AREAS]->value,
                          .grids = parts[GRIDS] ? parts[GRIDS]->value : NULL,
                          .roads = value_of(parts[ROADS]),
                          .anchors = {value_of(parts[ANCHORS]), value_of(parts[ANCHORS_DELTA])},
                          .words = {value_of(parts[WORDS]), value_of(parts[WORDS_DELTA])},
                          .area_words = value_of(parts[AREA_WORDS]),
                          .version = snapshot_version(store) + 1,
                          .made_ns = now.tv_sec * 1000000000LL + now.tv_nsec};
    set_since(&fresh->shown, store->current ? &store->current->shown : NULL);
    atomic_init(&fresh->references, 1);
    return fresh;
}

enum err snapshot_publish(struct snapshot_store *store, struct snapshot_parts *parts)
{
    struct holder *fresh = holder_new(store, parts);
    if (!fresh) return ERR_NOMEM;
    pthread_mutex_lock(&store->lock);
    struct holder *old = store->current;
    store->current = fresh;
    atomic_store_explicit(&store->version, fresh->shown.version, memory_order_release);
    pthread_mutex_unlock(&store->lock);
    if (old) {
        old->next = store->retired;
        store->retired = old;
    }
    snapshot_sweep(store);
    return ERR_OK;
}

void snapshot_sweep(struct snapshot_store *store)
{
    pthread_mutex_lock(&store->lock);
    for (struct snapshot_reader *r = store->readers; r; r = r->next) {
        if (pthread_mutex_trylock(&r->busy)) continue;
        if (r->held != store->current) {
            holder_release(r->held);
            r->held = NULL;
        }
        pthread_mutex_unlock(&r->busy);
    }
    pthread_mutex_unlock(&store->lock);
    for (struct holder **at = &store->retired; *at;) {
        struct holder *old = *at;
        if (atomic_load_explicit(&old->references, memory_order_acquire) > 1) {
            at = &old->next;
            continue;
        }
        *at = old->next;
        holder_free(old);
    }
}

enum err snapshot_reader_new(struct snapshot_store *store, struct snapshot_reader **reader)
{
    struct snapshot_reader *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    fresh->store = store;
    pthread_mutex_init(&fresh->busy, NULL);
    pthread_mutex_lock(&store->lock);
    fresh->next = store->readers;
    store->readers = fresh;
    pthread_mutex_unlock(&store->lock);
    *reader = fresh;
    return ERR_OK;
}

void snapshot_reader_free(struct snapshot_reader *reader)
{
    if (!reader) return;
    struct snapshot_store *store = reader->store;
    pthread_mutex_lock(&store->lock);
    for (struct snapshot_reader **at = &store->readers; *at; at = &(*at)->next)
        if (*at == reader) {
            *at = reader->next;
            break;
        }
    pthread_mutex_unlock(&store->lock);
    holder_release(reader->held);
    pthread_mutex_destroy(&reader->busy);
    free(reader);
}

/* Lock order: a reader's before the store's here, the other way round in the sweep, which is why
 * the sweep only ever tries. */
const struct snapshot *snapshot_enter(struct snapshot_reader *reader)
{
    pthread_mutex_lock(&reader->busy);
    if (!reader->held || reader->held->shown.version != snapshot_version(reader->store)) {
        pthread_mutex_lock(&reader->store->lock);
        struct holder *current = reader->store->current;
        if (current) atomic_fetch_add(&current->references, 1);
        pthread_mutex_unlock(&reader->store->lock);
        holder_release(reader->held);
        reader->held = current;
    }
    return reader->held ? &reader->held->shown : NULL;
}

void snapshot_leave(struct snapshot_reader *reader)
{
    pthread_mutex_unlock(&reader->busy);
}
