#include "server/api/ogc_query.h"

#include "server/api/api_page.h"
#include "server/api/ogc_schema.h"
#include "server/api/ogc_table.h"

#include <math.h>
#include <string.h>

static enum err read_page(struct request *request, struct ogc_query *q)
{
    struct api_page page;
    int64_t offset = 0;
    enum err e = api_page_read(request, INT64_MAX, &page);
    if (!e) e = request_int(request, "offset", 0, INT64_MAX, &offset);
    if (!e && page.has_cursor && request_query(request, "offset"))
        e = problem_say(request->problem, PROBLEM_PARAMETER, "offset",
                        "cannot be given together with cursor, which says where to begin");
    if (e) return e;
    if (!request_query(request, "limit")) page.limit = OGC_LIMIT_DEFAULT;
    q->limit = page.limit < OGC_LIMIT_MAX ? (uint32_t)page.limit : OGC_LIMIT_MAX;
    q->offset = (uint64_t)offset;
    q->after_id = page.has_cursor ? page.after[0] : INT64_MIN;
    return ERR_OK;
}

/* Four numbers, or six with heights as the third and the sixth. */
static enum err read_numbers(struct request *request, double v[4])
{
    double six[6];
    bool given;
    const char *text = request_query(request, "bbox");
    size_t commas = 0;
    for (const char *at = text; *at; at++)
        commas += *at == ',';
    if (commas != 5) return request_numbers(request, "bbox", 4, v, &given);
    enum err e = request_numbers(request, "bbox", 6, six, &given);
    if (e) return e;
    if (six[2] > six[5])
        return problem_say(request->problem, PROBLEM_PARAMETER, "bbox",
                           "the lower height must come first");
    memcpy(v, (const double[]){six[0], six[1], six[3], six[4]}, 4 * sizeof *v);
    return ERR_OK;
}

/* The edges of a box were followed in sixteen steps. Between two of these they bulge by no more
 * than a 256th of what they do in all. */
static void widen(struct place_query *wanted)
{
    for (size_t b = 0; b < wanted->box_count; b++) {
        struct box *box = &wanted->boxes[b];
        double more = (box->max_lon - box->min_lon + box->max_lat - box->min_lat) / 256;
        *box = (struct box){fmax(box->min_lon - more, -180), fmax(box->min_lat - more, -90),
                            fmin(box->max_lon + more, 180), fmin(box->max_lat + more, 90)};
    }
}

static enum err read_bbox(struct request *request, struct tools *tools, struct ogc_query *q)
{
    struct api_crs crs;
    const char *uri;
    double v[4];
    enum err e = ogc_collection_crs(request, tools, q->collection, "bbox-crs", &crs, &uri);
    if (e || !request_query(request, "bbox")) return e;
    e = read_numbers(request, v);
    if (e) return e;
    if (crs.flipped) memcpy(v, (const double[]){v[1], v[0], v[3], v[2]}, 4 * sizeof *v);
    e = place_query_box(request, &crs, v, &q->wanted);
    if (e || crs_in_degrees(crs.in)) return e;
    q->box_crs = crs.in;
    q->plane_box = (struct box){v[0], v[1], v[2], v[3]};
    widen(&q->wanted);
    return ERR_OK;
}

static enum err read_time(struct request *request, struct ogc_query *q)
{
    const char *text = request_query(request, "datetime");
    q->time = (struct ogc_time){INT64_MIN, INT64_MAX};
    if (!text || ogc_time_read(text, &q->time)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "datetime",
                       "must be a time like 2026-11-24T08:00:00Z, or two with a slash between "
                       "them, the earlier first, one of which may be .. or empty; a + is written "
                       "%%2B");
}

static bool is(const char *wanted, const char *have)
{
    return !wanted || strcmp(wanted, have) == 0;
}

static bool in_plane_box(const struct ogc_query *q, struct coord c)
{
    return !q->box_crs || (!crs_from_wgs84(q->box_crs, &c, 1) && box_contains(q->plane_box, c));
}

