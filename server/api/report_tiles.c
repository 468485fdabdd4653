#include "server/api/report_tiles.h"

#include "data/cases_map.h"
#include "geo/tile/spots.h"
#include "server/api/api_base.h"
#include "server/api/tile_json.h"
#include "server/api/tile_set.h"
#include "server/auth.h"

#include <string.h>

static const char layer_name[] = "reports";

/* Only the asker's: not to be kept by anybody in between, nor shown unasked. */
static const char freshness[] = "private, no-cache";

/* What is wanted, of whatever kind. */
struct wanted {
    const char *state; /* NULL: any */
    bool only_open;
    const char *category; /* NULL: any */
};

static bool is_state(const struct kinds *kinds, const char *state)
{
    for (size_t i = 0; i < kinds_count(kinds); i++)
        if (kinds_state(kinds_at(kinds, i), state)) return true;
    return false;
}

static bool is_category(const struct kinds *kinds, const char *category)
{
    for (size_t i = 0; i < kinds_count(kinds); i++)
        if (kinds_category(kinds_at(kinds, i), category)) return true;
    return false;
}

static enum err read_wanted(struct request *request, const struct tools *tools,
                            struct wanted *wanted)
{
    const struct kinds *kinds = tools->service->kinds;
    const char *state = request_query(request, "state");
    *wanted = (struct wanted){.category = request_query(request, "category")};
    wanted->only_open = !state || strcmp(state, "open") == 0;
    if (!wanted->only_open && strcmp(state, "all") != 0) wanted->state = state;
    if (wanted->state && !is_state(kinds, wanted->state))
        return problem_say(request->problem, PROBLEM_PARAMETER, "state",
                           "is unknown; open, all, or one of those that /v1/categories lists");
    if (wanted->category && !is_category(kinds, wanted->category))
        return problem_say(request->problem, PROBLEM_PARAMETER, "category",
                           "is unknown; /v1/categories lists what there is under reports");
    return ERR_OK;
}

static enum err add_case(void *user, int64_t id, struct coord at)
{
    return spots_add(user, at, (uint64_t)id);
}

/* Every kind that the caller works on, where the caller does; but none that is private, since each
 * look at such a case is kept. */
static enum err gather(struct request *request, struct tools *tools, struct db *db,
                       const struct wanted *wanted, struct tile_id id, struct spots *spots)
{
    const struct kinds *kinds = tools->service->kinds;
    enum err e = ERR_OK;
    for (size_t i = 0; i < kinds_count(kinds) && !e; i++) {
        if (kinds_at(kinds, i)->is_private) continue;
        struct cases_filter filter = {.kind = kinds_at(kinds, i)->code,
                                      .state = wanted->state,
                                      .category = wanted->category,
                                      .only_open = wanted->only_open};
        e = auth_areas(tools, RIGHTS_see, filter.kind, request->arena, &filter.areas_limited,
                       &filter.area_ids, &filter.area_count);
        if (!e && (!filter.areas_limited || filter.area_count))
            e = cases_map_visit(db, &filter, kinds, spots_box(id), request->arena, add_case, spots);
    }
    return e;
}

static void tag_spot(void *user, const struct cases_map_spot *spot)
{
    struct mvt *mvt = user;
    mvt_tag_string(mvt, "id", spot->public_id);
    mvt_tag_string(mvt, "kind", spot->kind);
    mvt_tag_string(mvt, "category", spot->category);
    mvt_tag_string(mvt, "state", spot->state);
    mvt_tag_int(mvt, "created", spot->created_ms / 1000);
}

static enum err tag(void *user, struct mvt *mvt, uint64_t number)
{
    return cases_map_read(user, (int64_t)number, tag_spot, mvt);
}

static enum err draw(const struct spots *spots, struct db *db, struct buf *out)
{
    struct mvt mvt;
    mvt_init(&mvt, out);
    mvt_layer(&mvt, layer_name);
    enum err e = spots_draw(spots, &mvt, tag, db);
    mvt_layer_end(&mvt);
    enum err written = mvt_fini(&mvt);
    return e ? e : written;
}

enum err report_tiles_tile(struct request *request, struct response *response, struct tools *tools)
{
    struct tile_id id;
    struct wanted wanted;
    struct spots *spots = NULL;
    struct why why = {""};
    struct db *db;
    enum err e = tile_set_tile(request, &id);
    if (!e) e = read_wanted(request, tools, &wanted);
    if (e) return e;
    e = tools_db(tools, &db, &why);
    if (!e) e = spots_new(id, &spots);
    if (!e) e = gather(request, tools, db, &wanted, id, spots);
    if (!e) e = draw(spots, db, &response->body);
    spots_free(spots);
    if (e) return problem_from_err(request->problem, e, &why);
    response->content_type = "application/vnd.mapbox-vector-tile";
    response_header(response, "Cache-Control", freshness);
    if (response->body.len == 0) response->status = 204;
    return ERR_OK;
}

/* The address of the tiles, with what the description was asked for. */
static const char *make_url(struct request *request, const struct tools *tools)
{
    const char *base = api_base_url(request, tools);
    const char *state = request_query(request, "state");
    const char *category = request_query(request, "category");
    if (!base) return NULL;
    return arena_printf(request->arena, "%s/tiles/reports/{z}/{x}/{y}.mvt%s%s%s%s%s", base,
                        state || category ? "?" : "", state ? "state=" : "", state ? state : "",
                        category ? (state ? "&category=" : "category=") : "",
                        category ? category : "");
}

static void write_fields(struct jsonw *json)
{
    static const char *const fields[][2] = {
        {"id", "String"},          {"kind", "String"},          {"category", "String"},
        {"state", "String"},       {"created", "Number"},       {"cluster", "Boolean"},
        {"point_count", "Number"}, {"expansion_zoom", "Number"}};
    jsonw_key(json, "fields");
    jsonw_object(json);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        jsonw_key_string(json, fields[i][0], fields[i][1]);
    jsonw_object_end(json);
}

enum err report_tiles_json(struct request *request, struct response *response, struct tools *tools)
{
    struct wanted wanted;
    enum err e = read_wanted(request, tools, &wanted);
    if (e) return e;
    const char *url = make_url(request, tools);
    if (!url) return ERR_NOMEM;
    const struct tile_json_head head = {
        .name = "Yizhan reports", .attribution = "", .url = url, .max_zoom = TILE_MAX_ZOOM};
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    tile_json_head(json, &head);
    tile_json_bounds(json, tools->snapshot);
    jsonw_key(json, "vector_layers");
    jsonw_array(json);
    jsonw_object(json);
    jsonw_key_string(json, "id", layer_name);
    jsonw_key_int(json, "minzoom", 0);
    jsonw_key_int(json, "maxzoom", TILE_MAX_ZOOM);
    write_fields(json);
    jsonw_object_end(json);
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", freshness);
    return ERR_OK;
}
