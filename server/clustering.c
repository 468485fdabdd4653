#include "server/clustering.h"

#include <pthread.h>
#include <stdlib.h>

struct clustering_held {
    struct clusters *clusters;
    uint64_t since;      /* SNAPSHOT_PLACES */
    unsigned references; /* under the lock */
};

struct clustering {
    pthread_mutex_t lock;
    struct clustering_held *current;
};

static void release(struct clustering_held *held)
{
    if (!held || --held->references > 0) return;
    clusters_free(held->clusters);
    free(held);
}

enum err clustering_new(struct clustering **clustering)
{
    struct clustering *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    pthread_mutex_init(&fresh->lock, NULL);
    *clustering = fresh;
    return ERR_OK;
}

void clustering_free(struct clustering *clustering)
{
    if (!clustering) return;
    release(clustering->current);
    pthread_mutex_destroy(&clustering->lock);
    free(clustering);
}

/* What a set shows, one after the other. */
struct shown {
    const struct placeset *places;
    struct coord_e7 *at;
    uint8_t *categories;
    uint32_t *names;
    size_t count;
};

static bool show(void *user, uint32_t place)
{
    struct shown *s = user;
    s->at[s->count] = placeset_coord(s->places, place);
    s->categories[s->count] = (uint8_t)placeset_category(s->places, place);
    s->names[s->count++] = place;
    return true;
}

static enum err gather(const struct placeset *places, struct clusters **clusters)
{
    const struct placepart *base = placeset_part(places, PLACESET_BASE);
    size_t count = placeset_count(places);
    if (!placeset_hidden(places) && placeset_end(places) == base->count)
        return clusters_new(base->coords, base->categories, NULL, base->count, clusters);
    struct shown shown = {.places = places,
                          .at = malloc((count + 1) * sizeof *shown.at),
                          .categories = malloc((count + 1) * sizeof *shown.categories),
                          .names = malloc((count + 1) * sizeof *shown.names)};
    enum err e = shown.at && shown.categories && shown.names ? ERR_OK : ERR_NOMEM;
    if (!e) {
        placeset_walk(places, INT64_MIN, show, &shown);
        e = clusters_new(shown.at, shown.categories, shown.names, shown.count, clusters);
    }
    free(shown.at);
    free(shown.categories);
    free(shown.names);
    return e;
}

static enum err make(const struct snapshot *snapshot, struct clustering_held **made)
{
    const struct placeset *places = snapshot->places;
    struct clustering_held *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    enum err e = gather(places, &fresh->clusters);
    if (e) {
        free(fresh);
        return e;
    }
    fresh->since = snapshot->since[SNAPSHOT_PLACES];
    fresh->references = 1;
    *made = fresh;
    return ERR_OK;
}

/* Who still works with an older snapshot makes its own and leaves the newer where they are. */
static enum err enter(struct clustering *clustering, const struct snapshot *snapshot,
                      struct clustering_held **held)
{
    struct clustering_held *current = clustering->current, *fresh = NULL;
    uint64_t since = snapshot->since[SNAPSHOT_PLACES];
    if (current && current->since == since) {
        current->references++;
        *held = current;
        return ERR_OK;
    }
    enum err e = make(snapshot, &fresh);
    if (e) return e;
    if (!current || current->since < since) {
        release(current);
        clustering->current = fresh;
        fresh->references++;
    }
    *held = fresh;
    return ERR_OK;
}

enum err clustering_enter(struct clustering *clustering, const struct snapshot *snapshot,
                          struct clustering_held **held)
{
    pthread_mutex_lock(&clustering->lock);
    enum err e = enter(clustering, snapshot, held);
    pthread_mutex_unlock(&clustering->lock);
    return e;
}

const struct clusters *clustering_clusters(const struct clustering_held *held)
{
    return held->clusters;
}

void clustering_leave(struct clustering *clustering, struct clustering_held *held)
{
    if (!held) return;
    pthread_mutex_lock(&clustering->lock);
    release(held);
    pthread_mutex_unlock(&clustering->lock);
}
