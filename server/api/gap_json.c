#include "server/api/gap_json.h"

#include "server/api/api_area_json.h"
#include "server/api/shape_json.h"

void gap_json_fini(struct gap_answer *answer)
{
    coverage_fini(&answer->found);
    for (size_t l = 0; l < REACH_MAX_LIMITS; l++) {
        polygon_free(answer->out[l]);
        polygon_free(answer->in[l]);
    }
    for (size_t s = 0; s < SITING_MAX; s++)
        coverage_fini(&answer->after[s]);
}

/* A sum in a unit, and its share that is out of reach; null of nothing. */
static void write_sum(struct jsonw *json, const char *key, const char *whole_key,
                      const char *out_key, double whole, double out, int decimals)
{
    jsonw_key(json, key);
    jsonw_object(json);
    jsonw_key_number(json, whole_key, whole, decimals);
    jsonw_key_number(json, out_key, out, decimals);
    jsonw_key(json, "out_share");
    if (whole > 0)
        jsonw_number(json, out / whole, 6);
    else
        jsonw_null(json);
    jsonw_object_end(json);
}

static void write_shares(struct jsonw *json, const struct gap_query *q,
                         const struct coverage_area *area, size_t l)
{
    write_sum(json, "surface", "km2", "out_km2", area->surface_m2.whole / 1e6,
              area->surface_m2.out[l] / 1e6, 6);
    jsonw_key_number(json, "streetless_km2", area->streetless_m2 / 1e6, 6);
    write_sum(json, "streets", "km", "out_km", area->street_m.whole / 1e3,
              area->street_m.out[l] / 1e3, 3);
    if (q->weight == GAP_REPORTS)
        write_sum(json, "reports", "count", "out_count", (double)area->points,
                  (double)area->points_out[l], 0);
    if (q->weight == GAP_GRID)
        write_sum(json, "grid", "weight", "out_weight", area->weight.whole, area->weight.out[l], 3);
}

static void write_row(struct jsonw *json, const struct gap_query *q,
                      const struct coverage_area *area, const struct area *named)
{
    jsonw_object(json);
    jsonw_key(json, "area");
    if (named)
        api_area_json_write(json, named);
    else
        jsonw_null(json);
    jsonw_key(json, "limits");
    jsonw_array(json);
    for (size_t l = 0; l < q->reach.limit_count; l++) {
        jsonw_object(json);
        jsonw_key_int(json, "limit_s", q->reach.limits_ms[l] / 1000);
        write_shares(json, q, area, l);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static void write_part(struct jsonw *json, const struct gap_query *q,
                       const struct gap_answer *answer, size_t l, bool out)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key(json, "properties");
    jsonw_object(json);
    jsonw_key_string(json, "kind", out ? "out_of_reach" : "within_reach");
    jsonw_key_int(json, "limit_s", q->reach.limits_ms[l] / 1000);
    jsonw_key_number(json, "margin_m", answer->found.margin_m, 0);
    jsonw_object_end(json);
    jsonw_key(json, "geometry");
    shape_json_polygon(json, &q->crs, out ? answer->out[l] : answer->in[l]);
    jsonw_object_end(json);
}

/* What of the weight a suggestion brings newly within reach. */
static double gain_of(const struct gap_query *q, const struct coverage_area *before,
                      const struct coverage_area *after)
{
    if (q->weight == GAP_SURFACE)
        return (before->surface_m2.out[0] - after->surface_m2.out[0]) / 1e6;
    return before->weight.out[0] - after->weight.out[0];
}

static void write_suggestion(struct jsonw *json, const struct gap_query *q,
                             const struct gap_answer *answer, size_t s)
{
    const struct coverage_area *after = answer->after[s].areas;
    const struct coverage_area *before = s ? answer->after[s - 1].areas : answer->found.areas;
    jsonw_object(json);
    jsonw_key_string(json, "type", "Feature");
    jsonw_key(json, "properties");
    jsonw_object(json);
    jsonw_key_string(json, "kind", "suggestion");
    jsonw_key_int(json, "limit_s", q->reach.limits_ms[0] / 1000);
    jsonw_key_int(json, "rank", (int64_t)s + 1);
    jsonw_key_number(json, "gain", gain_of(q, before, after), 6);
    jsonw_key(json, "after");
    jsonw_object(json);
    write_shares(json, q, after, 0);
    jsonw_object_end(json);
    jsonw_object_end(json);
    jsonw_key(json, "geometry");
    jsonw_object(json);
    jsonw_key_string(json, "type", "Point");
    jsonw_key(json, "coordinates");
    api_crs_write(json, &q->crs, answer->siting.places[s].at);
    jsonw_object_end(json);
    jsonw_object_end(json);
}

static void write_features(struct jsonw *json, const struct gap_query *q,
                           const struct gap_answer *answer)
{
    jsonw_key(json, "features");
    jsonw_array(json);
    for (size_t l = q->reach.limit_count; l-- > 0;) /* the widest first: it hides nothing */
        if (q->show_in) write_part(json, q, answer, l, false);
    for (size_t l = 0; l < q->reach.limit_count; l++)
        if (q->show_out) write_part(json, q, answer, l, true);
    for (size_t s = 0; s < answer->siting.count; s++)
        write_suggestion(json, q, answer, s);
    jsonw_array_end(json);
}

void gap_json_write(struct response *response, const struct gap_query *q,
                    const struct gap_answer *answer)
{
    static const char *const words[] = {"surface", "reports", "grid"};
    struct jsonw *json = response_json(response);
    response->content_type = "application/geo+json";
    jsonw_object(json);
    jsonw_key_string(json, "type", "FeatureCollection");
    write_features(json, q, answer);
    jsonw_key(json, "areas");
    jsonw_array(json);
    for (size_t a = 0; a < q->area_count; a++)
        write_row(json, q, &answer->found.areas[a], q->named[a]);
    jsonw_array_end(json);
    jsonw_key_int(json, "places", (int64_t)answer->places);
    jsonw_key_string(json, "profile", q->reach.metric->view.profile->name);
    jsonw_key_string(json, "weight", q->grid ? q->grid->name : words[q->weight]);
    if (q->suggest) {
        jsonw_key(json, "candidates");
        jsonw_object(json);
        jsonw_key_int(json, "count", (int64_t)answer->siting.candidates);
        jsonw_key_number(json, "spacing_m", answer->siting.step_m, 0);
        jsonw_object_end(json);
    }
    api_crs_write_name(json, &q->crs);
    jsonw_object_end(json);
}
