#include "server/api/shape_json.h"

struct writer {
    struct jsonw *json;
    const struct api_crs *crs;
    bool open; /* a polygon is begun */
};

static void write_ring(void *user, const struct coord *points, size_t count, bool hole)
{
    struct writer *w = user;
    if (!hole) {
        if (w->open) jsonw_array_end(w->json);
        jsonw_array(w->json);
        w->open = true;
    }
    jsonw_array(w->json);
    for (size_t i = 0; i < count; i++)
        api_crs_write(w->json, w->crs, points[i]);
    jsonw_array_end(w->json);
}

static struct writer begin(struct jsonw *json, const struct api_crs *crs)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", "MultiPolygon");
    jsonw_key(json, "coordinates");
    jsonw_array(json);
    return (struct writer){json, crs, false};
}

static void end(const struct writer *w)
{
    if (w->open) jsonw_array_end(w->json);
    jsonw_array_end(w->json);
    jsonw_object_end(w->json);
}

void shape_json_polygon(struct jsonw *json, const struct api_crs *crs,
                        const struct polygon *polygon)
{
    struct writer w = begin(json, crs);
    if (polygon) polygon_rings(polygon, write_ring, &w);
    end(&w);
}

void shape_json_shape(struct jsonw *json, const struct api_crs *crs, const struct shape *shape)
{
    struct writer w = begin(json, crs);
    for (size_t r = 0; r < shape->ring_count; r++) {
        size_t count;
        const struct coord *points = shape_ring_at(shape, r, &count);
        write_ring(&w, points, count, shape->rings[r].hole);
    }
    end(&w);
}
