#include "server/api/api_areas.h"
#include "server/api/api_basemap.h"
#include "server/api/api_categories.h"
#include "server/api/api_closures.h"
#include "server/api/api_coverage.h"
#include "server/api/api_export.h"
#include "server/api/api_feedback.h"
#include "server/api/api_health.h"
#include "server/api/api_hours.h"
#include "server/api/api_imports.h"
#include "server/api/api_osrm.h"
#include "server/api/api_people.h"
#include "server/api/api_photos.h"
#include "server/api/api_place_edit.h"
#include "server/api/api_place_history.h"
#include "server/api/api_place_off.h"
#include "server/api/api_place_photos.h"
#include "server/api/api_places.h"
#include "server/api/api_reachable.h"
#include "server/api/api_reports.h"
#include "server/api/api_road.h"
#include "server/api/api_routing.h"
#include "server/api/api_suggest.h"
#include "server/api/api_tiles.h"
#include "server/api/gap_query.h"
#include "server/api/near_query.h"
#include "server/api/ogc_html.h"
#include "server/api/ogc_table.h"
#include "server/api/osrm_call.h"
#include "server/api/osrm_table.h"
#include "server/api/osrm_trip.h"
#include "server/api/place_query.h"
#include "server/api/report_tiles.h"
#include "server/api/tile_json.h"
#include "server/router.h"

#define CRS " crs coord_type ret_coordtype"
#define OSRM                                                                                       \
    "bearings radiuses hints generate_hints approaches exclude snapping skip_waypoints format "
#define OSRM_LINES "steps annotations geometries overview "

enum {
    JSON_BYTES = 64 * 1024,
    CLOSURE_BYTES = 256 * 1024,
    REPORT_BYTES = 24 * 1024 * 1024,
    IMPORT_BYTES = 21 * 1024 * 1024
};

/* Shorthands, so that a row stays a line or two. */
#define GET(pattern, params, who, where, handle)                                                   \
    {                                                                                              \
        REQUEST_GET, pattern, params, ROUTER_##who, ROUTER_##where, ROUTER_NO_BODY, 0, LIMIT_READ, \
            PROBLEM_JSON, true, handle, NULL, NULL                                                 \
    }
/* Answered at once, but for some requests. */
#define SOMETIMES_LONG(pattern, params, who, handle, is_long)                                      \
    {                                                                                              \
        REQUEST_GET, pattern, params, ROUTER_##who, ROUTER_INLINE, ROUTER_NO_BODY, 0, LIMIT_READ,  \
            PROBLEM_JSON, true, handle, is_long, NULL                                              \
    }
/* Keeps a processor busy for seconds. */
#define LONG(pattern, params, who, handle)                                                         \
    {                                                                                              \
        REQUEST_GET, pattern, params, ROUTER_##who, ROUTER_COMPUTE, ROUTER_NO_BODY, 0, LIMIT_LONG, \
            PROBLEM_JSON, true, handle, NULL, NULL                                                 \
    }
#define WRITE(method, pattern, params, who, takes, bytes, class, handle)                           \
    {                                                                                              \
        REQUEST_##method, pattern, params, ROUTER_##who, ROUTER_STORE, ROUTER_##takes, bytes,      \
            LIMIT_##class, PROBLEM_JSON, true, handle, NULL, NULL                                  \
    }
#define FACADE(service, params, where, handle)                                                     \
    {                                                                                              \
        REQUEST_GET, "/" service "/{version}/{profile}/{coordinates}", OSRM params, ROUTER_ANYONE, \
            ROUTER_##where, ROUTER_NO_BODY, 0, LIMIT_READ, PROBLEM_OSRM, true, handle,             \
            osrm_call_is_long, NULL                                                                \
    }
/* Answered by a lane, but for what is at hand. */
#define KEPT(pattern, params, where, handle, recall)                                               \
    {                                                                                              \
        REQUEST_GET, pattern, params, ROUTER_ANYONE, ROUTER_##where, ROUTER_NO_BODY, 0,            \
            LIMIT_READ, PROBLEM_JSON, true, handle, NULL, recall                                   \
    }
/* What ogc_table.h says of an operation. */
#define OGC(path, takes, where, handle, ...)                                                       \
    GET("/ogc" path, takes(OGC_TABLE_NAME), ANYONE, where, handle),
