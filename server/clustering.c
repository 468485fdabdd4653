#include "server/clustering.h"

#include <pthread.h>
#include <stdlib.h>

struct clustering_held {
    struct clusterset *clusters;
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
    clusterset_free(held->clusters);
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

/* `before` lends what it has of the same base. */
static enum err make(const struct snapshot *snapshot, const struct clustering_held *before,
                     struct clustering_held **made)
{
    struct clustering_held *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    enum err e =
        clusterset_new(snapshot->places, before ? before->clusters : NULL, &fresh->clusters);
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
    enum err e = make(snapshot, current, &fresh);
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

const struct clusterset *clustering_clusters(const struct clustering_held *held)
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
