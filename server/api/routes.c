#include "server/api/api_activities.h"
#include "server/api/api_activity_edit.h"
#include "server/api/api_areas.h"
#include "server/api/api_assignees.h"
#include "server/api/api_attendance.h"
#include "server/api/api_audit.h"
#include "server/api/api_ballots.h"
#include "server/api/api_basemap.h"
#include "server/api/api_blur.h"
#include "server/api/api_branches.h"
#include "server/api/api_calendar.h"
#include "server/api/api_case_acts.h"
#include "server/api/api_case_bulk.h"
#include "server/api/api_case_links.h"
#include "server/api/api_case_update.h"
#include "server/api/api_categories.h"
#include "server/api/api_closures.h"
#include "server/api/api_comments.h"
#include "server/api/api_counts.h"
#include "server/api/api_coverage.h"
#include "server/api/api_deeds.h"
#include "server/api/api_events.h"
#include "server/api/api_export.h"
#include "server/api/api_feedback.h"
#include "server/api/api_health.h"
#include "server/api/api_heat.h"
#include "server/api/api_hours.h"
#include "server/api/api_imports.h"
#include "server/api/api_inbox.h"
#include "server/api/api_join.h"
#include "server/api/api_kinds.h"
#include "server/api/api_lessons.h"
#include "server/api/api_me.h"
#include "server/api/api_members.h"
#include "server/api/api_memberships.h"
#include "server/api/api_offer_tally.h"
#include "server/api/api_offers.h"
#include "server/api/api_osrm.h"
#include "server/api/api_people.h"
#include "server/api/api_people_access.h"
#include "server/api/api_photos.h"
#include "server/api/api_pictures.h"
#include "server/api/api_place_edit.h"
#include "server/api/api_place_history.h"
#include "server/api/api_place_off.h"
#include "server/api/api_place_photos.h"
#include "server/api/api_places.h"
#include "server/api/api_points.h"
#include "server/api/api_points_mine.h"
#include "server/api/api_posts.h"
#include "server/api/api_privacy.h"
#include "server/api/api_profile.h"
#include "server/api/api_proposals.h"
#include "server/api/api_reachable.h"
#include "server/api/api_redemptions.h"
#include "server/api/api_reports.h"
#include "server/api/api_rewards.h"
#include "server/api/api_road.h"
#include "server/api/api_routing.h"
#include "server/api/api_sessions.h"
#include "server/api/api_signups.h"
#include "server/api/api_similar.h"
#include "server/api/api_statistics.h"
#include "server/api/api_stories.h"
#include "server/api/api_suggest.h"
#include "server/api/api_tally.h"
#include "server/api/api_templates.h"
#include "server/api/api_tiles.h"
#include "server/api/api_views.h"
#include "server/api/api_vote_plan.h"
#include "server/api/api_votes.h"
#include "server/api/api_webhooks.h"
#include "server/api/api_wechat.h"
#include "server/api/event_ask.h"
#include "server/api/gap_query.h"
#include "server/api/near_query.h"
#include "server/api/offer_find.h"
#include "server/api/ogc_html.h"
#include "server/api/ogc_table.h"
#include "server/api/open311_ask.h"
#include "server/api/open311_requests.h"
#include "server/api/open311_send.h"
#include "server/api/open311_services.h"
#include "server/api/open311_updates.h"
#include "server/api/osrm_call.h"
#include "server/api/osrm_table.h"
#include "server/api/osrm_trip.h"
#include "server/api/place_query.h"
#include "server/api/report_query.h"
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
    POST_BYTES = 512 * 1024,
    REPORT_BYTES = 24 * 1024 * 1024,
    IMPORT_BYTES = 21 * 1024 * 1024
};

/* Shorthands, so that a row stays a line or two. */
#define ROW(method, pattern, params, who, where, takes, bytes, class, handle)                      \
    {                                                                                              \
        REQUEST_##method, pattern, params, ROUTER_##who, ROUTER_##where, ROUTER_##takes, bytes,    \
            LIMIT_##class, PROBLEM_JSON, true, handle, NULL, NULL                                  \
    }
#define GET(pattern, params, who, where, handle)                                                   \
    ROW(GET, pattern, params, who, where, NO_BODY, 0, READ, handle)
/* Answered at once, but for some requests. */
#define SOMETIMES_LONG(pattern, params, who, handle, is_long)                                      \
    {                                                                                              \
        REQUEST_GET, pattern, params, ROUTER_##who, ROUTER_INLINE, ROUTER_NO_BODY, 0, LIMIT_READ,  \
            PROBLEM_JSON, true, handle, is_long, NULL                                              \
    }
