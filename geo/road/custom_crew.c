/* Threads that share the elimination tree: what lies in different subtrees has nothing to do with
 * each other, so a part of the tree can be worked on when all parts below it are done (or, from the
 * top down, the part above). Parts are whole small subtrees, and above them stretches without a
 * branch. Who does what changes from run to run; what comes out does not. */
#include "geo/road/custom_work.h"

#include <pthread.h>
#include <stdlib.h>

/* Subtrees are cut to this share of a thread's work, so that none waits long for others. */
enum { SHARE = 8, THREADS_MAX = 64 };

struct part {
    uint32_t from, until;    /* vertices */
    uint32_t parent;         /* the part above; NETWORK_NONE */
    uint32_t child, sibling; /* lists of the parts below; NETWORK_NONE */
    uint32_t waiting;        /* parts that must be done first */
};

struct crew {
    const struct custom_work *work;
    struct part *parts;
    uint32_t *ready; /* a stack */
    uint32_t part_count, ready_count, left;
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

struct worker {
    struct crew *crew;
    unsigned number;
    pthread_t thread;
};

/* How many vertices each subtree holds. False when they are not numbered so that every subtree is
 * contiguous, which order_make does: then one thread has to do. */
static bool measure(const struct cch *cch, uint32_t *sizes)
{
    for (uint32_t v = 0; v < cch->vertex_count; v++)
        sizes[v] = 1;
    for (uint32_t v = 0; v < cch->vertex_count; v++)
        if (cch->parent[v] != NETWORK_NONE) sizes[cch->parent[v]] += sizes[v];
    /* Where every subtree would begin lies within where its parent's would: then all do. */
    for (uint32_t v = 0; v < cch->vertex_count; v++) {
        uint32_t parent = cch->parent[v];
        if (parent != NETWORK_NONE && v + 1 - sizes[v] < parent + 1 - sizes[parent]) return false;
    }
    return true;
}

static void cut(struct crew *crew, const struct cch *cch, const uint32_t *sizes, uint32_t largest)
{
    struct part none = {0, 0, NETWORK_NONE, NETWORK_NONE, NETWORK_NONE, 0};
    for (uint32_t v = 0; v < cch->vertex_count; v++) {
        uint32_t parent = cch->parent[v];
        bool whole = sizes[v] <= largest;
        if (whole && parent != NETWORK_NONE && sizes[parent] <= largest) continue;
        if (!whole && v > 0 && cch->parent[v - 1] == v && sizes[v - 1] + 1 == sizes[v]) {
            crew->parts[crew->part_count - 1].until = v + 1; /* an only child's parent */
            continue;
        }
        struct part *part = &crew->parts[crew->part_count++];
        *part = none;
        part->from = whole ? v + 1 - sizes[v] : v;
        part->until = v + 1;
    }
}

/* A part's parent begins with the parent of its last vertex: were that in the middle of a stretch,
 * it would have no other child, and would have been added to the part. `begins` is scratch. */
static void join(struct crew *crew, const struct cch *cch, uint32_t *begins)
{
    bool rising = crew->work->rising;
    for (uint32_t i = 0; i < crew->part_count; i++)
        begins[crew->parts[i].from] = i;
    for (uint32_t i = 0; i < crew->part_count; i++) {
        struct part *part = &crew->parts[i];
        uint32_t parent = cch->parent[part->until - 1];
        if (parent == NETWORK_NONE) continue;
        struct part *above = &crew->parts[begins[parent]];
        part->parent = begins[parent];
        part->sibling = above->child;
        above->child = i;
        (rising ? above : part)->waiting++;
    }
    for (uint32_t i = 0; i < crew->part_count; i++)
        if (!crew->parts[i].waiting) crew->ready[crew->ready_count++] = i;
    crew->left = crew->part_count;
}

static void release(struct crew *crew, uint32_t part)
{
    if (--crew->parts[part].waiting == 0) crew->ready[crew->ready_count++] = part;
}

static void *labour(void *user)
{
    struct worker *self = user;
    struct crew *crew = self->crew;
    pthread_mutex_lock(&crew->lock);
    while (crew->left) {
        if (!crew->ready_count) {
            pthread_cond_wait(&crew->changed, &crew->lock);
            continue;
        }
        const struct part *part = &crew->parts[crew->ready[--crew->ready_count]];
        pthread_mutex_unlock(&crew->lock);
        crew->work->run(crew->work->user, self->number, part->from, part->until);
        pthread_mutex_lock(&crew->lock);
        crew->left--;
        if (crew->work->rising && part->parent != NETWORK_NONE) release(crew, part->parent);
        if (!crew->work->rising)
            for (uint32_t c = part->child; c != NETWORK_NONE; c = crew->parts[c].sibling)
                release(crew, c);
        pthread_cond_broadcast(&crew->changed);
    }
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* Threads that cannot be had are done without. */
static void set_to_work(struct crew *crew, unsigned threads)
{
    struct worker workers[THREADS_MAX];
    bool there[THREADS_MAX] = {false};
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->changed, NULL);
    for (unsigned i = 1; i < threads; i++) {
        workers[i] = (struct worker){.crew = crew, .number = i};
        there[i] = pthread_create(&workers[i].thread, NULL, labour, &workers[i]) == 0;
    }
    workers[0] = (struct worker){.crew = crew};
    labour(&workers[0]);
    for (unsigned i = 1; i < threads; i++)
        if (there[i]) pthread_join(workers[i].thread, NULL);
    pthread_cond_destroy(&crew->changed);
    pthread_mutex_destroy(&crew->lock);
}

unsigned custom_crew_size(unsigned threads)
{
    return threads < 1 ? 1 : threads > THREADS_MAX ? THREADS_MAX : threads;
}

void custom_crew(const struct cch *cch, unsigned threads, const struct custom_work *work)
{
    size_t count = cch->vertex_count;
    struct crew crew = {.work = work};
    uint32_t *sizes = NULL;
    bool together = threads > 1;
    if (together) {
        sizes = calloc(count, sizeof *sizes);
        crew.parts = malloc(count * sizeof *crew.parts); /* of which few are ever touched */
        crew.ready = malloc(count * sizeof *crew.ready);
        together = sizes && crew.parts && crew.ready && measure(cch, sizes);
    }
    if (together) {
        cut(&crew, cch, sizes, (uint32_t)(count / (SHARE * threads)) + 1);
        join(&crew, cch, sizes);
        set_to_work(&crew, threads);
    } else {
        work->run(work->user, 0, 0, cch->vertex_count);
    }
    free(sizes);
    free(crew.parts);
    free(crew.ready);
}
