#include "geo/space/crs.h"

#include "geo/base/text.h"
#include "geo/space/china.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEPT = 32, MAX_NAME = 64, MAX_EPSG = 999999 };

struct crs {
    char name[24];
    /* The Chinese systems convert point by point; the others have a PROJ pipeline from WGS 84. */
    struct coord (*to_wgs84)(struct coord c);
    struct coord (*from_wgs84)(struct coord c);
    PJ *pipeline;
    struct box domain; /* of PROJ's, in WGS 84 */
    bool degrees, north_first;
    uint64_t used; /* the context's clock when it was last found */
};

struct crs_context {
    PJ_CONTEXT *proj;
    uint64_t clock;
    struct crs kept[KEPT];
};

static struct coord wgs84_from_bd09(struct coord c)
{
    return china_wgs84_from_gcj02(china_gcj02_from_bd09(c));
}

static struct coord bd09_from_wgs84(struct coord c)
{
    return china_bd09_from_gcj02(china_gcj02_from_wgs84(c));
}

static const struct crs gcj02 = {
    .name = "gcj02",
    .to_wgs84 = china_wgs84_from_gcj02,
    .from_wgs84 = china_gcj02_from_wgs84,
    .degrees = true,
};
static const struct crs bd09 = {
    .name = "bd09",
    .to_wgs84 = wgs84_from_bd09,
    .from_wgs84 = bd09_from_wgs84,
    .degrees = true,
};

/* Names that stand for themselves; NULL is WGS 84. */
static const struct {
    const char *name;
    const struct crs *crs;
} named[] = {
    {"wgs84", NULL},   {"http://www.opengis.net/def/crs/OGC/1.3/CRS84", NULL},
    {"gcj02", &gcj02}, {"bd09", &bd09},
    {"bd09ll", &bd09},
};

/* Names that end in an EPSG code. */
static const char *const prefixes[] = {
    "EPSG:", "urn:ogc:def:crs:EPSG::", "http://www.opengis.net/def/crs/EPSG/0/"};

/* Codes that are WGS 84 to the accuracy that matters here: itself, and CGCS2000. */
static const int64_t same_as_wgs84[] = {4326, 4490};

enum err crs_context_new(struct crs_context **context)
{
    struct crs_context *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->proj = proj_context_create();
    if (!made->proj) {
        free(made);
        return ERR_NOMEM;
    }
    /* Nothing that a stranger names may make PROJ speak, or fetch grids from elsewhere. */
    proj_log_level(made->proj, PJ_LOG_NONE);
    proj_context_set_enable_network(made->proj, 0);
    *context = made;
    return ERR_OK;
}

void crs_context_free(struct crs_context *context)
{
    if (!context) return;
    for (size_t i = 0; i < KEPT; i++)
        proj_destroy(context->kept[i].pipeline);
    proj_context_destroy(context->proj);
    free(context);
}

/* The EPSG code in one of the accepted spellings, or 0. */
static int64_t code_of(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        char start[MAX_NAME + 1];
        size_t n = strlen(prefixes[i]);
        int64_t code;
        if (len <= n) continue;
        memcpy(start, name, n);
        start[n] = '\0';
        if (text_same(start, prefixes[i]) && text_int(name + n, len - n, 1, MAX_EPSG, &code))
            return code;
    }
    return 0;
}

/* Only what has an easting and a northing, or longitude and latitude, can be asked for. */
static bool is_horizontal(const PJ *crs, bool *degrees)
{
    PJ_TYPE type = crs ? proj_get_type(crs) : PJ_TYPE_UNKNOWN;
    *degrees = type == PJ_TYPE_GEOGRAPHIC_2D_CRS;
    return *degrees || type == PJ_TYPE_PROJECTED_CRS;
}

/* Where a system is meant to be used by its register, and the surroundings. Far outside, formulas
 * still answer, but not with anything that a person meant. */
