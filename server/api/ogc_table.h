/* What the OGC API – Features façade offers: THE table of its operations and parameters, from which
 * the routes, the API document and the queryables are made. */
#ifndef YZ_SERVER_API_OGC_TABLE_H
#define YZ_SERVER_API_OGC_TABLE_H

#include "server/api/ogc_items.h"
#include "server/api/ogc_openapi.h"
#include "server/api/ogc_root.h"

/* Of features on a page; numbers that are text in a schema, too. */
#define OGC_LIMIT_DEFAULT       100
#define OGC_LIMIT_MAX           10000
#define OGC_TABLE_TEXT_(number) #number
#define OGC_TABLE_TEXT(number)  OGC_TABLE_TEXT_(number)

/* Which collections know a parameter. */
enum { OGC_PLACES = 1, OGC_AREAS = 2, OGC_BOTH = 3 };

/* What a parameter's values are: as its schema says, or one or more of the operator's words. */
enum ogc_kind { OGC_PLAIN, OGC_CATEGORY, OGC_AMENITIES };

struct ogc_param {
    const char *key; /* in the API document */
    const char *name;
    unsigned on;
    enum ogc_kind kind;
    const char *schema;  /* members of a JSON schema; of what is PLAIN */
    const char *zh, *en; /* titles of what features are selected by; else "" */
    const char *about;
};

/* Parameters: key, name, on, kind, schema, zh, en, about. Schemas are those of the templates in
 * OGC 17-069r4, 7.15, and 18-058r1, 6.3, where there is one. */
#define OGC_FORM(X)                                                                                \
    X("f", "f", OGC_BOTH, OGC_PLAIN, "\"type\":\"string\",\"enum\":[\"json\",\"html\"]", "", "",   \
      "The form of the answer; without it the header Accept decides.")
#define OGC_FEATURE_FORM(X)                                                                        \
    X("f-features", "f", OGC_BOTH, OGC_PLAIN,                                                      \
      "\"type\":\"string\",\"enum\":[\"json\",\"geojson\",\"html\"]", "", "",                      \
      "The form of the answer; without it the header Accept decides. json is GeoJSON.")
#define OGC_LANG(X)                                                                                \
    X("lang", "lang", OGC_BOTH, OGC_PLAIN, "\"type\":\"string\",\"enum\":[\"zh\",\"en\"]", "", "", \
      "The language of titles and pages; without it the header Accept-Language decides.")
