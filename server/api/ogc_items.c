#include "server/api/ogc_items.h"

#include "geo/base/clock.h"
#include "geo/place/tally.h"
#include "server/api/api_area_json.h"
#include "server/api/api_page.h"
#include "server/api/api_place_json.h"
#include "server/api/api_time.h"
#include "server/api/ogc_query.h"
#include "server/api/ogc_schema.h"
#include "server/api/ogc_table.h"
#include "server/api/place_page.h"

#include <string.h>

/* A page ends with the feature that takes it beyond this, so that outlines of provinces do not make
 * an answer that nobody can hold. */
enum { PAGE_BYTES = 8 * 1024 * 1024 };

/* What a page turned out to be. */
struct found {
    uint32_t matched, before, returned;
    int64_t last_id;
    bool more;
};

static bool is_full(const struct ogc_page *page)
{
    return page->response->body.len > PAGE_BYTES;
}

static enum err write_places(struct ogc_page *page, const struct ogc_query *q, struct found *found)
{
    const struct placeset *set = q->snapshot->places;
    const struct place_filter *filter = &q->wanted.filter;
    const struct api_place_style style = {.crs = &q->crs, .form = API_PLACE_GEOJSON};
    int64_t after = q->offset ? tally_skip(set, filter, q->offset) : q->after_id;
    struct tally tally = tally_count(set, filter, after);
    struct place_page places;
    enum err e =
        place_page_find(page->tools, &q->wanted, after, q->limit, page->request->arena, &places);
    if (e) return e;
    uint32_t n = 0;
    for (; n < places.count && !is_full(page); n++)
        api_place_json_item(page->json, page->tools, &style, places.hits[n].place, NULL);
    *found = (struct found){tally.matched, tally.before, n,
                            n ? placeset_id(set, places.hits[n - 1].place) : 0,
                            n && (n < places.count || places.more)};
    return ERR_OK;
}

static void write_areas(struct ogc_page *page, const struct ogc_query *q, struct found *found)
{
    const struct areaset *set = q->snapshot->areas;
    enum api_area_part part = page->is_html ? API_AREA_BARE : API_AREA_OUTLINED;
    *found = (struct found){0};
    for (size_t rank = 0; rank < areaset_count(set); rank++) {
        size_t index = areaset_in_order(set, rank);
        int64_t id = areaset_at(set, index)->id;
        if (!ogc_query_wants_area(q, index)) continue;
        bool before = q->offset ? found->matched < q->offset : id <= q->after_id;
        found->matched++;
        if (before) {
            found->before++;
        } else if (found->returned == q->limit || is_full(page)) {
            found->more = true;
        } else {
            api_area_json_open(page->json, &q->crs, set, index, part);
            jsonw_object_end(page->json);
            found->returned++;
            found->last_id = id;
        }
    }
}

/* `next` goes by id, so that nothing is missed or told twice when features come and go; back by
 * number. */
static void write_list_links(struct ogc_page *page, const struct ogc_query *q,
                             const struct found *found)
{
    struct arena *arena = page->request->arena;
    const char *path = arena_printf(arena, "/collections/%s", q->collection->id);
    struct buf words;
    buf_init(&words, 64);
    jsonw_key(page->json, "links");
    jsonw_array(page->json);
    ogc_page_links_self(page);
    if (found->before) {
        uint32_t back = found->before > q->limit ? found->before - q->limit : 0;
        (void)ogc_page_link_turned(page, "prev", arena_printf(arena, "offset=%u", back));
    }
    if (found->more) {
        api_page_cursor(&words, found->last_id, 0);
        buf_putc(&words, '\0');
        if (!words.err) (void)ogc_page_link_turned(page, "next", words.bytes);
    }
    if (path)
        ogc_page_link(page, "collection", OGC_PAGE_JSON,
                      ogc_page_say(page, q->collection->zh, q->collection->en), path);
    ogc_page_link_license(page);
    jsonw_array_end(page->json);
    buf_fini(&words);
}