static struct box domain_of(PJ_CONTEXT *proj, const PJ *crs)
{
    static const struct box world = {-180, -90, 180, 90};
    static const double around_deg = 10, unknown = -1000;
    struct box use;
    if (!proj_get_area_of_use(proj, crs, &use.min_lon, &use.min_lat, &use.max_lon, &use.max_lat,
                              NULL) ||
        use.min_lon <= unknown)
        return world;
    use.min_lat -= around_deg;
    use.max_lat += around_deg;
    use.min_lon -= around_deg;
    use.max_lon += around_deg;
    if (use.min_lon < -180 || use.max_lon > 180 || use.min_lon > use.max_lon) {
        use.min_lon = -180; /* across the antimeridian: all round */
        use.max_lon = 180;
    }
    return use;
}

/* Whether the first axis points to the north by the system's own definition. */
static bool begins_with_north(PJ_CONTEXT *proj, const PJ *crs)
{
    const char *direction = NULL;
    PJ *axes = proj_crs_get_coordinate_system(proj, crs);
    bool north =
        axes &&
        proj_cs_get_axis_info(proj, axes, 0, NULL, NULL, &direction, NULL, NULL, NULL, NULL) &&
        direction && strcmp(direction, "north") == 0;
    proj_destroy(axes);
    return north;
}

/* Sets pipeline, domain, degrees and order for an EPSG code; longitude or easting first. The
 * pipeline stays NULL when there is none. */
static void open_pipeline(PJ_CONTEXT *proj, int64_t code, struct crs *crs)
{
    char text[16];
    PJ *plain = NULL;
    (void)snprintf(text, sizeof text, "%d", (int)code);
    PJ *from = proj_create_from_database(proj, "EPSG", "4326", PJ_CATEGORY_CRS, 0, NULL);
    PJ *to = proj_create_from_database(proj, "EPSG", text, PJ_CATEGORY_CRS, 0, NULL);
    if (from && is_horizontal(to, &crs->degrees))
        plain = proj_create_crs_to_crs_from_pj(proj, from, to, NULL, NULL);
    if (plain) {
        crs->pipeline = proj_normalize_for_visualization(proj, plain);
        crs->domain = domain_of(proj, to);
        crs->north_first = begins_with_north(proj, to);
    }
    proj_destroy(plain);
    proj_destroy(from);
    proj_destroy(to);
}

static struct crs *oldest(struct crs_context *context)
{
    struct crs *least = &context->kept[0];
    for (size_t i = 1; i < KEPT; i++)
        if (context->kept[i].used < least->used) least = &context->kept[i];
    return least;
}

static enum err find_epsg(struct crs_context *context, int64_t code, const struct crs **crs,
                          struct why *why)
{
    struct crs made = {.used = ++context->clock};
    (void)snprintf(made.name, sizeof made.name, "EPSG:%d", (int)code);
    for (size_t i = 0; i < KEPT; i++)
        if (strcmp(context->kept[i].name, made.name) == 0) {
            context->kept[i].used = made.used;
            *crs = &context->kept[i];
            return ERR_OK;
        }
    open_pipeline(context->proj, code, &made);
    if (!made.pipeline)
        return err_say(why, ERR_INVALID,
                       "%s is no geographic or projected reference system that PROJ knows",
                       made.name);
    struct crs *slot = oldest(context);
    proj_destroy(slot->pipeline);
    *slot = made;
    *crs = slot;
    return ERR_OK;
}

static bool is_wgs84(int64_t code)
{
    for (size_t i = 0; i < sizeof same_as_wgs84 / sizeof *same_as_wgs84; i++)
        if (code == same_as_wgs84[i]) return true;
    return false;
}

bool crs_is_slow(const char *name)
{
    size_t len = strnlen(name, MAX_NAME + 1);
    int64_t code = len <= MAX_NAME ? code_of(name, len) : 0;
    return code != 0 && !is_wgs84(code);
}

