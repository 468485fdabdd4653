#include "server/api/ogc_collection.h"

#include "server/api/ogc_table.h"

#include <math.h>
#include <string.h>

static struct box places_box(const struct snapshot *snapshot)
{
    return placeset_box(snapshot->places);
}

static struct box areas_box(const struct snapshot *snapshot)
{
    struct box all = box_empty();
    for (size_t i = 0; i < areaset_count(snapshot->areas); i++) {
        struct box box = polygon_box(areaset_polygon(snapshot->areas, i));
        all = box_extend(all, (struct coord){box.min_lon, box.min_lat});
        all = box_extend(all, (struct coord){box.max_lon, box.max_lat});
    }
    return all;
}

const struct ogc_collection ogc_collections[OGC_COLLECTION_COUNT] = {
    {"places", "地点", "Places", "户外劳动者服务站点、公共卫生间等地点",
     "What people who work outdoors look for: rest stations, toilets, water, fuel and more",
     OGC_PLACES, places_box},
    {"areas", "行政区域", "Areas", "市、区县、街道等行政区域的边界",
     "Administrative areas with their outlines: cities, districts, sub-districts", OGC_AREAS,
     areas_box},
};

const struct ogc_collection *ogc_collection_named(struct request *request)
{
    const char *id = request_arg(request, "collection");
    for (size_t i = 0; i < OGC_COLLECTION_COUNT; i++)
        if (id && strcmp(ogc_collections[i].id, id) == 0) return &ogc_collections[i];
    problem_tell(request->problem, PROBLEM_NOT_FOUND, "collection",
                 "there is no such collection; /ogc/collections lists them");
    return NULL;
}

/* Systems in zones of longitude: the code of the first, how many, the meridian of the first and the
 * step to the next, how far from its meridian one is offered, and between which latitudes. */
static const struct zones {
    int first_code, count;
    double meridian, step, reach, south, north;
} zones[] = {
    {4534, 21, 75, 3, 3, -90, 90},     /* CGCS2000 / 3-degree Gauss-Kruger CM 75E to 135E */
    {32601, 60, -177, 6, 4.5, 0, 84},  /* WGS 84 / UTM zone 1N to 60N */
    {32701, 60, -177, 6, 4.5, -80, 0}, /* 1S to 60S */
};

/* Latitudes between which EPSG's register sees each of the Chinese zones used: those of the land in
 * it. Some degrees around are served too, which takes in what lies in the sea and at the border. */
static const struct {
    double south, north;
} chinese[] = {{35.8, 40.7}, {31.0, 41.9}, {29.9, 45.9}, {28.2, 47.3}, {27.8, 49.2}, {27.3, 48.5},
               {27.7, 45.2}, {28.2, 44.5}, {21.4, 42.8}, {21.1, 42.7}, {22.5, 42.3}, {18.1, 42.5},
               {18.1, 45.2}, {21.5, 45.5}, {22.6, 49.9}, {24.4, 53.4}, {28.2, 53.6}, {40.1, 53.2},
               {41.3, 50.3}, {42.4, 48.9}, {45.8, 48.4}};
static const double around_deg = 5;

enum { CRS84 = 0, MERCATOR = 3857 };
static const int world[] = {CRS84, 4326, 4490, MERCATOR};
static const double mercator_lat = 85.06; /* where its square ends */

static bool lies_in(const struct zones *z, int zone, struct box box)
{
    double meridian = z->meridian + zone * z->step, south = z->south, north = z->north;
    if (z == &zones[0]) {
        south = chinese[zone].south - around_deg;
        north = chinese[zone].north + around_deg;
    }
    return fabs(box.min_lon - meridian) <= z->reach && fabs(box.max_lon - meridian) <= z->reach &&
           box.min_lat >= south && box.max_lat <= north;
}

size_t ogc_collection_systems(struct box box, int codes[OGC_COLLECTION_SYSTEMS])
{
    size_t n = 0;
    bool some = box.min_lon <= box.max_lon;
    for (size_t i = 0; i < sizeof world / sizeof *world; i++)
        if (world[i] != MERCATOR || !some ||
            (box.min_lat >= -mercator_lat && box.max_lat <= mercator_lat))
            codes[n++] = world[i];
    for (size_t k = 0; some && k < sizeof zones / sizeof *zones; k++)
        for (int i = 0; i < zones[k].count && n < OGC_COLLECTION_SYSTEMS; i++)
            if (lies_in(&zones[k], i, box)) codes[n++] = zones[k].first_code + i;
    return n;
}

const char *ogc_collection_uri(struct arena *arena, int code)
{
    if (code == CRS84) return OGC_COLLECTION_CRS84;
    return arena_printf(arena, "http://www.opengis.net/def/crs/EPSG/0/%d", code);
}

enum err ogc_collection_crs(struct request *request, struct tools *tools,
                            const struct ogc_collection *collection, const char *name,
                            struct api_crs *crs, const char **uri)
{
    int codes[OGC_COLLECTION_SYSTEMS];
    size_t count = ogc_collection_systems(collection->box(tools->snapshot), codes), i = 0;
    const char *wanted = request_query(request, name);
    struct crs_context *context;
    *crs = (struct api_crs){.problem = request->problem, .out_name = name};
    *uri = OGC_COLLECTION_CRS84;
    if (!wanted) return ERR_OK;
    for (; i < count; i++) {
        *uri = ogc_collection_uri(request->arena, codes[i]);
        if (!*uri) return ERR_NOMEM;
        if (strcmp(*uri, wanted) == 0) break;
    }
    if (i == count)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "is none of the reference systems of this collection; its member crs "
                           "lists them");
    if (codes[i] == CRS84) return ERR_OK;
    enum err e = tools_crs(tools, &context);
    if (!e) e = crs_find(context, wanted, &crs->in, NULL);
    if (e) return e;
    crs->out = crs->in;
    crs->flipped = crs->in ? crs_north_first(crs->in) : true; /* EPSG has latitude first */
    return ERR_OK;
}
