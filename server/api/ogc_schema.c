#include "server/api/ogc_schema.h"

#include "server/api/ogc_collection.h"
#include "server/api/ogc_table.h"

#include <string.h>

static const struct ogc_param params[] = {
#define ROW(key, name, on, kind, schema, zh, en, about)                                            \
    {key, name, on, kind, schema, zh, en, about},
    OGC_PARAMS(ROW)
#undef ROW
};
enum { PARAM_COUNT = sizeof params / sizeof *params };

const struct ogc_param *ogc_schema_param(const char *key, size_t len)
{
    for (size_t i = 0; i < PARAM_COUNT; i++)
        if (strlen(params[i].key) == len && memcmp(params[i].key, key, len) == 0) return &params[i];
    return NULL;
}

/* Whether any of the parameters of this name is known to the collections. */
static bool is_known(const char *name, unsigned bit)
{
    for (size_t i = 0; i < PARAM_COUNT; i++)
        if (params[i].on & bit && strcmp(params[i].name, name) == 0) return true;
    return false;
}

enum err ogc_schema_admit(struct request *request, unsigned bit)
{
    for (size_t i = 0; i < request->query_count; i++)
        if (!is_known(request->query[i].name, bit))
            return problem_say(request->problem, PROBLEM_PARAMETER, request->query[i].name,
                               "this collection has no such property; its queryables list those "
                               "that it has");
    return ERR_OK;
}

static void write_codes(struct jsonw *json, const struct categories *words, bool amenities)
{
    size_t count = amenities ? categories_amenity_count(words) : categories_count(words);
    jsonw_key_string(json, "type", "string");
    jsonw_key(json, "enum");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        jsonw_string(json, amenities ? categories_amenity_at(words, i)->code
                                     : categories_at(words, i)->code);
    jsonw_array_end(json);
}

/* The members of a schema. A list as a parameter has its items between commas. */
static void write_schema(struct ogc_page *page, const struct ogc_param *param, bool is_list)
{
    struct jsonw *json = page->json;
    const struct categories *words = page->tools->service->categories;
    if (param->kind == OGC_PLAIN) {
        jsonw_raw(json, param->schema, strlen(param->schema));
        return;
    }
    bool amenities = param->kind == OGC_AMENITIES;
    if (!is_list) {
        write_codes(json, words, amenities);
        return;
    }
    jsonw_key_string(json, "type", "array");
    jsonw_key(json, "items");
    jsonw_object(json);
    write_codes(json, words, amenities);
    jsonw_object_end(json);
}

void ogc_schema_queryables(struct ogc_page *page, unsigned bit)
{
    struct jsonw *json = page->json;
    jsonw_key(json, "properties");
    jsonw_object(json);
    for (size_t i = 0; i < PARAM_COUNT; i++) {
        if (!(params[i].on & bit) || !params[i].en[0]) continue;
        jsonw_key(json, params[i].name);
        jsonw_object(json);
        jsonw_key_string(json, "title", ogc_page_say(page, params[i].zh, params[i].en));
        write_schema(page, &params[i], params[i].kind == OGC_AMENITIES);
        jsonw_object_end(json);
    }
    jsonw_object_end(json);
}

static void write_param(struct ogc_page *page, const struct ogc_param *param)
{
    struct jsonw *json = page->json;
    jsonw_key(json, param->key);
    jsonw_object(json);
    jsonw_key_string(json, "name", param->name);
    jsonw_key_string(json, "in", "query");
    jsonw_key_string(json, "description", param->about);
    jsonw_key_bool(json, "required", false);
    jsonw_key(json, "schema");
    jsonw_object(json);
    write_schema(page, param, true);
    jsonw_object_end(json);
    jsonw_key_string(json, "style", "form");
    jsonw_key_bool(json, "explode", false);
    jsonw_object_end(json);
}

/* Members of the components: what is not of the table. Schemas after those of OGC 17-069r4, as far
 * as this server uses them. */
