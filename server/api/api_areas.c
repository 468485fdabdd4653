#include "server/api/api_areas.h"

#include "server/api/api_area_json.h"
#include "server/api/api_page.h"

#include <stdlib.h>

static const char *const formats[] = {"json", "geojson", NULL};

struct entry {
    int64_t id;
    size_t index;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct entry *)a)->id, y = ((const struct entry *)b)->id;
    return (x > y) - (x < y);
}

static enum err list_all(struct request *request, struct response *response, struct tools *tools,
                         const struct api_crs *crs, const struct api_page *page)
{
    const struct areaset *set = tools->snapshot->areas;
    size_t total = areaset_count(set), n = 0;
    struct entry *entries = arena_calloc(request->arena, total + 1, sizeof *entries);
    const char *next = NULL;
    if (!entries) return ERR_NOMEM;
    for (size_t i = 0; i < total; i++)
        if (!page->has_cursor || areaset_at(set, i)->id > page->after[0])
            entries[n++] = (struct entry){areaset_at(set, i)->id, i};
    qsort(entries, n, sizeof *entries, by_id);
    size_t shown = n < (size_t)page->limit ? n : (size_t)page->limit;
    if (shown < n) next = api_page_next(request, response, entries[shown - 1].id, 0);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "areas");
    jsonw_array(json);
    for (size_t i = 0; i < shown; i++)
        api_area_json_write(json, areaset_at(set, entries[i].index));
    jsonw_array_end(json);
    api_crs_write_name(json, crs);
    api_page_write(json, next);
    jsonw_object_end(json);
    return ERR_OK;
}

/* The finest area there and those above it. */
static void list_at(struct response *response, const struct areaset *set, const struct api_crs *crs,
                    struct coord at)
{
    struct jsonw *json = response_json(response);
    const struct area *area = NULL;
    jsonw_object(json);
    jsonw_key(json, "areas");
    jsonw_array(json);
    if (areaset_locate(set, at, API_AREA_TOLERANCE_M, &area)) area = NULL;
    for (int depth = 0; area && depth < API_AREA_DEPTH; depth++) {
        api_area_json_write(json, area);
        long parent = area->parent_id ? areaset_by_id(set, area->parent_id) : -1;
        area = parent < 0 ? NULL : areaset_at(set, (size_t)parent);
    }
    jsonw_array_end(json);
    api_crs_write_name(json, crs);
    api_page_write(json, NULL);
    jsonw_object_end(json);
}

enum err api_areas_list(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    struct api_page page;
    struct coord at = {0, 0};
    bool has_at = false;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = api_page_read(request, API_PAGE_MAX, &page);
    if (!e) e = api_crs_point(request, &crs, "at", &at, &has_at);
    if (!e && has_at && page.has_cursor)
        e = problem_say(request->problem, PROBLEM_PARAMETER, "cursor",
                        "cannot be given together with at");
    if (e) return e;
    if (!has_at) return list_all(request, response, tools, &crs, &page);
    list_at(response, tools->snapshot->areas, &crs, at);
    return ERR_OK;
}

enum err api_areas_get(struct request *request, struct response *response, struct tools *tools)
{
    struct api_crs crs;
    int64_t id = 0;
    int format = 0;
    enum err e = request_id(request, "id", &id);
    if (!e) e = api_crs_read(request, tools, &crs);
    if (!e) e = request_word(request, "f", formats, &format);
    if (e) return e;
    long index = areaset_by_id(tools->snapshot->areas, id);
    if (index < 0)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, "id", "there is no such area");
    if (format) {
        api_area_json_feature(response_json(response), &crs, tools->snapshot->areas, (size_t)index);
        response->content_type = "application/geo+json";
    } else {
        api_area_json_full(response_json(response), &crs, tools->snapshot->areas, (size_t)index);
    }
    return ERR_OK;
}
