#include "server/api/api_similar.h"

#include "data/cases_similar.h"
#include "geo/base/clock.h"
#include "server/api/api_crs.h"
#include "server/api/api_time.h"
#include "server/tools.h"

#include <stdio.h>
#include <string.h>

/* What came with the report itself; but nothing that nobody has looked at yet. */
static const struct cases_photo *picture(const struct kinds_kind *kind, const struct cases_case *c)
{
    if (strcmp(c->state, kind->states[kind->first_state].code) == 0) return NULL;
    for (size_t i = 0; i < c->photo_count; i++)
        if (!c->photos[i].event) return &c->photos[i];
    return NULL;
}

/* With no more than it takes to say "that is it". */
static void write_one(struct jsonw *json, const struct kinds_kind *kind,
                      const struct cases_similar *one)
{
    const struct cases_case *c = &one->found;
    const struct cases_photo *photo = picture(kind, c);
    char thumb[64];
    jsonw_object(json);
    jsonw_key_string(json, "id", c->public_id);
    jsonw_key_string(json, "category", c->category);
    jsonw_key_string(json, "state", c->state);
    api_time_write(json, "created_at", c->created_ms);
    jsonw_key_number(json, "distance_m", one->distance_m, 0);
    jsonw_key_int(json, "joined", c->joined);
    if (photo) {
        (void)snprintf(thumb, sizeof thumb, "/v1/photos/%s/thumb", photo->public_id);
        jsonw_key_string(json, "thumb_url", thumb);
    }
    jsonw_object_end(json);
}

static enum err read_category(struct request *request, const struct tools *tools,
                              const struct kinds_kind **kind,
                              const struct kinds_category **category)
{
    const char *code = request_query(request, "kind"), *what = request_query(request, "category");
    *kind = kinds_find(tools->service->kinds, code ? code : "report");
    if (!*kind || (*kind)->is_private)
        return problem_say(request->problem, PROBLEM_PARAMETER, "kind",
                           *kind ? "is private: nobody is shown what others sent"
                                 : "there is no such kind; /v1/kinds lists them");
    if (!what) return problem_say(request->problem, PROBLEM_PARAMETER, "category", "is missing");
    *category = kinds_category(*kind, what);
    return *category ? ERR_OK
                     : problem_say(request->problem, PROBLEM_PARAMETER, "category",
                                   "is unknown; /v1/kinds lists what there is");
}

enum err api_similar_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct kinds_kind *kind = NULL;
    const struct kinds_category *category = NULL;
    const struct cases_similar *list = NULL;
    size_t count = 0;
    bool given = false;
    struct api_crs crs;
    struct coord at;
    struct why why = {""};
    struct db *db;
    enum err e = api_crs_read(request, tools, &crs);
    if (!e) e = read_category(request, tools, &kind, &category);
    if (!e) e = api_crs_point(request, &crs, "near", &at, &given);
    if (e) return e;
    if (!given) return problem_say(request->problem, PROBLEM_PARAMETER, "near", "is missing");
    e = tools_db(tools, &db, &why);
    if (!e) e = cases_similar_find(db, kind, category, at, 0, request->arena, &list, &count);
    if (e) return problem_from_err(request->problem, e, &why);
    struct jsonw *json = response_json(response);
    jsonw_object(json);
    jsonw_key(json, "reports");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        write_one(json, kind, &list[i]);
    jsonw_array_end(json);
    jsonw_key_int(json, "radius_m", category->radius_m);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-store");
    return ERR_OK;
}
