/* Tiles of clustered places, in process, one thread: bench_clusters [RESULTS.json]. The places are
 * those of bench_places.c: 300 Gaussian clusters, four categories; the same numbers every time. */
#include "geo/tile/mercator.h"
#include "geo/tile/tile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TOWNS = 300, CATEGORIES = 4, TILES = 60, EDITS = 1000 };

static const uint32_t sizes[] = {200000, 2000000};
static const char *const codes[CATEGORIES] = {"rest_station", "toilet", "fuel", "clinic"};

/* SplitMix64 (Steele, Lea, Flood 2014). */
static double unit(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-53;
}

static double gauss(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - unit(state)));
    return radius * cos(6.283185307179586 * unit(state));
}

struct town {
    double lon, lat, spread;
};

static struct coord draw(uint64_t *state, const struct town *towns)
{
    const struct town *t = &towns[(int)(unit(state) * TOWNS)];
    double lon = t->lon + gauss(state) * t->spread;
    return (struct coord){lon, t->lat + gauss(state) * t->spread};
}

/* The thread's own time, so that what else the machine does counts little. */
static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static enum err add(struct placeset_builder *builder, uint64_t *state, const struct town *towns,
                    uint32_t first, uint32_t count)
{
    enum err e = ERR_OK;
    for (uint32_t i = 0; i < count && !e; i++) {
        struct place place = {.id = first + i, .at = draw(state, towns), .name = "驿站"};
        place.category = (unsigned)(unit(state) * CATEGORIES);
        e = placeset_add(builder, &place);
    }
    return e;
}

static enum err set_new(uint64_t *state, const struct town *towns, uint32_t count,
                        struct placeset **set)
{
    struct placeset_builder *builder = NULL;
    enum err e = placeset_builder_new(count, &builder);
    if (!e) e = add(builder, state, towns, 1, count);
    if (!e) e = placeset_build(builder, set);
    placeset_builder_free(builder);
    return e;
}

/* As many places moved as an office edits in a day. */
static enum err set_edit(uint64_t *state, const struct town *towns, const struct placeset *before,
                         struct placeset **set)
{
    static int64_t ids[EDITS];
    struct placeset_builder *builder = NULL;
    for (int i = 0; i < EDITS; i++)
        ids[i] = i + 1;
    enum err e = placeset_builder_new(EDITS, &builder);
    if (!e) e = add(builder, state, towns, 1, EDITS);
    if (!e) e = placeset_patch(before, builder, ids, EDITS, set);
    placeset_builder_free(builder);
    return e;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* The tiles of one zoom round places drawn as the places were; the median, and the slowest. */
static enum err time_zoom(const struct tile_source *source, uint32_t z, uint64_t *state,
                          const struct town *towns, double ms[TILES], size_t *bytes)
{
    struct buf out;
    enum err e = ERR_OK;
    buf_init(&out, 64 << 20);
    *bytes = 0;
    for (int i = 0; i < TILES && !e; i++) {
        struct mercator_grid g = mercator_grid(draw(state, towns));
        struct tile_id id = {z, (uint32_t)((uint64_t)g.x >> (32 - z)),
                             (uint32_t)((uint64_t)g.y >> (32 - z))};
        buf_reset(&out);
        double begun = now_ms();
        e = tile_encode(source, id, 1u << TILE_PLACES, &out);
        ms[i] = now_ms() - begun;
        if (out.len > *bytes) *bytes = out.len;
    }
    buf_fini(&out);
    qsort(ms, TILES, sizeof *ms, compare);
    return e;
}

static enum err tell_zooms(const struct tile_source *source, uint64_t *state,
                           const struct town *towns, FILE *json)
{
    enum err e = ERR_OK;
    for (uint32_t z = 0; z <= TILE_MAX_ZOOM && !e; z += 2) {
        double ms[TILES] = {0};
        size_t bytes;
        e = time_zoom(source, z, state, towns, ms, &bytes);
        printf("  zoom %2u   median %7.3f ms   slowest %7.3f ms   largest %8zu bytes\n", z,
               ms[TILES / 2], ms[TILES - 1], bytes);
        if (json)
            fprintf(json, "%s{\"zoom\":%u,\"median_ms\":%.4f,\"max_ms\":%.4f,\"max_bytes\":%zu}",
                    z ? "," : "", z, ms[TILES / 2], ms[TILES - 1], bytes);
    }
    return e;
}

static enum err time_sets(const struct placeset *set, const struct placeset *edited,
                          struct clusterset **clusters, double *whole_ms, double *edit_ms)
{
    struct clusterset *again = NULL;
    double begun = now_ms();
    enum err e = clusterset_new(set, NULL, clusters);
    *whole_ms = now_ms() - begun;
    begun = now_ms();
    if (!e) e = clusterset_new(edited, *clusters, &again);
    *edit_ms = now_ms() - begun;
    clusterset_free(again);
    return e;
}

static enum err run(uint32_t count, FILE *json)
{
    uint64_t state = 1;
    struct town towns[TOWNS];
    struct placeset *set = NULL, *edited = NULL;
    struct clusterset *clusters = NULL;
    double whole_ms = 0, edit_ms = 0;
    for (int i = 0; i < TOWNS; i++)
        towns[i] = (struct town){100 + unit(&state) * 20, 25 + unit(&state) * 15,
                                 0.01 + unit(&state) * 0.05};
    enum err e = set_new(&state, towns, count, &set);
    if (!e) e = set_edit(&state, towns, set, &edited);
    if (!e) e = time_sets(set, edited, &clusters, &whole_ms, &edit_ms);
    printf("%u places: clusters are made in %.0f ms, after %d edits in %.2f ms\n", count, whole_ms,
           EDITS, edit_ms);
    const struct tile_source source = {
        .places = set, .clusters = clusters, .category_codes = codes, .category_count = CATEGORIES};
    if (json)
        fprintf(json, "{\"places\":%u,\"clusters_ms\":%.1f,\"edit_ms\":%.3f,\"tiles\":[", count,
                whole_ms, edit_ms);
    if (!e) e = tell_zooms(&source, &state, towns, json);
    if (json) fprintf(json, "]}");
    clusterset_free(clusters);
    placeset_free(edited);
    placeset_free(set);
    return e;
}

int main(int argc, char **argv)
{
    FILE *json = argc > 1 ? fopen(argv[1], "w") : NULL;
    enum err e = ERR_OK;
    if (json) fprintf(json, "[");
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !e; i++) {
        if (json && i) fprintf(json, ",");
        e = run(sizes[i], json);
    }
    if (json) {
        fprintf(json, "]\n");
        (void)fclose(json);
    }
    if (e) fprintf(stderr, "bench_clusters: %s\n", err_text(e));
    return e ? 1 : 0;
}
