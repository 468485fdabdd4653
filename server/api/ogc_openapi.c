#include "server/api/ogc_openapi.h"

#include "server/api/ogc_collection.h"
#include "server/api/ogc_schema.h"
#include "server/api/ogc_table.h"

#include <stdio.h>
#include <string.h>

struct operation {
    const char *path, *keys, *id, *schema, *type, *summary; /* keys: a blank behind each */
};

static const struct operation operations[] = {
#define ROW(path, takes, where, handle, id, schema, type, summary)                                 \
    {path, takes(OGC_TABLE_KEY), id, schema, type, summary},
    OGC_OPERATIONS(ROW)
#undef ROW
};

static const char placeholder[] = "{collection}";

/* The path of an operation on a collection; NULL is any, of one that has none in it. */
static const char *path_of(struct arena *arena, const struct operation *o,
                           const struct ogc_collection *c)
{
    const char *mark = strstr(o->path, placeholder);
    if (!o->path[0]) return "/";
    if (!mark || !c) return o->path;
    return arena_printf(arena, "%.*s%s%s", (int)(mark - o->path), o->path, c->id,
                        mark + sizeof placeholder - 1);
}

/* Calls `put` with each parameter that the operation has on this collection. */
static void each_param(struct ogc_page *page, const struct operation *o,
                       const struct ogc_collection *c,
                       void (*put)(struct ogc_page *page, const struct ogc_param *param))
{
    const char *rest = o->keys, *key;
    size_t len;
    while (request_next(&rest, ' ', &key, &len)) {
        const struct ogc_param *param = len ? ogc_schema_param(key, len) : NULL;
        if (param && (!c || param->on & c->bit)) put(page, param);
    }
}

static void put_ref(struct jsonw *json, const char *kind, const char *name)
{
    char text[96];
    (void)snprintf(text, sizeof text, "#/components/%s/%s", kind, name);
    jsonw_object(json);
    jsonw_key_string(json, "$ref", text);
    jsonw_object_end(json);
}

static void put_param_ref(struct ogc_page *page, const struct ogc_param *param)
{
    put_ref(page->json, "parameters", param->key);
}

static void write_found(struct jsonw *json, const struct operation *o)
{
    jsonw_key(json, "200");
    jsonw_object(json);
    jsonw_key_string(json, "description", o->summary);
    if (strcmp(o->type, OGC_PAGE_GEOJSON) == 0) {
        jsonw_key(json, "headers");
        jsonw_object(json);
        jsonw_key(json, "Content-Crs");
        put_ref(json, "headers", "Content-Crs");
        jsonw_object_end(json);
    }
    jsonw_key(json, "content");
    jsonw_object(json);
    jsonw_key(json, o->type);
    jsonw_object(json);
    jsonw_key(json, "schema");
    put_ref(json, "schemas", o->schema);
    jsonw_object_end(json);
    jsonw_key(json, "text/html");
    jsonw_raw(json, "{\"schema\":{\"type\":\"string\"}}", 28);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_responses(struct jsonw *json, const struct operation *o)
{
    static const struct {
        const char *status, *name;
    } refusals[] = {{"400", "InvalidParameter"},
                    {"404", "NotFound"},
                    {"406", "NotAcceptable"},
                    {"500", "ServerError"}};
    jsonw_key(json, "responses");
    jsonw_object(json);
    write_found(json, o);
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (i == 1 && !strchr(o->path, '{')) continue;
        jsonw_key(json, refusals[i].status);
        put_ref(json, "responses", refusals[i].name);
    }
    jsonw_object_end(json);
}

