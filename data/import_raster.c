#include "data/import_raster.h"

#include "geo/base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool import_raster_is(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && (text_same(dot, ".tif") || text_same(dot, ".tiff"));
}

enum err import_raster_open(struct import_raster *raster, const struct import_ogr_input *input,
                            size_t max_bytes, const struct import_ogr_options *options,
                            const struct crs **crs, struct why *why)
{
    char own[OGR_FILE_CRS_SIZE] = "";
    const void *bytes = input->bytes;
    size_t len = input->len;
    *raster = (struct import_raster){0};
    if (input->path) {
        enum err e = file_map(input->path, &raster->map, why);
        if (e) return e;
        bytes = raster->map.bytes;
        len = raster->map.size;
    }
    if (len > max_bytes)
        return err_say(why, ERR_LIMIT, "it is larger than %zu MiB: cut it to your area",
                       max_bytes >> 20);
    enum err e = ogr_raster_open(bytes, len, &raster->raster, why);
    if (!e && !options->crs) e = ogr_raster_crs(raster->raster, own, why);
    if (e) return e;
    return crs_find(options->crs_context,
                    options->crs ? options->crs
                    : *own       ? own
                                 : "wgs84",
                    crs, why);
}

/* Of the row at hand: `values` are its cells'. */
static enum err add_row(const struct import_raster *raster, uint32_t y, const double *values,
                        struct import_rows *rows, struct why *why)
{
    uint32_t width = ogr_raster_width(raster->raster);
    struct import_row row = {.has_point = true};
    char text[32];
    enum err e = ERR_OK;
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        row.texts[f] = "";
    row.texts[IMPORT_COLUMNS_weight] = text;
    for (uint32_t x = 0; x < width && !e; x++) {
        if (isnan(values[x]) || values[x] == 0) continue;
        row.line = (uint64_t)y * width + x + 1;
        row.at = ogr_raster_at(raster->raster, x, y);
        (void)snprintf(text, sizeof text, "%.9g", values[x]);
        e = import_rows_add(rows, &row, why);
    }
    return e;
}

enum err import_raster_read(struct import_raster *raster, struct import_rows *rows,
                            const struct progress *progress, struct why *why)
{
    uint32_t height = ogr_raster_height(raster->raster);
    double *values = malloc(ogr_raster_width(raster->raster) * sizeof *values);
    enum err e = values ? ERR_OK : ERR_NOMEM;
    for (uint32_t y = 0; y < height && !e; y++) {
        if (!progress_say(progress, "reading", y, height)) e = ERR_CANCELLED;
        if (!e) e = ogr_raster_row(raster->raster, y, values, why);
        if (!e) e = add_row(raster, y, values, rows, why);
    }
    free(values);
    return e;
}

void import_raster_fini(struct import_raster *raster)
{
    ogr_raster_close(raster->raster);
    file_unmap(&raster->map);
}