/* Keeps a processor busy for seconds. */
#define LONG(pattern, params, who, handle)                                                         \
    ROW(GET, pattern, params, who, COMPUTE, NO_BODY, 0, LONG, handle)
/* Asked before something is sent, and as often as that: who wants all of a city is stopped. */
#define SELDOM(pattern, params, who, handle)                                                       \
    ROW(GET, pattern, params, who, STORE, NO_BODY, 0, WRITE, handle)
#define WRITE(method, pattern, params, who, takes, bytes, class, handle)                           \
    ROW(method, pattern, params, who, STORE, takes, bytes, class, handle)
/* What is sent as JSON, without parameters. */
#define SEND(method, pattern, who, handle)                                                         \
    ROW(method, pattern, "", who, STORE, JSON, JSON_BYTES, WRITE, handle)
/* The same, where positions may be told. */
#define SEND_AT(method, pattern, who, handle)                                                      \
    ROW(method, pattern, "" CRS, who, STORE, JSON, JSON_BYTES, WRITE, handle)
/* What is done to a thing that the path names, and needs no more words. */
#define ACT(method, pattern, params, who, handle)                                                  \
    ROW(method, pattern, params, who, STORE, NO_BODY, 0, WRITE, handle)
/* A form with photos. */
#define PHOTOS(pattern, params, who, handle)                                                       \
    ROW(POST, pattern, params, who, PHOTO, MULTIPART, REPORT_BYTES, WRITE, handle)
/* A body of JSON that makes a photo anew. */
#define PHOTO_WORK(pattern, params, who, handle)                                                   \
    ROW(POST, pattern, params, who, PHOTO, JSON, JSON_BYTES, WRITE, handle)
/* An address that was signed. */
#define PHOTO_PASS "expires signature"
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
/* Open311's, in both formats. */
#define OPEN311_ROW(method, path, params, who, takes, bytes, where, class, handle)                 \
    {                                                                                              \
        REQUEST_##method, "/open311/v2/" path, OPEN311_QUERY params, ROUTER_##who, ROUTER_##where, \
            ROUTER_##takes, bytes, LIMIT_##class, PROBLEM_OPEN311, true, handle, NULL, NULL        \
    }
#define OPEN311_GET(path, params, where, handle)                                                   \
    OPEN311_ROW(GET, path ".json", params, ANYONE, NO_BODY, 0, where, READ, handle),               \
        OPEN311_ROW(GET, path ".xml", params, ANYONE, NO_BODY, 0, where, READ, handle)
#define OPEN311_POST(path, handle)                                                                 \
    OPEN311_ROW(POST, path ".json", "", MAYBE, FORM, REPORT_BYTES, PHOTO, WRITE, handle),          \
        OPEN311_ROW(POST, path ".xml", "", MAYBE, FORM, REPORT_BYTES, PHOTO, WRITE, handle)