#define OGC_CRS(X)                                                                                 \
    X("crs", "crs", OGC_BOTH, OGC_PLAIN,                                                           \
      "\"type\":\"string\",\"format\":\"uri\","                                                    \
      "\"default\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"",                              \
      "", "",                                                                                      \
      "The reference system of the coordinates in the answer, one of those that the collection "   \
      "lists, with the order of axes that its authority defines.")
#define OGC_PAGES(X)                                                                               \
    X("limit", "limit", OGC_BOTH, OGC_PLAIN,                                                       \
      "\"type\":\"integer\",\"minimum\":1,\"maximum\":" OGC_TABLE_TEXT(                            \
          OGC_LIMIT_MAX) ",\"default\":" OGC_TABLE_TEXT(OGC_LIMIT_DEFAULT),                        \
      "", "",                                                                                      \
      "How many features a page has at most. More than the maximum is taken for the maximum; "     \
      "pages of large geometries may have fewer.")                                                 \
    X("offset", "offset", OGC_BOTH, OGC_PLAIN, "\"type\":\"integer\",\"minimum\":0,\"default\":0", \
      "", "",                                                                                      \
      "How many of the selected features to pass over. To read all of them follow the links "      \
      "`next` instead, which miss nothing when features come and go.")                             \
    X("cursor", "cursor", OGC_BOTH, OGC_PLAIN,                                                     \
      "\"type\":\"string\",\"pattern\":\"^[0-9a-f]{32}$\"", "", "",                                \
      "Where a page begins; comes from a link `next`.")                                            \
    X("bbox", "bbox", OGC_BOTH, OGC_PLAIN,                                                         \
      "\"type\":\"array\",\"oneOf\":[{\"minItems\":4,\"maxItems\":4},"                             \
      "{\"minItems\":6,\"maxItems\":6}],\"items\":{\"type\":\"number\"}",                          \
      "", "",                                                                                      \
      "Only features whose geometry intersects this box: two corners, in bbox-crs. The first "     \
      "longitude is greater than the second where the box spans the antimeridian. Heights, the "   \
      "third and the sixth of six numbers, select nothing: geometries have none.")                 \
    X("bbox-crs", "bbox-crs", OGC_BOTH, OGC_PLAIN,                                                 \
      "\"type\":\"string\",\"format\":\"uri\","                                                    \
      "\"default\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"",                              \
      "", "", "The reference system of bbox, one of those that the collection lists.")             \
    X("datetime", "datetime", OGC_BOTH, OGC_PLAIN, "\"type\":\"string\"", "", "",                  \
      "An RFC 3339 moment, or an interval of two with a slash between them, one of which may be "  \
      "`..` or empty. Selects places by `confirmed_at`; features that have no time are always "    \
      "selected, so all areas.")
#define OGC_FILTERS(X)                                                                             \
    X("category", "category", OGC_PLACES, OGC_CATEGORY, "", "类别", "Category",                    \
      "Only places of this category, or of one of these.")                                         \
    X("amenities", "amenities", OGC_PLACES, OGC_AMENITIES, "", "设施", "Amenities",                \
      "Only places that have all of these.")                                                       \
    X("name", "name", OGC_BOTH, OGC_PLAIN, "\"type\":\"string\"", "名称", "Name",                  \
      "Only features of exactly this name.")                                                       \
    X("name_en", "name_en", OGC_BOTH, OGC_PLAIN, "\"type\":\"string\"", "英文名称",                \
      "English name", "Only features of exactly this English name.")                               \
    X("source", "source", OGC_PLACES, OGC_PLAIN, "\"type\":\"string\"", "来源", "Source",          \
      "Only the place that came from here, like osm:node/123.")                                    \
    X("code", "code", OGC_AREAS, OGC_PLAIN, "\"type\":\"string\"", "行政区划代码",                 \
      "Division code", "Only areas of this official code.")                                        \
    X("level", "level", OGC_AREAS, OGC_PLAIN, "\"type\":\"integer\"", "级别", "Level",             \
      "Only areas of this level, OpenStreetMap's admin_level.")                                    \
    X("parent_id", "parent_id", OGC_AREAS, OGC_PLAIN, "\"type\":\"integer\"", "上级编号",          \
      "Parent", "Only areas directly within the one of this id.")

/* What each operation takes. */
#define OGC_TAKES_DOCUMENT(X) OGC_FORM(X) OGC_LANG(X)
#define OGC_TAKES_FEATURES(X) OGC_FEATURE_FORM(X) OGC_LANG(X) OGC_CRS(X) OGC_PAGES(X) OGC_FILTERS(X)
#define OGC_TAKES_FEATURE(X)  OGC_FEATURE_FORM(X) OGC_LANG(X) OGC_CRS(X)
#define OGC_PARAMS(X)                                                                              \
    OGC_FORM(X) OGC_FEATURE_FORM(X) OGC_LANG(X) OGC_CRS(X) OGC_PAGES(X) OGC_FILTERS(X)

/* Operations: path below /ogc, what it takes, which thread answers, handler, operationId, schema
 * and media type of the answer, summary. One with {collection} is one for each collection. */
#define OGC_OPERATIONS(X)                                                                          \
    X("", OGC_TAKES_DOCUMENT, INLINE, ogc_root_landing, "getLandingPage", "landingPage",           \
      "application/json", "The landing page: links to all the rest")                               \
    X("/api", OGC_TAKES_DOCUMENT, INLINE, ogc_openapi_answer, "getApi", "any",                     \
      "application/vnd.oai.openapi+json;version=3.0", "This document")                             \
    X("/conformance", OGC_TAKES_DOCUMENT, INLINE, ogc_root_conformance, "getConformance",          \
      "confClasses", "application/json", "The conformance classes that are implemented")           \
    X("/collections", OGC_TAKES_DOCUMENT, INLINE, ogc_root_collections, "getCollections",          \
      "collections", "application/json", "The feature collections")                                \
    X("/collections/{collection}", OGC_TAKES_DOCUMENT, INLINE, ogc_root_collection,                \
      "getCollection", "collection", "application/json", "What a collection is")                   \
    X("/collections/{collection}/queryables", OGC_TAKES_DOCUMENT, INLINE, ogc_root_queryables,     \
      "getQueryables", "any", "application/schema+json",                                           \
      "The properties that features of a collection are selected by, as a JSON schema")            \
    X("/collections/{collection}/items", OGC_TAKES_FEATURES, COMPUTE, ogc_items_list,              \
      "getFeatures", "featureCollectionGeoJSON", "application/geo+json",                           \
      "Features of a collection, in pages")                                                        \
    X("/collections/{collection}/items/{feature}", OGC_TAKES_FEATURE, COMPUTE, ogc_items_one,      \
      "getFeature", "featureGeoJSON", "application/geo+json", "One feature")

/* To make one text of names, or of keys, a blank behind each. */
#define OGC_TABLE_NAME(key, name, ...) name " "
#define OGC_TABLE_KEY(key, name, ...)  key " "

#endif
