#include "server/api/api_crs.h"

#include <string.h>

static enum err find(struct request *request, struct crs_context *context, const char *parameter,
                     const char *name, const struct crs **crs)
{
    struct why why = {""};
    enum err e = crs_find(context, name, crs, &why);
    if (!e) return ERR_OK;
    if (e == ERR_NOMEM) return problem_from_err(request->problem, e, NULL);
    return problem_say(request->problem, PROBLEM_PARAMETER, parameter,
                       "unknown reference system; give wgs84, gcj02, bd09 or EPSG:number%s%s",
                       why.text[0] ? ": " : "", why.text);
}

/* One of Baidu's three words. */
static enum err find_alias(struct request *request, struct crs_context *context,
                           const char *parameter, const char *name, const struct crs **crs)
{
    if (strcmp(name, "wgs84") != 0 && strcmp(name, "gcj02") != 0 && strcmp(name, "bd09ll") != 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, parameter,
                           "must be one of: wgs84 gcj02 bd09ll");
    return find(request, context, parameter, name, crs);
}

enum err api_crs_take(struct request *request, struct tools *tools, const char *name,
                      const char *alias_in, const char *alias_out, struct api_crs *crs)
{
    struct crs_context *context;
    *crs = (struct api_crs){.problem = request->problem};
    if (!name && !alias_in && !alias_out) return ERR_OK;
    if (name && (alias_in || alias_out))
        return problem_say(request->problem, PROBLEM_PARAMETER, "crs",
                           "cannot be given together with coord_type or ret_coordtype");
    enum err e = tools_crs(tools, &context);
    if (e) return problem_from_err(request->problem, e, NULL);
    if (name) e = find(request, context, "crs", name, &crs->in);
    if (!e && alias_in) e = find_alias(request, context, "coord_type", alias_in, &crs->in);
    crs->out = crs->in;
    crs->out_name = alias_out ? "ret_coordtype" : alias_in ? "coord_type" : "crs";
    if (!e && alias_out) e = find_alias(request, context, "ret_coordtype", alias_out, &crs->out);
    return e;
}

enum err api_crs_read(struct request *request, struct tools *tools, struct api_crs *crs)
{
    return api_crs_take(request, tools, request_query(request, "crs"),
                        request_query(request, "coord_type"),
                        request_query(request, "ret_coordtype"), crs);
}

enum err api_crs_inward(struct request *request, const struct api_crs *crs, const char *name,
                        struct coord *points, size_t count)
{
    enum err e = crs_to_wgs84(crs->in, points, count);
    for (size_t i = 0; !e && i < count; i++)
        if (!coord_valid(points[i])) e = ERR_RANGE;
    if (!e) return ERR_OK;
    if (!crs->in)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "out of range: longitude is from -180 to 180, latitude from -90 to 90");
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "out of the range of %s",
                       crs_name(crs->in));
}

enum err api_crs_point(struct request *request, const struct api_crs *crs, const char *name,
                       struct coord *at, bool *given)
{
    enum err e = request_point(request, name, at, given);
    return e || !*given ? e : api_crs_inward(request, crs, name, at, 1);
}

enum err api_crs_outward(const struct api_crs *crs, struct coord *points, size_t count)
{
    enum err e = crs_from_wgs84(crs->out, points, count);
    if (e && crs->problem)
        problem_tell(crs->problem, PROBLEM_PARAMETER, crs->out_name,
                     "the answer has a point where %s does not reach; ask for less around, or in "
                     "wgs84",
                     crs_name(crs->out));
    return e;
}

void api_crs_write(struct jsonw *json, const struct api_crs *crs, struct coord at)
{
    int decimals = crs_decimals(crs->out);
    enum err e = api_crs_outward(crs, &at, 1);
    if (e) {
        if (!json->buf->err) json->buf->err = e;
        return;
    }
    if (crs->flipped)
        jsonw_pair(json, at.lat, at.lon, decimals);
    else
        jsonw_pair(json, at.lon, at.lat, decimals);
}

void api_crs_write_name(struct jsonw *json, const struct api_crs *crs)
{
    jsonw_key_string(json, "crs", crs_name(crs->out));
}