static void tell_crs(struct ogc_page *page, const struct ogc_query *q)
{
    response_header(page->response, "Content-Crs",
                    arena_printf(page->request->arena, "<%s>", q->crs_uri));
}

enum err ogc_items_list(struct request *request, struct response *response, struct tools *tools)
{
    struct ogc_page page;
    struct ogc_query q;
    struct found found = {0};
    const struct ogc_collection *c = ogc_collection_named(request);
    enum err e =
        c ? ogc_page_open(request, response, tools, OGC_PAGE_GEOJSON, &page) : ERR_NOTFOUND;
    if (!e) e = ogc_query_read(request, tools, c, &q);
    if (e) return e;
    struct jsonw *json = page.json;
    page.title = ogc_page_say(&page, c->zh, c->en);
    page.is_live = true;
    jsonw_object(json);
    jsonw_key_string(json, "type", "FeatureCollection");
    jsonw_key(json, "features");
    jsonw_array(json);
    if (c->bit == OGC_PLACES)
        e = write_places(&page, &q, &found);
    else
        write_areas(&page, &q, &found);
    if (e) return e;
    jsonw_array_end(json);
    jsonw_key_int(json, "numberMatched", found.matched);
    jsonw_key_int(json, "numberReturned", found.returned);
    api_time_write(json, "timeStamp", clock_utc_ms());
    write_list_links(&page, &q, &found);
    jsonw_object_end(json);
    tell_crs(&page, &q);
    return ogc_page_close(&page);
}

/* Opens the feature, to be ended by the caller. Its name becomes the page's title. */
static enum err open_feature(struct ogc_page *page, const struct ogc_query *q, int64_t id)
{
    const struct snapshot *snapshot = q->snapshot;
    const struct api_place_style style = {.crs = &q->crs, .form = API_PLACE_GEOJSON};
    bool is_place = q->collection->bit == OGC_PLACES;
    int64_t index =
        is_place ? placeset_by_id(snapshot->places, id) : areaset_by_id(snapshot->areas, id);
    if (index < 0)
        return problem_say(page->request->problem, PROBLEM_NOT_FOUND, "feature",
                           "there is no such feature in this collection");
    const char *name = is_place ? placeset_at(snapshot->places, (uint32_t)index).name
                                : areaset_at(snapshot->areas, (size_t)index)->name;
    page->title = name[0] ? name : ogc_page_say(page, q->collection->zh, q->collection->en);
    if (is_place)
        api_place_json_open_one(page->json, page->tools, &style, (uint32_t)index);
    else
        api_area_json_open(page->json, &q->crs, snapshot->areas, (size_t)index, API_AREA_OUTLINED);
    return ERR_OK;
}

enum err ogc_items_one(struct request *request, struct response *response, struct tools *tools)
{
    struct ogc_page page;
    struct ogc_query q = {.collection = ogc_collection_named(request), .snapshot = tools->snapshot};
    int64_t id = 0;
    enum err e = q.collection ? ogc_page_open(request, response, tools, OGC_PAGE_GEOJSON, &page)
                              : ERR_NOTFOUND;
    if (!e) e = request_id(request, "feature", &id);
    if (!e) e = ogc_collection_crs(request, tools, q.collection, "crs", &q.crs, &q.crs_uri);
    if (!e) e = open_feature(&page, &q, id);
    if (e) return e;
    const char *path = arena_printf(request->arena, "/collections/%s", q.collection->id);
    jsonw_key(page.json, "links");
    jsonw_array(page.json);
    ogc_page_links_self(&page);
    if (path)
        ogc_page_link(&page, "collection", OGC_PAGE_JSON,
                      ogc_page_say(&page, q.collection->zh, q.collection->en), path);
    ogc_page_link_license(&page);
    jsonw_array_end(page.json);
    jsonw_object_end(page.json);
    tell_crs(&page, &q);
    return ogc_page_close(&page);
}