#define OPEN311_PAGE "start_date end_date service_code status page page_size "
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
    GET("/v1/places/export", "format encoding source category bbox" CRS, export, STORE,
        api_export_places),
    GET("/v1/places/off", "status category area limit cursor" CRS, places, STORE,
        api_place_off_list),
    GET("/v1/places/{id}", "f fields" CRS, ANYONE, INLINE, api_places_get),
    GET("/v1/places/{id}/history", "limit cursor" CRS, MAYBE, STORE, api_place_history_list),
    GET("/v1/places/{id}/record", "" CRS, places, STORE, api_place_edit_record),
    SEND_AT(POST, "/v1/places", places, api_place_edit_create),
    SEND_AT(PUT, "/v1/places/{id}", places, api_place_edit_put),
    ACT(DELETE, "/v1/places/{id}", "version reason" CRS, places, api_place_edit_delete),
    SEND_AT(POST, "/v1/places/{id}/restore", places, api_place_edit_restore),
    SEND_AT(PUT, "/v1/places/{id}/closing", places, api_place_edit_close),
    ACT(DELETE, "/v1/places/{id}/closing", "version" CRS, places, api_place_edit_open),
    PHOTOS("/v1/places/{id}/photos", "" CRS, places, api_place_photos_add),
    SEND_AT(PUT, "/v1/places/{id}/photos", places, api_place_photos_order),
    ACT(DELETE, "/v1/places/{id}/photos/{photo}", "" CRS, places, api_place_photos_remove),
    WRITE(POST, "/v1/places/{id}/confirm", "", MAYBE, NO_BODY, 0, WRITE, api_feedback_confirm),
    PHOTOS("/v1/places/{id}/feedback", "" CRS, MAYBE, api_feedback_create),
    GET("/v1/hours", "value", ANYONE, COMPUTE, api_hours_check),
    GET("/v1/categories", "", ANYONE, INLINE, api_categories_list),
    GET("/v1/kinds", "", ANYONE, INLINE, api_kinds_list),
    GET("/v1/areas", "at limit cursor" CRS, ANYONE, INLINE, api_areas_list),
    GET("/v1/areas/export", "format encoding source bbox" CRS, export, STORE, api_export_areas),
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
    GET("/tiles/reports.json", "state category", see, STORE, report_tiles_json),
    GET("/tiles/reports/{z}/{x}/{y}.mvt", "state category", see, STORE, report_tiles_tile),
    GET("/tiles/{layers}.json", "category", ANYONE, INLINE, tile_json_answer),
    KEPT("/tiles/{layers}/{z}/{x}/{y}.mvt", "category", COMPUTE, api_tiles_tile, api_tiles_recall),

    OGC_OPERATIONS(OGC)
        GET("/ogc/", OGC_TAKES_DOCUMENT(OGC_TABLE_NAME), ANYONE, INLINE, ogc_root_landing),
    GET("/ogc/style.css", "", ANYONE, INLINE, ogc_html_style),

    PHOTOS("/v1/reports", "" CRS, MAYBE, api_reports_create),
    GET("/v1/reports", REPORT_QUERY " sort limit cursor" CRS, see, STORE, api_reports_list),
    GET("/v1/reports/counts", REPORT_QUERY, see, STORE, api_counts_get),
    GET("/v1/reports/export", "format " REPORT_QUERY CRS, export, STORE, api_export_cases),
    GET("/v1/reports/statistics", "by kind category area unit from to", statistics, STORE,
        api_statistics_get),
    GET("/v1/reports/heat", "bbox cells " REPORT_QUERY CRS, statistics, STORE, api_heat_get),
    SELDOM("/v1/reports/similar", "kind category near" CRS, ANYONE, api_similar_list),
    WRITE(POST, "/v1/reports/bulk", "", see, JSON, JSON_BYTES, WRITE, api_case_bulk),
    GET("/v1/reports/{id}", "" CRS, MAYBE, STORE, api_reports_get),
    SEND_AT(POST, "/v1/reports/{id}/state", MAYBE, api_case_acts_move),
    SEND_AT(PUT, "/v1/reports/{id}/state", MAYBE, api_case_acts_move),
    PHOTOS("/v1/reports/{id}/updates", "" CRS, MAYBE, api_case_update_create),
    WRITE(POST, "/v1/reports/{id}/forget", "", MAYBE, NO_BODY, 0, WRITE, api_privacy_forget),
    WRITE(POST, "/v1/reports/{id}/join", "" CRS, MAYBE, NO_BODY, 0, WRITE, api_case_acts_join),
    SEND_AT(PUT, "/v1/reports/{id}/description", MAYBE, api_case_acts_edit),
    SEND(PUT, "/v1/reports/{id}/support", SIGNED_IN, api_proposals_support),
    ACT(DELETE, "/v1/reports/{id}/support", "", SIGNED_IN, api_proposals_take_back),
    GET("/v1/reports/{id}/comments", "limit cursor", MAYBE, STORE, api_comments_list),
    SEND(POST, "/v1/reports/{id}/comments", SIGNED_IN, api_comments_create),
    GET("/v1/comments", "kind hidden limit cursor", moderate, STORE, api_comments_review),
    WRITE(DELETE, "/v1/comments/{comment}", "", SIGNED_IN, NO_BODY, 0, WRITE, api_comments_remove),
    SEND(PUT, "/v1/comments/{comment}/hidden", moderate, api_comments_hide),
    GET("/v1/me/supports", "limit cursor", SIGNED_IN, STORE, api_proposals_mine),
    GET("/v1/me/comments", "limit cursor", SIGNED_IN, STORE, api_comments_mine),
    GET("/v1/proposals", REPORT_QUERY_OPEN " sort limit cursor" CRS, MAYBE, STORE,
        api_proposals_list),
    SELDOM("/v1/proposals/results", "by kind category area from to", ANYONE,
           api_statistics_results),
    GET("/v1/reports/{id}/assignees", "", assign, STORE, api_assignees_list),
    SEND_AT(PUT, "/v1/reports/{id}/assignment", assign, api_case_acts_assign),
    SEND_AT(PUT, "/v1/reports/{id}/area", assign, api_case_acts_transfer),
    SEND_AT(PUT, "/v1/reports/{id}/category", assign, api_case_acts_recategorise),
    SEND_AT(PUT, "/v1/reports/{id}/priority", assign, api_case_acts_prioritise),
    GET("/v1/views", "", see, STORE, api_views_list),
    WRITE(POST, "/v1/views", "", see, JSON, JSON_BYTES, WRITE, api_views_create),
    WRITE(PUT, "/v1/views/{id}", "", see, JSON, JSON_BYTES, WRITE, api_views_put),
    WRITE(DELETE, "/v1/views/{id}", "version", see, NO_BODY, 0, WRITE, api_views_delete),
    GET("/v1/templates", "kind state area", note, STORE, api_templates_list),
    WRITE(POST, "/v1/templates", "", share, JSON, JSON_BYTES, WRITE, api_templates_create),
    WRITE(PUT, "/v1/templates/{id}", "", share, JSON, JSON_BYTES, WRITE, api_templates_put),
    WRITE(DELETE, "/v1/templates/{id}", "version", share, NO_BODY, 0, WRITE, api_templates_delete),
    GET("/v1/reports/{id}/links", "" CRS, see, STORE, api_case_links_list),
    SEND_AT(PUT, "/v1/reports/{id}/links/{other}", merge, api_case_links_add),
    ACT(DELETE, "/v1/reports/{id}/links/{other}", "version" CRS, merge, api_case_links_remove),
    SEND_AT(POST, "/v1/reports/{id}/merge", merge, api_case_links_merge),
    SEND_AT(POST, "/v1/reports/{id}/mend", places, api_feedback_mend),
    OPEN311_GET("discovery", "", INLINE, open311_services_discover),
    OPEN311_GET("services", "", INLINE, open311_services_list),
    OPEN311_GET("services/{code}", "", INLINE, open311_services_define),
    OPEN311_GET("requests",
                OPEN311_PAGE "service_request_id updated_after updated_before lat long radius",
                STORE, open311_requests_list),
    OPEN311_POST("requests", open311_send_request),
    OPEN311_GET("requests/{id}", "", STORE, open311_requests_get),
    OPEN311_GET("tokens/{id}", "", STORE, open311_requests_token),
    OPEN311_GET("servicerequestupdates", OPEN311_PAGE "service_request_id", STORE,
                open311_updates_list),
    OPEN311_POST("servicerequestupdates", open311_updates_create),

    GET("/v1/events", EVENT_ASK, MAYBE, STORE, api_events_stream),
    GET("/v1/events/poll", EVENT_ASK " wait", MAYBE, STORE, api_events_poll),
    WRITE(POST, "/v1/webhooks", "", webhooks, JSON, JSON_BYTES, WRITE, api_webhooks_create),
    GET("/v1/webhooks", "", webhooks, STORE, api_webhooks_list),
    GET("/v1/webhooks/{id}", "", webhooks, STORE, api_webhooks_get),
    WRITE(DELETE, "/v1/webhooks/{id}", "", webhooks, NO_BODY, 0, WRITE, api_webhooks_delete),
    WRITE(POST, "/v1/webhooks/{id}/retry", "", webhooks, NO_BODY, 0, WRITE, api_webhooks_retry),
    GET("/v1/webhooks/{id}/deliveries", "state limit cursor", webhooks, STORE,
        api_webhooks_deliveries),
    ACT(POST, "/v1/webhooks/{id}/deliveries/{delivery}/retry", "", webhooks, api_webhooks_retry),
    GET("/v1/photos/{id}", PHOTO_PASS, MAYBE, STORE, api_photos_large),
    GET("/v1/photos/{id}/middle", PHOTO_PASS, MAYBE, STORE, api_photos_middle),
    GET("/v1/photos/{id}/thumb", PHOTO_PASS, MAYBE, STORE, api_photos_small),
    PHOTO_WORK("/v1/photos/{id}/blur", "" CRS, blur, api_blur_photo),

    WRITE(POST, "/v1/closures", "dry_run" CRS, closures, JSON, CLOSURE_BYTES, WRITE,
          api_closures_create),
    GET("/v1/closures", "state bbox report limit cursor" CRS, closures, STORE, api_closures_list),
    GET("/v1/closures/{id}", "" CRS, closures, STORE, api_closures_get),
    WRITE(PUT, "/v1/closures/{id}", "dry_run" CRS, closures, JSON, CLOSURE_BYTES, WRITE,
          api_closures_put),
    ACT(DELETE, "/v1/closures/{id}", "version" CRS, closures, api_closures_delete),

    WRITE(POST, "/v1/imports", "", imports, MULTIPART, IMPORT_BYTES, WRITE, api_imports_create),
    GET("/v1/imports", "limit cursor", imports, STORE, api_imports_list),
    GET("/v1/imports/{id}", "f", imports, STORE, api_imports_get),

    WRITE(POST, "/v1/sessions", "", ANYONE, JSON, JSON_BYTES, SIGN_IN, api_sessions_create),
    {REQUEST_POST, "/v1/sessions/wechat", "", ROUTER_ANYONE, ROUTER_PHOTO, ROUTER_JSON, JSON_BYTES,
     LIMIT_SIGN_IN, PROBLEM_JSON, true, api_wechat_sign_in, NULL, NULL},
    GET("/v1/sessions", "", SIGNED_IN, STORE, api_sessions_list),
    WRITE(DELETE, "/v1/sessions", "", SIGNED_IN, NO_BODY, 0, WRITE, api_sessions_end_all),
    ACT(DELETE, "/v1/sessions/current", "", SIGNED_IN, api_sessions_end_current),
    WRITE(DELETE, "/v1/sessions/{id}", "", SIGNED_IN, NO_BODY, 0, WRITE, api_sessions_end),
    GET("/v1/me", "", SIGNED_IN, STORE, api_me_get),
    WRITE(PUT, "/v1/me", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_profile_put),
    WRITE(DELETE, "/v1/me", "", SIGNED_IN, NO_BODY, 0, WRITE, api_privacy_leave),
    GET("/v1/me/export", "limit cursor" CRS, SIGNED_IN, STORE, api_privacy_export),
    WRITE(PUT, "/v1/me/password", "", SIGNED_IN, JSON, JSON_BYTES, SIGN_IN, api_me_password),
    WRITE(POST, "/v1/me/totp", "", SIGNED_IN, JSON, JSON_BYTES, SIGN_IN, api_me_totp_begin),
    WRITE(PUT, "/v1/me/totp", "", SIGNED_IN, JSON, JSON_BYTES, SIGN_IN, api_me_totp_confirm),
    WRITE(POST, "/v1/me/totp/remove", "", SIGNED_IN, JSON, JSON_BYTES, SIGN_IN, api_me_totp_remove),
    GET("/v1/me/wechat", "", SIGNED_IN, STORE, api_wechat_get),
    {REQUEST_PUT, "/v1/me/wechat", "", ROUTER_SIGNED_IN, ROUTER_PHOTO, ROUTER_JSON, JSON_BYTES,
     LIMIT_SIGN_IN, PROBLEM_JSON, true, api_wechat_bind, NULL, NULL},
    WRITE(DELETE, "/v1/me/wechat", "", SIGNED_IN, NO_BODY, 0, WRITE, api_wechat_free),
    GET("/v1/messages/deliveries", "state limit cursor", webhooks, STORE, api_wechat_deliveries),
    ACT(POST, "/v1/messages/deliveries/{id}/retry", "", webhooks, api_wechat_retry),
    GET("/v1/me/inbox", "unread group lang limit cursor", SIGNED_IN, STORE, api_inbox_list),
    GET("/v1/me/inbox/counts", "", SIGNED_IN, STORE, api_inbox_counts),
    GET("/v1/me/inbox/preferences", "", SIGNED_IN, STORE, api_inbox_preferences),
    SEND(PUT, "/v1/me/inbox/preferences/{group}", SIGNED_IN, api_inbox_prefer),
    WRITE(PUT, "/v1/me/inbox/read", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_inbox_read_all),
    WRITE(PUT, "/v1/me/inbox/{id}/read", "", SIGNED_IN, NO_BODY, 0, WRITE, api_inbox_read),
    GET("/v1/me/points", "kind limit cursor", SIGNED_IN, STORE, api_points_mine_list),
    GET("/v1/me/ranking", "", SIGNED_IN, STORE, api_points_mine_name),
    WRITE(PUT, "/v1/me/ranking", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_points_mine_set_name),
    GET("/v1/points", "person report kind limit cursor", points, STORE, api_points_list),
    WRITE(POST, "/v1/points", "", points, JSON, JSON_BYTES, WRITE, api_points_give),
    GET("/v1/points/rules", "", ANYONE, INLINE, api_points_mine_rules),
    GET("/v1/points/ranking", "period kind area limit cursor", MAYBE, STORE,
        api_points_mine_ranking),
    GET("/v1/points/flags", "kind limit cursor", flags, STORE, api_points_flags),
    GET("/v1/points/{entry}", "", points, STORE, api_points_get),
    SEND(POST, "/v1/points/{entry}/reverse", points, api_points_reverse),
    GET("/v1/activities", "state kind is area from to near within format limit cursor" CRS, MAYBE,
        STORE, api_activities_list),
    SEND_AT(POST, "/v1/activities", activities, api_activity_edit_create),
    GET("/v1/activities/kinds", "", ANYONE, INLINE, api_activities_kinds),
    GET("/v1/activities/tally", "area kind from to by", ANYONE, STORE, api_tally_get),
    GET("/v1/activities/{id}/event.ics", "", MAYBE, STORE, api_calendar_one),
    GET("/v1/me/signups.ics", "", SIGNED_IN, STORE, api_calendar_mine),
    GET("/v1/activities/{id}", "" CRS, MAYBE, STORE, api_activities_get),
    SEND_AT(PUT, "/v1/activities/{id}", activities, api_activity_edit_put),
    ACT(DELETE, "/v1/activities/{id}", "version", activities, api_activity_edit_delete),
    SEND_AT(PUT, "/v1/activities/{id}/state", activities, api_activity_edit_state),
    ACT(POST, "/v1/activities/{id}/signup", "" CRS, SIGNED_IN, api_signups_make),
    GET("/v1/activities/{id}/signups", "state limit cursor", activities, STORE,
        api_attendance_list),
    SEND(PUT, "/v1/activities/{id}/signups/{signup}", activities, api_attendance_judge),
    WRITE(POST, "/v1/activities/{id}/signups/{signup}/check-in", "", activities, NO_BODY, 0, WRITE,
          api_attendance_check_in),
    GET("/v1/activities/{id}/code", "", activities, STORE, api_attendance_code),
    GET("/v1/activities/{id}/code/qr", "", activities, STORE, api_attendance_qr),
    SEND_AT(POST, "/v1/me/signups/{id}/check-in", SIGNED_IN, api_attendance_arrive),
    SEND(PUT, "/v1/activities/{id}/signups/{signup}/deed", activities, api_deeds_put),
    GET("/v1/me/signups/{id}/deed", "", SIGNED_IN, STORE, api_deeds_mine),
    SEND(PUT, "/v1/me/signups/{id}/deed", SIGNED_IN, api_deeds_put_mine),
    ACT(DELETE, "/v1/me/signups/{id}/deed", "version", SIGNED_IN, api_deeds_delete_mine),
    GET("/v1/deeds", "kind activity area unpublished limit cursor", MAYBE, STORE, api_deeds_list),
    GET("/v1/deeds/{id}", "", MAYBE, STORE, api_deeds_get),
    SEND(PUT, "/v1/deeds/{id}/published", activities, api_deeds_publish),
    GET("/v1/me/signups", "state limit cursor" CRS, SIGNED_IN, STORE, api_signups_list),
    GET("/v1/me/signups/{id}", "" CRS, SIGNED_IN, STORE, api_signups_get),
    ACT(POST, "/v1/me/signups/{id}/cancel", "" CRS, SIGNED_IN, api_signups_cancel),
    GET("/v1/rewards", "all kind limit cursor", MAYBE, STORE, api_rewards_list),
    WRITE(POST, "/v1/rewards", "", rewards, JSON, JSON_BYTES, WRITE, api_rewards_create),
    GET("/v1/rewards/{id}", "", MAYBE, STORE, api_rewards_get),
    WRITE(PUT, "/v1/rewards/{id}", "", rewards, JSON, JSON_BYTES, WRITE, api_rewards_put),
    WRITE(DELETE, "/v1/rewards/{id}", "version", rewards, NO_BODY, 0, WRITE, api_rewards_delete),
    WRITE(POST, "/v1/rewards/{id}/redeem", "", SIGNED_IN, NO_BODY, 0, WRITE, api_redemptions_make),
    GET("/v1/me/redemptions", "limit cursor", SIGNED_IN, STORE, api_redemptions_list),
    GET("/v1/me/redemptions/{id}", "", SIGNED_IN, STORE, api_redemptions_get),
    GET("/v1/me/redemptions/{id}/qr", "", SIGNED_IN, STORE, api_redemptions_qr),
    ACT(POST, "/v1/me/redemptions/{id}/cancel", "", SIGNED_IN, api_redemptions_cancel),
    SEND(POST, "/v1/redemptions/verify", verify, api_redemptions_verify),
    GET("/v1/posts", "kind area unread story state limit cursor", MAYBE, STORE, api_posts_list),
    WRITE(POST, "/v1/posts", "", posts, JSON, POST_BYTES, WRITE, api_posts_create),
    GET("/v1/posts/kinds", "", ANYONE, INLINE, api_posts_kinds),
    GET("/v1/posts/{id}", "", MAYBE, STORE, api_posts_get),
    WRITE(PUT, "/v1/posts/{id}", "", posts, JSON, POST_BYTES, WRITE, api_posts_put),
    WRITE(DELETE, "/v1/posts/{id}", "version", posts, NO_BODY, 0, WRITE, api_posts_delete),
    GET("/v1/posts/{id}/figures", "", posts, STORE, api_posts_figures),
    SEND(PUT, "/v1/posts/{id}/judged", posts, api_stories_judge),
    GET("/v1/me/stories", "limit cursor", SIGNED_IN, STORE, api_stories_list),
    SEND(POST, "/v1/me/stories", SIGNED_IN, api_stories_send),
    GET("/v1/me/stories/{id}", "", SIGNED_IN, STORE, api_stories_get),
    SEND(PUT, "/v1/me/stories/{id}", SIGNED_IN, api_stories_put),
    ACT(DELETE, "/v1/me/stories/{id}", "version", SIGNED_IN, api_stories_delete),
    WRITE(POST, "/v1/posts/{id}/read", "", SIGNED_IN, NO_BODY, 0, WRITE, api_posts_read),
    WRITE(POST, "/v1/posts/{id}/attempts", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_lessons_try),
    GET("/v1/me/attempts", "limit cursor", SIGNED_IN, STORE, api_lessons_list),
    GET("/v1/me/attempts/{id}", "", SIGNED_IN, STORE, api_lessons_get),
    GET("/v1/me/reads", "limit cursor", SIGNED_IN, STORE, api_posts_reads),
    PHOTOS("/v1/pictures", "", SIGNED_IN, api_pictures_add),
    GET("/v1/pictures", "limit cursor", SIGNED_IN, STORE, api_pictures_list),
    GET("/v1/pictures/{id}", "", MAYBE, STORE, api_pictures_large),
    GET("/v1/pictures/{id}/middle", "", MAYBE, STORE, api_pictures_middle),
    GET("/v1/pictures/{id}/thumb", "", MAYBE, STORE, api_pictures_small),
    WRITE(DELETE, "/v1/pictures/{id}", "", SIGNED_IN, NO_BODY, 0, WRITE, api_pictures_remove),
    GET("/v1/votes", "state area mine limit cursor", MAYBE, STORE, api_votes_list),
    WRITE(POST, "/v1/votes", "", votes, JSON, JSON_BYTES, WRITE, api_votes_create),
    GET("/v1/votes/{id}", "", MAYBE, STORE, api_votes_get),
    WRITE(PUT, "/v1/votes/{id}", "", votes, JSON, JSON_BYTES, WRITE, api_votes_put),
    WRITE(DELETE, "/v1/votes/{id}", "version reason", votes, NO_BODY, 0, WRITE, api_votes_delete),
    WRITE(POST, "/v1/votes/{id}/open", "", votes, JSON, JSON_BYTES, WRITE, api_votes_open),
    GET("/v1/votes/{id}/plan", "", SIGNED_IN, STORE, api_vote_plan_get),
    WRITE(PUT, "/v1/votes/{id}/plan", "", votes, JSON, JSON_BYTES, WRITE, api_vote_plan_put),
    WRITE(POST, "/v1/votes/{id}/ballot", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_ballots_cast),
    GET("/v1/votes/{id}/ballots", "limit cursor", SIGNED_IN, STORE, api_ballots_list),
    GET("/v1/votes/{id}/electors", "voted limit cursor", votes, STORE, api_ballots_electors),
    WRITE(POST, "/v1/votes/{id}/remind", "", votes, NO_BODY, 0, WRITE, api_ballots_remind),
    GET("/v1/branches", "all area limit cursor", ANYONE, STORE, api_branches_list),
    WRITE(POST, "/v1/branches", "", members, JSON, JSON_BYTES, WRITE, api_branches_create),
    GET("/v1/branches/{id}", "", MAYBE, STORE, api_branches_get),
    WRITE(PUT, "/v1/branches/{id}", "", members, JSON, JSON_BYTES, WRITE, api_branches_put),
    WRITE(DELETE, "/v1/branches/{id}", "version", members, NO_BODY, 0, WRITE, api_branches_delete),
    WRITE(POST, "/v1/branches/{id}/code", "", members, JSON, JSON_BYTES, WRITE, api_branches_renew),
    GET("/v1/branches/{id}/qr", "", members, STORE, api_branches_qr),
    GET("/v1/branches/{id}/members", "state text limit cursor", members, STORE, api_members_list),
    GET("/v1/branches/{id}/members/export", "format", members, STORE, api_members_export),
    WRITE(POST, "/v1/members/verify", "", verify, JSON, JSON_BYTES, WRITE, api_members_verify),
    GET("/v1/members/{id}", "", members, STORE, api_members_get),
    SEND(POST, "/v1/members/{id}/approve", members, api_members_approve),
    SEND(POST, "/v1/members/{id}/refuse", members, api_members_refuse),
    SEND(POST, "/v1/members/{id}/remove", members, api_members_remove),
    GET("/v1/join/{code}", "", ANYONE, STORE, api_join_show),
    WRITE(POST, "/v1/join/{code}", "", SIGNED_IN, JSON, JSON_BYTES, WRITE, api_join_apply),
    GET("/v1/me/memberships", "limit cursor", SIGNED_IN, STORE, api_memberships_list),
    GET("/v1/me/memberships/{id}", "", SIGNED_IN, STORE, api_memberships_get),
    SEND(PUT, "/v1/me/memberships/{id}", SIGNED_IN, api_memberships_put),
    ACT(POST, "/v1/me/memberships/{id}/leave", "", SIGNED_IN, api_memberships_leave),
    GET("/v1/me/card", "", SIGNED_IN, STORE, api_memberships_card),
    GET("/v1/me/card/qr", "membership", SIGNED_IN, STORE, api_memberships_card_qr),
    GET("/v1/offers", OFFER_FIND_QUERY CRS, MAYBE, STORE, api_offers_list),
    SEND_AT(POST, "/v1/offers", offers, api_offers_create),
    GET("/v1/offers/kinds", "", ANYONE, INLINE, api_offers_kinds),
    GET("/v1/offers/tally", "kind area from to by", offers, STORE, api_offer_tally_get),
    GET("/v1/offers/{id}", "" CRS, MAYBE, STORE, api_offers_get),
    SEND_AT(PUT, "/v1/offers/{id}", offers, api_offers_put),
    WRITE(DELETE, "/v1/offers/{id}", "version", offers, NO_BODY, 0, WRITE, api_offers_delete),
    WRITE(POST, "/v1/offers/{id}/use", "", verify, JSON, JSON_BYTES, WRITE, api_offers_use),
    GET("/v1/people", "text ids role area disabled limit cursor", people, STORE, api_people_list),
    WRITE(POST, "/v1/people", "", people, JSON, JSON_BYTES, WRITE, api_people_create),
    GET("/v1/people/{id}", "", people, STORE, api_people_get),
    WRITE(PUT, "/v1/people/{id}", "", people, JSON, JSON_BYTES, WRITE, api_people_put),
    WRITE(POST, "/v1/people/{id}/grants", "", people, JSON, JSON_BYTES, WRITE, api_people_grant),
    ACT(DELETE, "/v1/people/{id}/grants/{grant}", "", people, api_people_ungrant),
    SEND(POST, "/v1/people/{id}/password", people, api_people_access_password),
    ACT(DELETE, "/v1/people/{id}/sessions", "", people, api_people_access_sign_out),
    WRITE(DELETE, "/v1/people/{id}/totp", "", people, NO_BODY, 0, WRITE, api_people_access_totp),
    GET("/v1/people/{id}/keys", "", people, STORE, api_people_access_keys),
    SEND(POST, "/v1/people/{id}/keys", people, api_people_access_key_add),
    ACT(DELETE, "/v1/people/{id}/keys/{label}", "", people, api_people_access_key_revoke),
    GET("/v1/audit", "person report verb from to limit cursor", audit, STORE, api_audit_list),

    ALWAYS("/healthz", api_health_alive),
    ALWAYS("/readyz", api_health_ready),
    ALWAYS("/metrics", api_health_metrics),
    ALWAYS("*", api_health_page),
};
const size_t routes_count = sizeof routes / sizeof *routes;

_Static_assert(sizeof routes / sizeof *routes <= ROUTES_MAX, "raise ROUTES_MAX");