#define TEXT_TYPE "{\"type\":\"string\"}"
#define REF(name) "{\"$ref\":\"#/components/schemas/" name "\"}"
#define LIST(of)  "{\"type\":\"array\",\"items\":" of "}"
static const char schemas[] =
    "{\"any\":{\"type\":\"object\"},"
    "\"link\":{\"type\":\"object\",\"required\":[\"href\",\"rel\"],\"properties\":{"
    "\"href\":" TEXT_TYPE ",\"rel\":" TEXT_TYPE ",\"type\":" TEXT_TYPE ",\"title\":" TEXT_TYPE "}},"
    "\"landingPage\":{\"type\":\"object\",\"required\":[\"links\"],\"properties\":{"
    "\"title\":" TEXT_TYPE
    ",\"description\":" TEXT_TYPE ",\"links\":" LIST(REF("link")) "}},"
                                                                  "\"confClasses\":{\"type\":"
                                                                  "\"object\",\"required\":["
                                                                  "\"conformsTo\"],\"properties\":{"
                                                                  "\"conformsTo\":" LIST(
                                                                      TEXT_TYPE) ",\"links\":" LIST(REF("link")) "}},"
                                                                                                                 "\"extent\":{\"type\":\"object\",\"properties\":{\"spatial\":{\"type\":\"object\","
                                                                                                                 "\"properties\":{\"bbox\":{\"type\":\"array\",\"minItems\":1,\"items\":{\"type\":\"array\","
                                                                                                                 "\"minItems\":4,\"maxItems\":4,\"items\":{\"type\":\"number\"}}},\"crs\":{\"type\":\"string\","
                                                                                                                 "\"enum\":[\"" OGC_COLLECTION_CRS84
                                                                                                                 "\"]}}}}},"
                                                                                                                 "\"collection\":{\"type\":\"object\",\"required\":[\"id\",\"links\"],\"properties\":{"
                                                                                                                 "\"id\":" TEXT_TYPE
                                                                                                                 ",\"title\":" TEXT_TYPE ",\"description\":" TEXT_TYPE ",\"links\":" LIST(REF("link")) ",\"extent\":" REF("extent") ","
                                                                                                                                                                                                                                    "\"itemType\":" TEXT_TYPE ",\"crs\":" LIST(TEXT_TYPE) ",\"storageCrs\":" TEXT_TYPE "}},"
                                                                                                                                                                                                                                                                                          "\"collections\":{\"type\":\"object\",\"required\":[\"links\",\"collections\"],"
                                                                                                                                                                                                                                                                                          "\"properties\":{\"links\":" LIST(
                                                                                                                                                                                                                                                                                              REF("link")) ",\"collections\":" LIST(REF("collection")) "}},"
                                                                                                                                                                                                                                                                                                                                                       "\"position\":{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,"
                                                                                                                                                                                                                                                                                                                                                       "\"items\":{\"type\":\"number\"}},"
                                                                                                                                                                                                                                                                                                                                                       "\"pointGeoJSON\":{\"type\":\"object\",\"required\":[\"type\",\"coordinates\"],"
                                                                                                                                                                                                                                                                                                                                                       "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"Point\"]},"
                                                                                                                                                                                                                                                                                                                                                       "\"coordinates\":" REF(
                                                                                                                                                                                                                                                                                                                                                           "position") "}},"
                                                                                                                                                                                                                                                                                                                                                                       "\"multipolygonGeoJSON\":{\"type\":\"object\",\"required\":[\"type\",\"coordinates\"],"
                                                                                                                                                                                                                                                                                                                                                                       "\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"MultiPolygon\"]},"
                                                                                                                                                                                                                                                                                                                                                                       "\"coordinates\":" LIST(LIST(
                                                                                                                                                                                                                                                                                                                                                                           "{\"type\":\"array\",\"minItems\":4,\"items\":" REF("position") "}")) "}},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                 "\"geometryGeoJSON\":{\"oneOf\":[" REF(
                                                                                                                                                                                                                                                                                                                                                                                                                                                     "pointGeoJSON") "," REF("multipolygonGeoJSON") "]},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"featureGeoJSON\":{\"type\":\"object\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"required\":[\"type\",\"id\",\"geometry\",\"properties\"],\"properties\":{"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"type\":{\"type\":\"string\",\"enum\":[\"Feature\"]},\"id\":{\"type\":\"integer\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "\"geometry\":" REF("geometryGeoJSON") ",\"properties\":{\"type\":\"object\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "\"links\":" LIST(REF(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                               "link")) "}},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"featureCollectionGeoJSON\":{\"type\":\"object\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"required\":[\"type\",\"features\",\"links\",\"timeStamp\",\"numberMatched\","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"numberReturned\"],\"properties\":{"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"type\":{\"type\":\"string\",\"enum\":[\"FeatureCollection\"]},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "\"features\":" LIST(REF("featureGeoJSON")) ",\"links\":" LIST(REF(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "link")) ","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"timeStamp\":{\"type\":\"string\",\"format\":\"date-time\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"numberMatched\":{\"type\":\"integer\",\"minimum\":0},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"numberReturned\":{\"type\":\"integer\",\"minimum\":0}}},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"exception\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\"],"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"properties\":{\"type\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     ",\"title\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     ",\"status\":{\"type\":\"integer\"},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"detail\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     ",\"instance\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     ","
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     "\"errors\":" LIST(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "{\"type\":\"object\",\"properties\":{\"parameter\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         ",\"detail\":" TEXT_TYPE
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "}}") "}}}";

#define REFUSAL(name, text)                                                                        \
    "\"" name "\":{\"description\":\"" text "\",\"content\":{\"application/problem+json\":"        \
    "{\"schema\":" REF("exception") "}}}"
static const char responses[] = "{" REFUSAL(
    "InvalidParameter",
    "A parameter is unknown, or its "
    "value is not valid") "," REFUSAL("NotFound",
                                      "There is no such collection or "
                                      "feature") "," REFUSAL("NotAccept"
                                                             "able",
                                                             "The "
                                                             "header "
                                                             "Accept "
                                                             "takes "
                                                             "none of "
                                                             "the "
                                                             "forms "
                                                             "that "
                                                             "there "
                                                             "are") "," REFUSAL("Serv"
                                                                                "erEr"
                                                                                "ror",
                                                                                "The "
                                                                                "serv"
                                                                                "er "
                                                                                "fail"
                                                                                "ed, "
                                                                                "or "
                                                                                "is "
                                                                                "bus"
                                                                                "y") "}";

static const char headers[] =
    "{\"Content-Crs\":{\"description\":\"The reference system of the coordinates in the answer, "
    "between angle brackets\",\"schema\":" TEXT_TYPE "}}";

static void write_raw(struct jsonw *json, const char *key, const char *text)
{
    jsonw_key(json, key);
    jsonw_raw(json, text, strlen(text));
}

void ogc_schema_components(struct ogc_page *page)
{
    struct jsonw *json = page->json;
    jsonw_key(json, "components");
    jsonw_object(json);
    jsonw_key(json, "parameters");
    jsonw_object(json);
    for (size_t i = 0; i < PARAM_COUNT; i++)
        write_param(page, &params[i]);
    write_raw(json, "feature",
              "{\"name\":\"feature\",\"in\":\"path\",\"required\":true,"
              "\"description\":\"The id of a feature\",\"schema\":{\"type\":\"string\"}}");
    jsonw_object_end(json);
    write_raw(json, "headers", headers);
    write_raw(json, "schemas", schemas);
    write_raw(json, "responses", responses);
    jsonw_object_end(json);
}