static bool wants_place(void *user, uint32_t i)
{
    const struct ogc_query *q = user;
    const struct place place = placeset_at(q->snapshot->places, i);
    bool in_time = !place.confirmed_ms ||
                   (place.confirmed_ms >= q->time.from_ms && place.confirmed_ms <= q->time.to_ms);
    return in_time && in_plane_box(q, place.at) && is(q->name, place.name) &&
           is(q->name_en, place.name_en) && is(q->source, place.source);
}

static bool meets_boxes(const struct place_query *wanted, const struct polygon *polygon)
{
    bool meets = !wanted->box_count;
    for (size_t b = 0; b < wanted->box_count && !meets; b++)
        meets = polygon_meets(polygon, wanted->boxes[b]);
    return meets;
}

struct meeting {
    const struct ogc_query *q;
    bool met;
};

/* A line between two corners is straight in the system that is asked in. A corner that the system
 * does not reach is far from any box in it: the line begins anew behind it. */
static void meet_ring(void *user, const struct coord *points, size_t count, bool hole)
{
    struct meeting *meeting = user;
    struct coord line[2];
    bool begun = false;
    (void)hole;
    for (size_t i = 0; i < count && !meeting->met; i++) {
        line[1] = points[i];
        bool reached = !crs_from_wgs84(meeting->q->box_crs, &line[1], 1);
        meeting->met = reached && begun && polygon_line_meets(line, 2, meeting->q->plane_box);
        begun = reached;
        line[0] = line[1];
    }
}

/* Whether an edge goes through the box, or the box lies inside. */
static bool meets_plane_box(const struct ogc_query *q, const struct polygon *polygon)
{
    struct meeting meeting = {q, false};
    struct coord corner = {q->plane_box.min_lon, q->plane_box.min_lat};
    if (!q->box_crs) return true;
    polygon_rings(polygon, meet_ring, &meeting);
    return meeting.met ||
           (!crs_to_wgs84(q->box_crs, &corner, 1) && polygon_covers(polygon, corner));
}

bool ogc_query_wants_area(const struct ogc_query *q, size_t index)
{
    const struct areaset *areas = q->snapshot->areas;
    const struct area *area = areaset_at(areas, index);
    return (q->level < 0 || q->level == area->level) &&
           (q->parent_id < 0 || q->parent_id == area->parent_id) && is(q->name, area->name) &&
           is(q->name_en, area->name_en) && is(q->code, area->code) &&
           meets_boxes(&q->wanted, areaset_polygon(areas, index)) &&
           meets_plane_box(q, areaset_polygon(areas, index));
}

enum err ogc_query_read(struct request *request, struct tools *tools,
                        const struct ogc_collection *collection, struct ogc_query *q)
{
    *q = (struct ogc_query){.collection = collection,
                            .snapshot = tools->snapshot,
                            .name = request_query(request, "name"),
                            .name_en = request_query(request, "name_en"),
                            .source = request_query(request, "source"),
                            .code = request_query(request, "code"),
                            .level = -1,
                            .parent_id = -1};
    enum err e = ogc_schema_admit(request, collection->bit);
    if (!e) e = ogc_collection_crs(request, tools, collection, "crs", &q->crs, &q->crs_uri);
    if (!e) e = read_page(request, q);
    if (!e) e = read_bbox(request, tools, q);
    if (!e) e = read_time(request, q);
    if (!e) e = place_query_words(request, tools, &q->wanted);
    if (!e) e = request_int(request, "level", 0, INT32_MAX, &q->level);
    if (!e) e = request_int(request, "parent_id", 0, INT64_MAX, &q->parent_id);
    if (q->name || q->name_en || q->source || q->box_crs || request_query(request, "datetime")) {
        q->wanted.filter.accept = wants_place;
        q->wanted.filter.user = q;
    }
    return e;
}
