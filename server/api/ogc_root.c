#include "server/api/ogc_root.h"

#include "server/api/ogc_collection.h"
#include "server/api/ogc_page.h"
#include "server/api/ogc_schema.h"

#define SPEC "http://www.opengis.net/spec/"

static const char queryables_rel[] = "http://www.opengis.net/def/rel/ogc/1.0/queryables";

static void begin_links(struct ogc_page *page)
{
    jsonw_key(page->json, "links");
    jsonw_array(page->json);
}

static void write_landing_links(struct ogc_page *page)
{
    const char *zh_api = "接口定义 (OpenAPI 3.0)", *en_api = "The API as OpenAPI 3.0";
    ogc_page_links_self(page);
    ogc_page_link(page, "service-desc", OGC_PAGE_OPENAPI, ogc_page_say(page, zh_api, en_api),
                  "/api");
    ogc_page_link(page, "service-doc", OGC_PAGE_HTML,
                  ogc_page_say(page, "接口说明", "The API, to be read"), "/api");
    ogc_page_link(page, "conformance", OGC_PAGE_JSON,
                  ogc_page_say(page, "符合性声明", "What it conforms to"), "/conformance");
    ogc_page_link(page, "data", OGC_PAGE_JSON,
                  ogc_page_say(page, "要素集合", "The feature collections"), "/collections");
    if (page->is_html)
        ogc_page_link(page, "data", OGC_PAGE_HTML,
                      ogc_page_say(page, "浏览要素集合", "The feature collections, to be read"),
                      "/collections");
    ogc_page_link_license(page);
}

enum err ogc_root_landing(struct request *request, struct response *response, struct tools *tools)
{
    struct ogc_page page;
    enum err e = ogc_page_open(request, response, tools, OGC_PAGE_JSON, &page);
    if (e) return e;
    page.title = ogc_page_say(&page, "驿站：地点与行政区域", "Yizhan: places and areas");
    jsonw_object(page.json);
    jsonw_key_string(page.json, "title", page.title);
    jsonw_key_string(page.json, "description",
                     ogc_page_say(&page,
                                  "为户外劳动者服务的地点和行政区域，按 OGC API – Features 提供",
                                  "Places for people who work outdoors and administrative areas, "
                                  "by OGC API – Features"));
    begin_links(&page);
    write_landing_links(&page);
    jsonw_array_end(page.json);
    jsonw_object_end(page.json);
    return ogc_page_close(&page);
}

enum err ogc_root_conformance(struct request *request, struct response *response,
                              struct tools *tools)
{
    static const char *const classes[] = {
        SPEC "ogcapi-features-1/1.0/conf/core", SPEC "ogcapi-features-1/1.0/conf/geojson",
        SPEC "ogcapi-features-1/1.0/conf/html", SPEC "ogcapi-features-1/1.0/conf/oas30",
        SPEC "ogcapi-features-2/1.0/conf/crs"};
    struct ogc_page page;
    enum err e = ogc_page_open(request, response, tools, OGC_PAGE_JSON, &page);
    if (e) return e;
    page.title = ogc_page_say(&page, "符合性声明", "Conformance");
    jsonw_object(page.json);
    jsonw_key(page.json, "conformsTo");
    jsonw_array(page.json);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        jsonw_string(page.json, classes[i]);
    jsonw_array_end(page.json);
    begin_links(&page);
    ogc_page_links_self(&page);
    jsonw_array_end(page.json);
    jsonw_object_end(page.json);
    return ogc_page_close(&page);
}

