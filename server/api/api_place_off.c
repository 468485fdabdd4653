#include "server/api/api_place_off.h"

#include "server/api/api_page.h"
#include "server/api/area_right.h"
#include "server/api/place_query.h"
#include "server/api/place_record.h"
#include "server/api/place_right.h"
#include "server/api/place_work.h"

/* The database knows no areas of places: so many are looked at for one page, at most. */
enum { LIST_MAX = 200, LOOKS = 5000 };

/* Whose places are wanted. */
struct reader {
    const struct tools *tools;
    int64_t area; /* 0: anywhere */
};

static bool is_wanted(const void *user, struct coord at)
{
    const struct reader *reader = user;
    const struct areaset *areas = reader->tools->snapshot->areas;
    int64_t id = area_right_of(areas, at);
    if (reader->area && !area_right_within(areas, id, reader->area)) return false;
    return place_right_in(reader->tools, id);
}

static enum err read_area(struct request *request, const struct tools *tools, struct reader *reader)
{
    long index;
    if (!request_query(request, "area")) return ERR_OK;
    enum err e = place_query_area(request, tools, &index);
    if (!e) reader->area = areaset_at(tools->snapshot->areas, (size_t)index)->id;
    return e;
}

static enum err read_category(struct request *request, const struct tools *tools,
                              struct places_off_query *query)
{
    query->category = request_query(request, "category");
    if (!query->category || categories_find(tools->service->categories, query->category) >= 0)
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                       "\"%.60s\" is no category; /v1/categories lists them", query->category);
}

static enum err read_query(struct request *request, struct tools *tools, struct reader *reader,
                           struct places_off_query *query)
{
    static const char *const words[] = {"off", "removed", "vanished", NULL};
    struct api_page page;
    int status = 0;
    enum err e = api_page_read(request, LIST_MAX, &page);
    if (!e) e = request_word(request, "status", words, &status);
    if (!e) e = read_area(request, tools, reader);
    if (!e) e = read_category(request, tools, query);
    if (e) return e;
    query->no_removed = status == 2;
    query->no_vanished = status == 1;
    query->limit = (uint32_t)page.limit;
    query->has_after = page.has_cursor;
    query->after_ms = page.after[0];
    query->after_id = page.after[1];
    return ERR_OK;
}

static enum err write_places(struct jsonw *json, const struct place_work *work,
                             const struct places_off_page *page)
{
    struct place_record how = {.crs = &work->crs, .areas = work->tools->snapshot->areas};
    enum err e = ERR_OK;
    jsonw_key(json, "places");
    jsonw_array(json);
    for (size_t i = 0; i < page->count && !e; i++) {
        e = feedback_open(work->db, work->tools->service->kinds, page->rows[i].id,
                          &how.open_feedback);
        if (!e) place_record_write(json, &how, &page->rows[i]);
    }
    jsonw_array_end(json);
    return e;
}

enum err api_place_off_list(struct request *request, struct response *response, struct tools *tools)
{
    struct place_work work;
    struct reader reader = {.tools = tools};
    struct places_off_query query = {.wanted = is_wanted, .user = &reader, .looks = LOOKS};
    struct places_off_page page;
    const char *next = NULL;
    enum err e = place_work_begin(request, tools, &work);
    if (!e) e = read_query(request, tools, &reader, &query);
    if (e) return e;
    e = places_off(work.db, &query, request->arena, &page);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (page.more) next = api_page_next(request, response, page.last_ms, page.last_id);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    e = write_places(json, &work, &page);
    api_page_write(json, next);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "private, no-cache");
    return problem_from_err(request->problem, e, NULL);
}
