#include "geo/place/seek.h"

#include "geo/base/text.h"
#include "geo/space/geodesic.h"

#include <stdlib.h>
#include <string.h>

/* Where many are found, so many of the nearest places, or of the first by id, are walked over as
 * pay: one is cheaper to look up than to walk to. Nearest ones come in batches that grow, since
 * mostly the first will do. */
enum { FIRST_BATCH = 64, BATCH_GROWTH = 8, WALK = 512 };

static const double least_meridian_m = 6335439.327; /* a (1 - e^2) of WGS 84, rounded down */
static const double radian = 0.017453292519943295;

struct seek {
    const struct seek_query *query;
    struct seek_work *work;
    struct geodesic_from from;
    /* What bounds distances beyond the limit asked for last. */
    double limit_m, least_haversine;
    struct geodesic_plane plane;
    bool near;
    /* While walking by id. */
    bool (*visit)(void *visitor, uint32_t doc, double rank);
    void *visitor;
    uint32_t seen;
    bool gave_up;
};

/* ---- reading ---- */

/* Calls `each` with the pieces between semicolons, until it fails. */
static enum err split(const char *names, enum err (*each)(void *user, const char *text, size_t len),
                      void *user)
{
    enum err e = ERR_OK;
    while (*names && !e) {
        size_t len = strcspn(names, ";");
        e = each(user, names, len);
        names += len + (names[len] == ';');
    }
    return e;
}

static enum err add_name(void *user, const char *text, size_t len)
{
    return lexicon_add_name(user, text, len);
}

static enum err add_place(struct lexicon_builder *builder, const struct place *place)
{
    enum err e = add_name(builder, place->name, strlen(place->name));
    if (!e) e = add_name(builder, place->name_en, strlen(place->name_en));
    if (!e) e = split(place->names, add_name, builder);
    if (!e) e = lexicon_add_address(builder, place->address, strlen(place->address));
    return e ? e : lexicon_end_doc(builder, place->category);
}

enum err seek_read(const struct placepart *part, const struct progress *progress,
                   struct lexicon **words)
{
    enum { SAY_EVERY = 1 << 14 };
    struct lexicon_builder *builder;
    enum err e = lexicon_builder_new(&builder);
    if (e) return e;
    for (uint32_t i = 0; i < part->count && !e; i++) {
        struct place place = placepart_at(part, i);
        e = add_place(builder, &place);
        if (!e && i % SAY_EVERY == 0 && !progress_say(progress, "words", i, part->count))
            e = ERR_CANCELLED;
    }
    if (!e) e = lexicon_build(builder, progress, words);
    lexicon_builder_free(builder);
    return e;
}

/* ---- what the finder is told ---- */

static bool keep(void *user, uint32_t doc)
{
    const struct seek *seek = user;
    return filter_keeps(seek->query->set, seek->query->filter, doc);
}

static int64_t id_of(void *user, uint32_t doc)
{
    const struct seek *seek = user;
    return placeset_id(seek->query->set, doc);
}

static uint64_t amenities_of(const void *set, uint32_t doc)
{
    return placeset_amenities(set, doc);
}

/* By id: ids stay below 2^53. */
static bool rank_by_id(void *user, uint32_t doc, double limit, double *rank)
{
    *rank = (double)id_of(user, doc);
    return *rank <= limit;
}

/* The bounds are those of nearest.c: a plane for what is near, a sphere inside the ellipsoid for
 * what is far. A micrometre and a billionth of slack, since they are rounded, too. */
static void set_limit(struct seek *seek, double limit_m)
{
    double slack = limit_m * (1 + 1e-9) + 1e-6;
    seek->limit_m = limit_m;
    seek->near = geodesic_plane_within(seek->query->near.lat, slack, &seek->plane);
    double half = slack / least_meridian_m / 2, sine = sin(half);
    seek->least_haversine = half < 1.5707963267948966 ? sine * sine : 1;
}

static bool is_beyond(const struct seek *seek, struct coord at)
{
    const struct coord from = seek->query->near;
    if (seek->near)
        return geodesic_plane_distance_m(&seek->plane, from, at) >
               seek->limit_m * (1 + 1e-9) + 1e-6;
    double s = sin((at.lat - from.lat) * radian / 2), t = sin((at.lon - from.lon) * radian / 2);
    double haversine = s * s + seek->from.cosine * cos(at.lat * radian) * t * t;
    return haversine > seek->least_haversine * (1 + 1e-9) + 1e-15;
}

static bool rank_by_distance(void *user, uint32_t doc, double limit, double *rank)
{
    struct seek *seek = user;
    const struct seek_query *query = seek->query;
    struct coord at = coord_from_e7(placeset_coord(query->set, doc));
    if (limit > query->radius_m) limit = query->radius_m;
    if (limit != seek->limit_m) set_limit(seek, limit);
    if (limit < INFINITY && is_beyond(seek, at)) return false;
    *rank = geodesic_from_distance_m(&seek->from, at);
    return *rank <= limit;
}

/* ---- walking ---- */