static void write_extent(struct jsonw *json, struct box box)
{
    const double v[] = {box.min_lon, box.min_lat, box.max_lon, box.max_lat};
    if (box.min_lon > box.max_lon) return;
    jsonw_key(json, "extent");
    jsonw_object(json);
    jsonw_key(json, "spatial");
    jsonw_object(json);
    jsonw_key(json, "bbox");
    jsonw_array(json);
    jsonw_array(json);
    for (int i = 0; i < 4; i++)
        jsonw_number(json, v[i], 7);
    jsonw_array_end(json);
    jsonw_array_end(json);
    jsonw_key_string(json, "crs", OGC_COLLECTION_CRS84);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_systems(struct ogc_page *page, struct box box)
{
    int codes[OGC_COLLECTION_SYSTEMS];
    size_t count = ogc_collection_systems(box, codes);
    jsonw_key(page->json, "crs");
    jsonw_array(page->json);
    for (size_t i = 0; i < count; i++)
        jsonw_string(page->json, ogc_collection_uri(page->request->arena, codes[i]));
    jsonw_array_end(page->json);
    jsonw_key_string(page->json, "storageCrs", OGC_COLLECTION_CRS84);
}

/* `alone`: it is the document itself. */
static void write_collection_links(struct ogc_page *page, const struct ogc_collection *c,
                                   bool alone)
{
    struct arena *arena = page->request->arena;
    const char *path = arena_printf(arena, "/collections/%s", c->id);
    const char *items = arena_printf(arena, "/collections/%s/items", c->id);
    const char *queryables = arena_printf(arena, "/collections/%s/queryables", c->id);
    const char *title = ogc_page_say(page, c->zh, c->en);
    if (!path || !items || !queryables) {
        page->json->buf->err = ERR_NOMEM;
        return;
    }
    if (alone) {
        ogc_page_links_self(page);
    } else {
        ogc_page_link(page, "self", OGC_PAGE_JSON, title, path);
        ogc_page_link(page, "alternate", OGC_PAGE_HTML, title, path);
    }
    ogc_page_link(page, "items", OGC_PAGE_GEOJSON,
                  ogc_page_say(page, "要素 (GeoJSON)", "Features as GeoJSON"), items);
    ogc_page_link(page, "items", OGC_PAGE_HTML,
                  ogc_page_say(page, "要素 (网页)", "Features as HTML"), items);
    ogc_page_link(page, queryables_rel, OGC_PAGE_SCHEMA,
                  ogc_page_say(page, "可查询属性", "What features are selected by"), queryables);
    ogc_page_link_license(page);
}

static void write_collection(struct ogc_page *page, const struct ogc_collection *c, bool alone)
{
    struct box box = c->box(page->tools->snapshot);
    jsonw_object(page->json);
    jsonw_key_string(page->json, "id", c->id);
    jsonw_key_string(page->json, "title", ogc_page_say(page, c->zh, c->en));
    jsonw_key_string(page->json, "description", ogc_page_say(page, c->about_zh, c->about_en));
    write_extent(page->json, box);
    jsonw_key_string(page->json, "itemType", "feature");
    write_systems(page, box);
    begin_links(page);
    write_collection_links(page, c, alone);
    jsonw_array_end(page->json);
    jsonw_object_end(page->json);
}

enum err ogc_root_collections(struct request *request, struct response *response,
                              struct tools *tools)
{
    struct ogc_page page;
    enum err e = ogc_page_open(request, response, tools, OGC_PAGE_JSON, &page);
    if (e) return e;
    page.title = ogc_page_say(&page, "要素集合", "Collections");
    jsonw_object(page.json);
    begin_links(&page);
    ogc_page_links_self(&page);
    ogc_page_link_license(&page);
    jsonw_array_end(page.json);
    jsonw_key(page.json, "collections");
    jsonw_array(page.json);
    for (size_t i = 0; i < OGC_COLLECTION_COUNT; i++)
        write_collection(&page, &ogc_collections[i], false);
    jsonw_array_end(page.json);
    jsonw_object_end(page.json);
    return ogc_page_close(&page);
}

enum err ogc_root_collection(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct ogc_page page;
    const struct ogc_collection *c = ogc_collection_named(request);
    enum err e = c ? ogc_page_open(request, response, tools, OGC_PAGE_JSON, &page) : ERR_NOTFOUND;
    if (e) return e;
    page.title = ogc_page_say(&page, c->zh, c->en);
    write_collection(&page, c, true);
    return ogc_page_close(&page);
}

enum err ogc_root_queryables(struct request *request, struct response *response,
                             struct tools *tools)
{
    struct ogc_page page;
    const struct ogc_collection *c = ogc_collection_named(request);
    enum err e = c ? ogc_page_open(request, response, tools, OGC_PAGE_SCHEMA, &page) : ERR_NOTFOUND;
    if (e) return e;
    page.title = ogc_page_say(&page, "可查询属性", "Queryables");
    jsonw_object(page.json);
    jsonw_key_string(page.json, "$schema", "https://json-schema.org/draft/2020-12/schema");
    jsonw_key_string(
        page.json, "$id",
        arena_printf(request->arena, "%s/collections/%s/queryables", page.base, c->id));
    jsonw_key_string(page.json, "type", "object");
    jsonw_key_string(page.json, "title", ogc_page_say(&page, c->zh, c->en));
    ogc_schema_queryables(&page, c->bit);
    jsonw_key_bool(page.json, "additionalProperties", false);
    jsonw_object_end(page.json);
    return ogc_page_close(&page);
}
