#include "server/api/place_page.h"

/* Two runs of hits ordered by place id into one of at most `limit`. */
static void merge(const struct placeset *set, const struct place_page *a,
                  const struct place_page *b, uint32_t limit, struct place_page *out)
{
    uint32_t i = 0, j = 0, n = 0;
    while (n < limit && (i < a->count || j < b->count)) {
        int64_t id_a = i < a->count ? placeset_id(set, a->hits[i].place) : INT64_MAX;
        int64_t id_b = j < b->count ? placeset_id(set, b->hits[j].place) : INT64_MAX;
        bool first = j == b->count || (i < a->count && id_a <= id_b);
        bool both = i < a->count && j < b->count && id_a == id_b; /* on the edge of both */
        out->hits[n++] = first ? a->hits[i++] : b->hits[j++];
        j += both;
    }
    out->count = n;
    out->more = a->more || b->more || i < a->count || j < b->count;
}

enum err place_page_find(struct tools *tools, const struct place_query *query, int64_t after_id,
                         uint32_t limit, struct arena *arena, struct place_page *page)
{
    struct place_page part[PLACE_QUERY_BOXES] = {{0}, {0}}, whole = {0};
    struct box boxes[PLACE_QUERY_BOXES];
    const struct placeset *set = tools->snapshot->places;
    size_t count = place_query_bounds(query, boxes);
    for (size_t i = 0; i < count; i++) {
        part[i].hits = arena_alloc(arena, limit * sizeof(struct nearest_hit));
        if (!part[i].hits) return ERR_NOMEM;
        enum err e = nearest_in_box(set, &tools->nearest, boxes[i], &query->filter, after_id, limit,
                                    part[i].hits, &part[i].count, &part[i].more);
        if (e) return e;
    }
    whole.hits = arena_alloc(arena, limit * sizeof *whole.hits);
    if (!whole.hits) return ERR_NOMEM;
    merge(set, &part[0], &part[1], limit, &whole);
    *page = whole;
    return ERR_OK;
}