#define ALWAYS(pattern, handle)                                                                    \
    {                                                                                              \
        REQUEST_GET, pattern, "", ROUTER_ANYONE, ROUTER_INLINE, ROUTER_NO_BODY, 0, LIMIT_READ,     \
            PROBLEM_JSON, false, handle, NULL, NULL                                                \
    }

const struct router_rule routes[] = {
    SOMETIMES_LONG("/v1/places",
                   "near radius limit cursor f fields text " PLACE_QUERY " " NEAR_QUERY CRS, ANYONE,
                   api_places_list, near_query_is_long),
    GET("/v1/suggest", "text near limit" CRS, ANYONE, COMPUTE, api_suggest_list),
    GET("/v1/places/export", "format encoding source category bbox" CRS, STAFF, STORE,
        api_export_places),
    GET("/v1/places/off", "status category area limit cursor" CRS, STAFF, STORE,
        api_place_off_list),
    GET("/v1/places/{id}", "f fields" CRS, ANYONE, INLINE, api_places_get),
    GET("/v1/places/{id}/history", "limit cursor" CRS, MAYBE, STORE, api_place_history_list),
    GET("/v1/places/{id}/record", "" CRS, STAFF, STORE, api_place_edit_record),
    WRITE(POST, "/v1/places", "" CRS, STAFF, JSON, JSON_BYTES, WRITE, api_place_edit_create),
    WRITE(PUT, "/v1/places/{id}", "" CRS, STAFF, JSON, JSON_BYTES, WRITE, api_place_edit_put),
    WRITE(DELETE, "/v1/places/{id}", "version reason" CRS, STAFF, NO_BODY, 0, WRITE,
          api_place_edit_delete),
    WRITE(POST, "/v1/places/{id}/restore", "" CRS, STAFF, JSON, JSON_BYTES, WRITE,
          api_place_edit_restore),
    WRITE(PUT, "/v1/places/{id}/closing", "" CRS, STAFF, JSON, JSON_BYTES, WRITE,
          api_place_edit_close),
    WRITE(DELETE, "/v1/places/{id}/closing", "version" CRS, STAFF, NO_BODY, 0, WRITE,
          api_place_edit_open),
    WRITE(POST, "/v1/places/{id}/photos", "" CRS, STAFF, MULTIPART, REPORT_BYTES, WRITE,
          api_place_photos_add),
    WRITE(PUT, "/v1/places/{id}/photos", "" CRS, STAFF, JSON, JSON_BYTES, WRITE,
          api_place_photos_order),
    WRITE(DELETE, "/v1/places/{id}/photos/{photo}", "" CRS, STAFF, NO_BODY, 0, WRITE,
          api_place_photos_remove),
    WRITE(POST, "/v1/places/{id}/confirm", "", MAYBE, NO_BODY, 0, WRITE, api_feedback_confirm),
    WRITE(POST, "/v1/places/{id}/feedback", "" CRS, MAYBE, MULTIPART, REPORT_BYTES, WRITE,
          api_feedback_create),
    GET("/v1/hours", "value", ANYONE, COMPUTE, api_hours_check),
    GET("/v1/categories", "", ANYONE, INLINE, api_categories_list),
    GET("/v1/areas", "at limit cursor" CRS, ANYONE, INLINE, api_areas_list),
    GET("/v1/areas/export", "format encoding source bbox" CRS, STAFF, STORE, api_export_areas),
    GET("/v1/areas/{id}", "f" CRS, ANYONE, INLINE, api_areas_get),
    SOMETIMES_LONG("/v1/route",
                   "from to via profile geometries steps lang alternatives " API_ROAD_BAR CRS,
                   ANYONE, api_routing_route, api_routing_is_long),
    GET("/v1/reachable", "from profile limits " API_ROAD_BAR CRS, ANYONE, COMPUTE,
        api_reachable_areas),
    LONG("/v1/coverage", PLACE_QUERY " " GAP_QUERY " " API_ROAD_BAR CRS, MAYBE, api_coverage_find),

    FACADE("route", OSRM_LINES "alternatives continue_straight waypoints", INLINE, api_osrm_route),
    FACADE("nearest", "number", INLINE, api_osrm_nearest),
    FACADE("table",
           "sources destinations annotations fallback_speed fallback_coordinate scale_factor",
           INLINE, osrm_table_answer),
    FACADE("trip", OSRM_LINES "roundtrip source destination pairs", COMPUTE, osrm_trip_answer),
    FACADE("match", OSRM_LINES "timestamps gaps tidy waypoints", INLINE, api_osrm_match),

    GET("/tiles/style.json", "lang", ANYONE, INLINE, api_tiles_style),
    ALWAYS("/tiles/sprite.json", api_health_page),
    ALWAYS("/tiles/sprite@2x.json", api_health_page),
    ALWAYS("/tiles/sprite.png", api_health_page),
    ALWAYS("/tiles/sprite@2x.png", api_health_page),
    GET("/tiles/basemap.json", "", ANYONE, INLINE, api_basemap_json),
    KEPT("/tiles/basemap/{z}/{x}/{y}.mvt", "", STORE, api_basemap_tile, api_basemap_recall),
    GET("/tiles/reports.json", "state category", STAFF, STORE, report_tiles_json),
    GET("/tiles/reports/{z}/{x}/{y}.mvt", "state category", STAFF, STORE, report_tiles_tile),
    GET("/tiles/{layers}.json", "category", ANYONE, INLINE, tile_json_answer),
    KEPT("/tiles/{layers}/{z}/{x}/{y}.mvt", "category", COMPUTE, api_tiles_tile, api_tiles_recall),

    OGC_OPERATIONS(OGC)
        GET("/ogc/", OGC_TAKES_DOCUMENT(OGC_TABLE_NAME), ANYONE, INLINE, ogc_root_landing),
    GET("/ogc/style.css", "", ANYONE, INLINE, ogc_html_style),

    WRITE(POST, "/v1/reports", "" CRS, MAYBE, MULTIPART, REPORT_BYTES, WRITE, api_reports_create),
    GET("/v1/reports", "kind state open due category area place limit cursor" CRS, STAFF, STORE,
        api_reports_list),
    GET("/v1/reports/{id}", "" CRS, MAYBE, STORE, api_reports_get),
    WRITE(POST, "/v1/reports/{id}/state", "" CRS, STAFF, JSON, JSON_BYTES, WRITE, api_reports_move),
    WRITE(PUT, "/v1/reports/{id}/state", "" CRS, STAFF, JSON, JSON_BYTES, WRITE, api_reports_move),
    WRITE(POST, "/v1/reports/{id}/mend", "" CRS, STAFF, JSON, JSON_BYTES, WRITE, api_feedback_mend),
    GET("/v1/photos/{id}", "", MAYBE, STORE, api_photos_large),
    GET("/v1/photos/{id}/thumb", "", MAYBE, STORE, api_photos_small),

    WRITE(POST, "/v1/closures", "dry_run" CRS, STAFF, JSON, CLOSURE_BYTES, WRITE,
          api_closures_create),
    GET("/v1/closures", "state bbox report limit cursor" CRS, STAFF, STORE, api_closures_list),
    GET("/v1/closures/{id}", "" CRS, STAFF, STORE, api_closures_get),
    WRITE(PUT, "/v1/closures/{id}", "dry_run" CRS, STAFF, JSON, CLOSURE_BYTES, WRITE,
          api_closures_put),
    WRITE(DELETE, "/v1/closures/{id}", "version" CRS, STAFF, NO_BODY, 0, WRITE,
          api_closures_delete),

    WRITE(POST, "/v1/imports", "", SIGNED_IN, MULTIPART, IMPORT_BYTES, WRITE, api_imports_create),
    GET("/v1/imports", "limit cursor", SIGNED_IN, STORE, api_imports_list),
    GET("/v1/imports/{id}", "f", SIGNED_IN, STORE, api_imports_get),

    WRITE(POST, "/v1/sessions", "", ANYONE, JSON, JSON_BYTES, SIGN_IN, api_people_sign_in),
    WRITE(DELETE, "/v1/sessions/current", "", SIGNED_IN, NO_BODY, 0, WRITE, api_people_sign_out),
    GET("/v1/me", "", SIGNED_IN, STORE, api_people_me),

    ALWAYS("/healthz", api_health_alive),
    ALWAYS("/readyz", api_health_ready),
    ALWAYS("/metrics", api_health_metrics),
    ALWAYS("*", api_health_page),
};
const size_t routes_count = sizeof routes / sizeof *routes;

_Static_assert(sizeof routes / sizeof *routes <= ROUTES_MAX, "raise ROUTES_MAX");