static void write_operation(struct ogc_page *page, const struct operation *o,
                            const struct ogc_collection *c)
{
    struct jsonw *json = page->json;
    const char *path = path_of(page->request->arena, o, c);
    const char *id =
        arena_printf(page->request->arena, "%s%s%s", o->id, c ? "_" : "", c ? c->id : "");
    if (!path || !id) return;
    jsonw_key(json, path);
    jsonw_object(json);
    jsonw_key(json, "get");
    jsonw_object(json);
    jsonw_key(json, "tags");
    jsonw_array(json);
    jsonw_string(json, c ? c->id : "capabilities");
    jsonw_array_end(json);
    jsonw_key_string(json, "operationId", id);
    jsonw_key_string(json, "summary", o->summary);
    jsonw_key(json, "parameters");
    jsonw_array(json);
    if (strstr(o->path, "{feature}")) put_ref(json, "parameters", "feature");
    each_param(page, o, c, put_param_ref);
    jsonw_array_end(json);
    write_responses(json, o);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

/* For people: each operation with what it takes. */
static void put_param_about(struct ogc_page *page, const struct ogc_param *param)
{
    jsonw_key_string(page->json, param->name, param->about);
}

static void write_outline(struct ogc_page *page, const struct operation *o,
                          const struct ogc_collection *c)
{
    struct jsonw *json = page->json;
    const char *path = path_of(page->request->arena, o, c);
    const char *key = arena_printf(page->request->arena, "GET /ogc%s", o->path[0] ? path : "");
    if (!path || !key) return;
    jsonw_key(json, key);
    jsonw_object(json);
    jsonw_key_string(json, "", o->summary);
    each_param(page, o, c, put_param_about);
    jsonw_object_end(json);
}

static void each_operation(struct ogc_page *page,
                           void (*write)(struct ogc_page *page, const struct operation *o,
                                         const struct ogc_collection *c))
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        bool each = strstr(operations[i].path, placeholder) != NULL;
        for (size_t k = 0; k < (each ? OGC_COLLECTION_COUNT : 1); k++)
            write(page, &operations[i], each ? &ogc_collections[k] : NULL);
    }
}

static void write_head(struct ogc_page *page)
{
    struct jsonw *json = page->json;
    jsonw_key_string(json, "openapi", "3.0.3");
    jsonw_key(json, "info");
    jsonw_object(json);
    jsonw_key_string(json, "title", "Yizhan: places and areas by OGC API - Features");
    jsonw_key_string(json, "version", "1.0.0");
    jsonw_key_string(json, "description",
                     "Read-only access to places for people who work outdoors and to "
                     "administrative areas, for map clients that speak OGC API - Features 1.0: "
                     "Core, GeoJSON, HTML, OpenAPI 3.0, and Coordinate Reference Systems by "
                     "Reference.");
    jsonw_key(json, "license");
    jsonw_object(json);
    jsonw_key_string(json, "name", "Data: © OpenStreetMap contributors, ODbL 1.0");
    jsonw_key_string(json, "url", "https://www.openstreetmap.org/copyright");
    jsonw_object_end(json);
    jsonw_object_end(json);
    jsonw_key(json, "servers");
    jsonw_array(json);
    jsonw_object(json);
    jsonw_key_string(json, "url", page->base);
    jsonw_object_end(json);
    jsonw_array_end(json);
}

enum err ogc_openapi_answer(struct request *request, struct response *response, struct tools *tools)
{
    struct ogc_page page;
    enum err e = ogc_page_open(request, response, tools, OGC_PAGE_OPENAPI, &page);
    if (e) return e;
    page.title = ogc_page_say(&page, "接口说明", "API");
    jsonw_object(page.json);
    if (page.is_html) {
        page.as_named = true;
        each_operation(&page, write_outline);
        jsonw_key(page.json, "links");
        jsonw_array(page.json);
        ogc_page_links_self(&page);
        jsonw_array_end(page.json);
    } else {
        write_head(&page);
        jsonw_key(page.json, "paths");
        jsonw_object(page.json);
        each_operation(&page, write_operation);
        jsonw_object_end(page.json);
        ogc_schema_components(&page);
    }
    jsonw_object_end(page.json);
    return ogc_page_close(&page);
}
