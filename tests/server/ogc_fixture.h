/* A request to the OGC façade without a server: some places, two areas, some words. */
#ifndef YZ_TESTS_SERVER_OGC_FIXTURE_H
#define YZ_TESTS_SERVER_OGC_FIXTURE_H

#include "server/tools.h"

#include <assert.h>
#include <string.h>

struct ogc_fixture {
    struct snapshot snapshot;
    struct placeset *places;
    struct areaset *areas;
    struct service service;
    struct tools tools;
};

static inline void ogc_fixture_fini(struct ogc_fixture *f)
{
    placeset_free(f->places);
    areaset_free(f->areas);
    categories_free(f->service.categories);
    crs_context_free(f->tools.crs);
}

static inline struct polygon *ogc_fixture_triangle(double x, double y, double size)
{
    const struct coord points[] = {{x, y}, {x + size, y}, {x, y + size}, {x, y}};
    const size_t starts[] = {0, 4};
    struct polygon *polygon = NULL;
    enum err e = polygon_from_rings(points, starts, 1, &polygon, NULL);
    assert(!e);
    (void)e;
    return polygon;
}

/* Places with ids 1 to `count` on a line to the north-east of (116, 39), every third a toilet,
 * every fourth confirmed at its id's second. Areas 1 and 2 are triangles at their beginning. */
static inline void ogc_fixture_init(struct ogc_fixture *f, int count)
{
    static const char words[] = "categories:\n  - {code: toilet, zh: 厕所, en: Toilet}\n"
                                "  - {code: fuel, zh: 加油站, en: Fuel}\n"
                                "amenities:\n  - {code: water, zh: 饮水, en: Water}\n";
    static const struct area areas[] = {{.id = 1, .level = 6, .code = "110101", .name = "一"},
                                        {.id = 2, .level = 8, .name = "二", .parent_id = 1}};
    struct polygon *polygons[] = {ogc_fixture_triangle(116, 39, 2),
                                  ogc_fixture_triangle(116.5, 39.5, 0.25)};
    struct placeset_builder *builder;
    *f = (struct ogc_fixture){.places = NULL};
    enum err e = categories_parse("words", words, sizeof words - 1, &f->service.categories, NULL);
    if (!e) e = areaset_new(areas, polygons, 2, &f->areas);
    if (!e) e = placeset_builder_new(0, &builder);
    assert(!e);
    for (int id = 1; id <= count && !e; id++)
        e = placeset_add(builder, &(struct place){.id = id,
                                                  .at = {116 + id * 0.01, 39 + id * 0.01},
                                                  .category = id % 3 != 0,
                                                  .amenities = (unsigned)id % 2,
                                                  .name = id % 5 ? "点" : "驿站",
                                                  .source = "test:1",
                                                  .confirmed_ms = id % 4 ? 0 : id * 1000});
    if (!e) e = placeset_build(builder, &f->places);
    placeset_builder_free(builder);
    assert(!e);
    f->snapshot = (struct snapshot){.places = f->places, .areas = f->areas, .version = 1};
    f->tools = (struct tools){.service = &f->service, .snapshot = &f->snapshot};
}

#endif
