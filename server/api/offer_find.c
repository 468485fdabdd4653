#include "server/api/offer_find.h"

#include "geo/space/geodesic.h"

#include <math.h>
#include <stdlib.h>

const char offer_find_kind[] = "offer";

enum { RADIUS_MAX_M = 100000 };

static enum err read_near(struct request *request, const struct api_crs *crs,
                          struct offer_find *find)
{
    enum err e = api_crs_point(request, crs, "near", &find->near, &find->has_near);
    find->radius_m = INFINITY;
    if (!e) e = request_number(request, "radius", 1, RADIUS_MAX_M, &find->radius_m);
    if (!e && !find->has_near && isfinite(find->radius_m))
        return problem_say(request->problem, PROBLEM_PARAMETER, "radius", "is around near");
    return e;
}

static enum err check_codes(struct request *request, const struct tools *tools,
                            struct offer_find *find)
{
    const char *kind = request_query(request, "kind");
    int64_t area = find->filter.area_id;
    if (kind && !offers_kinds_find(tools->service->offers, kind))
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           "there are no offers of this kind: GET /v1/offers/kinds lists them");
    if (area && areaset_by_id(tools->snapshot->areas, area) < 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "area", "there is no such area");
    find->filter.kind = kind;
    return ERR_OK;
}

enum err offer_find_read(struct request *request, const struct tools *tools,
                         const struct api_crs *crs, struct offer_find *find)
{
    static const char *const formats[] = {"json", "geojson", NULL};
    bool all = false;
    int format = 0;
    *find = (struct offer_find){.has_near = false};
    enum err e = request_bool(request, "all", &all);
    if (!e) e = request_word(request, "format", formats, &format);
    if (!e) e = request_int(request, "area", 1, INT64_MAX, &find->filter.area_id);
    if (!e) e = request_int(request, "place", 1, INT64_MAX, &find->filter.place_id);
    if (!e) e = check_codes(request, tools, find);
    if (!e) e = read_near(request, crs, find);
    find->is_map = format == 1;
    if (!e)
        e = api_page_read(request, find->is_map ? OFFER_FIND_MAP_MAX : OFFER_FIND_LIST_MAX,
                          &find->page);
    find->filter.only_open = !all;
    return e;
}

static int by_distance(const void *x, const void *y)
{
    const struct offer_found *a = x, *b = y;
    if (a->distance_m < b->distance_m) return -1;
    if (a->distance_m > b->distance_m) return 1;
    return (a->offer.id < b->offer.id) - (a->offer.id > b->offer.id);
}

static int by_place(const void *x, const void *y)
{
    const struct offer_found *a = x, *b = y;
    if (a->offer.place_id != b->offer.place_id)
        return a->offer.place_id < b->offer.place_id ? -1 : 1;
    return (a->offer.id < b->offer.id) - (a->offer.id > b->offer.id);
}

enum err offer_find_all(struct request *request, const struct tools *tools, struct db *db,
                        const struct offer_find *find, struct offer_found **list, size_t *count)
{
    const struct placeset *places = tools->snapshot->places;
    struct offers_filter filter = find->filter;
    const struct offers_offer *offers = NULL;
    size_t offered = 0, n = 0;
    bool more = false;
    filter.limit = OFFER_FIND_MAX;
    enum err e = offers_list(db, &filter, request->arena, &offers, &offered, &more);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (more)
        return problem_say(request->problem, PROBLEM_CONTENT, NULL,
                           "there are more than %d offers: ask by kind, area or place",
                           OFFER_FIND_MAX);
    struct offer_found *found = arena_calloc(request->arena, offered + 1, sizeof *found);
    if (!found) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (size_t i = 0; i < offered; i++) {
        int64_t place = placeset_by_id(places, offers[i].place_id);
        if (place < 0) continue;
        struct coord at = coord_from_e7(placeset_coord(places, (uint32_t)place));
        double distance_m = find->has_near ? geodesic_distance_m(find->near, at) : -1;
        if (distance_m > find->radius_m) continue;
        found[n++] = (struct offer_found){offers[i], at, distance_m, (uint32_t)place};
    }
    qsort(found, n, sizeof *found, find->is_map ? by_place : by_distance);
    *list = found;
    *count = n;
    return ERR_OK;
}
