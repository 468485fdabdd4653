#include "server/inforce.h"

#include "data/closures.h"

#include <stdlib.h>
#include <string.h>

/* A closure's edges on the present road file. */
struct cover {
    uint32_t *edges; /* NULL: not looked for yet */
    size_t count;
};

struct inforce {
    const struct graph *graph;
    struct arena arena; /* of the closures */
    const struct closures_closure *closures;
    struct cover *covers; /* beside the closures */
    size_t count;
    struct roads_closure *lent;
};

enum err inforce_new(struct inforce **inforce)
{
    struct inforce *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    *inforce = fresh;
    return ERR_OK;
}

static void drop_covers(struct inforce *f)
{
    for (size_t i = 0; i < f->count; i++) {
        free(f->covers[i].edges);
        f->covers[i] = (struct cover){0};
    }
}

void inforce_free(struct inforce *inforce)
{
    if (!inforce) return;
    drop_covers(inforce);
    free(inforce->covers);
    free(inforce->lent);
    arena_fini(&inforce->arena);
    free(inforce);
}

void inforce_set_graph(struct inforce *inforce, const struct graph *graph)
{
    drop_covers(inforce);
    inforce->graph = graph;
}

/* What has not changed keeps its edges; both lists ascend by id. */
static void keep_covers(struct inforce *old, const struct closures_closure *closures,
                        struct cover *covers, size_t count)
{
    for (size_t i = 0, j = 0; i < count; i++) {
        while (j < old->count && old->closures[j].id < closures[i].id)
            j++;
        if (j == old->count || old->closures[j].id != closures[i].id ||
            old->closures[j].version != closures[i].version)
            continue;
        covers[i] = old->covers[j];
        old->covers[j] = (struct cover){0};
    }
}

enum err inforce_load(struct inforce *inforce, struct db *db, int64_t now_ms)
{
    struct arena arena = {0};
    const struct closures_closure *closures = NULL;
    size_t count = 0;
    enum err e = closures_load(db, now_ms, &arena, &closures, &count);
    struct cover *covers = e ? NULL : calloc(count + 1, sizeof *covers);
    struct roads_closure *lent = e ? NULL : calloc(count + 1, sizeof *lent);
    if (!e && (!covers || !lent)) e = ERR_NOMEM;
    if (e) {
        free(covers);
        free(lent);
        arena_fini(&arena);
        return e;
    }
    keep_covers(inforce, closures, covers, count);
    drop_covers(inforce);
    free(inforce->covers);
    free(inforce->lent);
    arena_fini(&inforce->arena);
    inforce->arena = arena;
    inforce->closures = closures;
    inforce->covers = covers;
    inforce->count = count;
    inforce->lent = lent;
    return ERR_OK;
}

/* A shape that the present rules refuse covers nothing: it was taken by a program that knew it. */
static enum err find_cover(const struct inforce *f, size_t i)
{
    struct arena arena = {0};
    struct cover *cover = &f->covers[i];
    const uint32_t *edges = NULL;
    size_t count = 0;
    if (cover->edges) return ERR_OK;
    enum err e = cover_edges(f->graph, &f->closures[i].terms.shape, &arena, &edges, &count, NULL);
    if (e == ERR_INVALID) e = ERR_OK;
    uint32_t *kept = e ? NULL : calloc(count + 1, sizeof *kept);
    if (!e && !kept) e = ERR_NOMEM;
    if (!e) {
        if (count) memcpy(kept, edges, count * sizeof *kept);
        *cover = (struct cover){kept, count};
    }
    arena_fini(&arena);
    return e;
}

/* Names of profiles as bits; one that the road file does not have binds nobody. */
static uint32_t profile_bits(const struct graph *graph, const char *words)
{
    uint32_t bits = 0;
    size_t count = graph_profile_count(graph);
    for (size_t p = 0; p < count && p < 32; p++) {
        const char *name = graph_profile_name(graph, p), *rest = words;
        size_t len = strlen(name);
        bool named = !words[0];
        while (!named && (rest = strstr(rest, name)) != NULL) {
            named = (rest == words || rest[-1] == ' ') && (rest[len] == ' ' || !rest[len]);
            rest += len;
        }
        if (named) bits |= (uint32_t)1 << p;
    }
    return bits;
}

enum err inforce_at(struct inforce *inforce, int64_t now_ms, const struct roads_closure **closures,
                    size_t *count, int64_t *next_ms)
{
    size_t n = 0;
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < inforce->count; i++) {
        const struct closures_terms *terms = &inforce->closures[i].terms;
        enum closures_state state = closures_state_of(&inforce->closures[i], now_ms);
        int64_t until = state == CLOSURES_PLANNED ? terms->from_ms : terms->to_ms;
        if (state == CLOSURES_ENDED) continue;
        if (until < next) next = until;
        if (state == CLOSURES_PLANNED) continue;
        enum err e = find_cover(inforce, i);
        if (e) return e;
        inforce->lent[n++] =
            (struct roads_closure){.edges = inforce->covers[i].edges,
                                   .edge_count = inforce->covers[i].count,
                                   .profiles = profile_bits(inforce->graph, terms->profiles),
                                   .factor = terms->factor,
                                   .until_ms = terms->to_ms};
    }
    *closures = inforce->lent;
    *count = n;
    *next_ms = next;
    return ERR_OK;
}