static enum err walk_by_distance(void *user,
                                 bool (*visit)(void *visitor, uint32_t doc, double rank),
                                 void *visitor, bool *all)
{
    struct seek *seek = user;
    const struct seek_query *query = seek->query;
    struct nearest_hit *hits = seek->work->walked;
    uint32_t seen = 0, count = 0, limit = FIRST_BATCH;
    for (;;) {
        const struct nearest_query nearest = {.at = query->near,
                                              .radius_m = query->radius_m,
                                              .limit = limit,
                                              .filter = *query->filter};
        enum err e = nearest_find(query->set, &seek->work->nearest, &nearest, hits, &count);
        if (e) return e;
        for (; seen < count; seen++)
            if (!visit(visitor, hits[seen].place, hits[seen].distance_m)) return ERR_OK;
        *all = count < limit;
        if (*all || limit == WALK) return ERR_OK;
        limit *= BATCH_GROWTH;
    }
}

static bool pass_on(void *user, uint32_t place)
{
    struct seek *seek = user;
    seek->gave_up = seek->seen++ == WALK;
    return !seek->gave_up &&
           seek->visit(seek->visitor, place, (double)placeset_id(seek->query->set, place));
}

static enum err walk_by_id(void *user, bool (*visit)(void *visitor, uint32_t doc, double rank),
                           void *visitor, bool *all)
{
    struct seek *seek = user;
    seek->visit = visit;
    seek->visitor = visitor;
    seek->seen = 0;
    seek->gave_up = false;
    placeset_walk(seek->query->set, INT64_MIN, pass_on, seek);
    *all = !seek->gave_up;
    return ERR_OK;
}

/* ---- finding ---- */

static bool make_room(struct seek_work *work, uint32_t limit)
{
    if (!work->walked) work->walked = malloc(WALK * sizeof *work->walked);
    if (work->walked && work->found_size < limit) {
        free(work->found);
        work->found = malloc(limit * sizeof *work->found);
        work->found_size = work->found ? limit : 0;
    }
    return work->walked && work->found_size >= limit;
}

static struct finder_docs docs_of(const struct seek_query *query)
{
    struct finder_docs docs = {
        .labels = query->labels, .offering = query->set, .amenities = amenities_of};
    for (unsigned p = 0; p < PLACESET_PARTS; p++)
        if (query->words[p]->doc_count)
            docs.parts[docs.part_count++] =
                (struct finder_part){query->words[p], placeset_part(query->set, p)->first};
    return docs;
}

enum err seek_find(const struct seek_query *query, struct seek_work *work, struct seek_hit *hits,
                   uint32_t *count)
{
    struct seek seek = {
        .query = query, .work = work, .from = geodesic_from(query->near), .limit_m = -1};
    struct finder_docs docs = docs_of(query);
    docs.user = &seek;
    docs.keep = keep;
    docs.rank = query->has_near ? rank_by_distance : rank_by_id;
    docs.id = id_of;
    docs.walk = query->has_near ? walk_by_distance : walk_by_id;
    uint32_t found = 0;
    if (!make_room(work, query->limit ? query->limit : 1)) return ERR_NOMEM;
    enum err e = finder_find(&docs, query->phrase, query->names_only, &work->finder, work->found,
                             query->limit, &found);
    if (e) return e;
    for (uint32_t i = 0; i < found; i++) {
        const struct finder_hit *hit = &work->found[i];
        hits[i] = (struct seek_hit){hit->doc, hit->tier, query->has_near ? hit->rank : 0};
    }
    *count = found;
    return ERR_OK;
}

enum err seek_begin(const struct seek_query *query, struct seek_work *work)
{
    work->judged = docs_of(query);
    return finder_begin(&work->judged, query->phrase, query->names_only, &work->finder);
}

bool seek_has(void *work, uint32_t place)
{
    struct seek_work *own = work;
    return finder_tier(&own->finder, place) != TERM_NONE;
}

void seek_work_fini(struct seek_work *work)
{
    finder_work_fini(&work->finder);
    nearest_work_fini(&work->nearest);
    free(work->walked);
    free(work->found);
    *work = (struct seek_work){.walked = NULL};
}

/* ---- names ---- */

struct best {
    const struct phrase *phrase;
    const char *name;
    size_t len;
    enum term_tier tier;
};

static enum err try_name(void *user, const char *text, size_t len)
{
    struct best *best = user;
    enum term_tier tier = finder_name_tier(best->phrase, text, len);
    if (tier < best->tier) *best = (struct best){best->phrase, text, len, tier};
    return ERR_OK;
}

enum term_tier seek_name(const struct placeset *set, uint32_t place, const struct phrase *phrase,
                         const char **name, size_t *len)
{
    struct place shown = placeset_at(set, place);
    struct best best = {phrase, "", 0, TERM_NONE};
    (void)try_name(&best, shown.name, strlen(shown.name));
    (void)try_name(&best, shown.name_en, strlen(shown.name_en));
    (void)split(shown.names, try_name, &best);
    text_trim(&best.name, &best.len);
    *name = best.name;
    *len = best.len;
    return best.tier;
}