enum err crs_find(struct crs_context *context, const char *name, const struct crs **crs,
                  struct why *why)
{
    size_t len = strnlen(name, MAX_NAME + 1);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (text_same(name, named[i].name)) {
            *crs = named[i].crs;
            return ERR_OK;
        }
    int64_t code = len <= MAX_NAME ? code_of(name, len) : 0;
    if (code == 0)
        return err_say(why, ERR_INVALID,
                       "\"%.60s\" is no coordinate reference system; wgs84, gcj02, bd09 and EPSG:n "
                       "are accepted",
                       name);
    if (is_wgs84(code)) {
        *crs = NULL;
        return ERR_OK;
    }
    return find_epsg(context, code, crs, why);
}

static struct coord transform(PJ *pipeline, PJ_DIRECTION direction, struct coord c)
{
    PJ_COORD out = proj_trans(pipeline, direction, proj_coord(c.lon, c.lat, 0, HUGE_VAL));
    return (struct coord){out.xy.x, out.xy.y};
}

/* Projections answer outside their domain too, with something else than the way back; a point that
 * comes back to itself was inside. The slack, 1e-6 degrees or 0.1 m, is far above what a datum
 * shift loses on its way there and back. */
static bool comes_back(const struct crs *crs, PJ_DIRECTION direction, struct coord from,
                       struct coord to)
{
    double slack = direction == PJ_FWD && !crs->degrees ? 0.1 : 1e-6;
    struct coord back = transform(crs->pipeline, direction, from);
    return fabs(back.lon - to.lon) <= slack && fabs(back.lat - to.lat) <= slack;
}

/* A point in the system's own numbers that could be one. */
static bool is_plausible(const struct crs *crs, struct coord c)
{
    return crs->degrees ? coord_valid(c) : isfinite(c.lon) && isfinite(c.lat);
}

static enum err to_wgs84(const struct crs *crs, struct coord *c)
{
    if (!is_plausible(crs, *c)) return ERR_RANGE;
    struct coord got = crs->pipeline ? transform(crs->pipeline, PJ_INV, *c) : crs->to_wgs84(*c);
    if (!coord_valid(got)) return ERR_RANGE;
    if (crs->pipeline && (!box_contains(crs->domain, got) || !comes_back(crs, PJ_FWD, got, *c)))
        return ERR_RANGE;
    *c = got;
    return ERR_OK;
}

static enum err from_wgs84(const struct crs *crs, struct coord *c)
{
    if (!coord_valid(*c) || (crs->pipeline && !box_contains(crs->domain, *c))) return ERR_RANGE;
    struct coord got = crs->pipeline ? transform(crs->pipeline, PJ_FWD, *c) : crs->from_wgs84(*c);
    if (!is_plausible(crs, got)) return ERR_RANGE;
    if (crs->pipeline && !comes_back(crs, PJ_INV, got, *c)) return ERR_RANGE;
    *c = got;
    return ERR_OK;
}

static enum err keep(const struct crs *crs, struct coord *c)
{
    (void)crs;
    return coord_valid(*c) ? ERR_OK : ERR_RANGE;
}

static enum err each(const struct crs *crs, struct coord *points, size_t count,
                     enum err (*convert)(const struct crs *crs, struct coord *c))
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && !e; i++)
        e = convert(crs, &points[i]);
    return e;
}

enum err crs_to_wgs84(const struct crs *crs, struct coord *points, size_t count)
{
    return each(crs, points, count, crs ? to_wgs84 : keep);
}

enum err crs_from_wgs84(const struct crs *crs, struct coord *points, size_t count)
{
    return each(crs, points, count, crs ? from_wgs84 : keep);
}

const char *crs_name(const struct crs *crs)
{
    return crs ? crs->name : "wgs84";
}

bool crs_north_first(const struct crs *crs)
{
    return crs && crs->north_first;
}

bool crs_in_degrees(const struct crs *crs)
{
    return !crs || crs->degrees;
}

int crs_decimals(const struct crs *crs)
{
    return crs_in_degrees(crs) ? 7 : 2;
}
