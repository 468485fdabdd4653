#include "data/ogr_raster.h"

#include "data/ogr_quiet.h"
#include "data/ogr_srs.h"

#include <cpl_vsi.h>
#include <gdal.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* GDAL declares it in a header of C++; its linkage is C. */
void GDALRegister_GTiff(void);

struct ogr_raster {
    char folder[OGR_QUIET_NAME];
    struct why said;
    GDALDatasetH dataset;
    GDALRasterBandH band;
    double place[6]; /* GDAL's affine transformation, from cells to the system */
    double scale, offset, nodata;
    bool has_nodata;
};

static pthread_once_t register_once = PTHREAD_ONCE_INIT;

static void register_driver(void)
{
    GDALRegister_GTiff();
}

/* GDAL reads block by block, each whole, whatever the file says that they are. */
static enum err check_blocks(GDALRasterBandH band, struct why *why)
{
    int width = 0, height = 0;
    GDALGetBlockSize(band, &width, &height);
    int64_t cells = (int64_t)width * height,
            size = GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band));
    if (width < 1 || height < 1 || size < 1)
        return err_say(why, ERR_FORMAT, "it cannot be read as GeoTIFF: its blocks have no size");
    if (cells > OGR_RASTER_BLOCK_BYTES / size)
        return err_say(why, ERR_LIMIT,
                       "it is stored in blocks of %d by %d cells: rewrite it in smaller tiles "
                       "(gdal_translate -co TILED=YES -co BLOCKXSIZE=256 -co BLOCKYSIZE=256)",
                       width, height);
    return ERR_OK;
}

/* Whether cells have a place and a size. */
static bool is_spread(const double place[6])
{
    for (int i = 0; i < 6; i++)
        if (!isfinite(place[i])) return false;
    double area = place[1] * place[5] - place[2] * place[4];
    return isfinite(area) && area != 0;
}

static enum err check(struct ogr_raster *raster, struct why *why)
{
    int width = GDALGetRasterXSize(raster->dataset), height = GDALGetRasterYSize(raster->dataset);
    int bands = GDALGetRasterCount(raster->dataset);
    if (bands != 1)
        return err_say(why, ERR_UNSUPPORTED,
                       "it has %d bands: take one of them (gdal_translate -b 1)", bands);
    if (width > OGR_RASTER_SIDE || height > OGR_RASTER_SIDE ||
        (int64_t)width * height > OGR_RASTER_CELLS)
        return err_say(why, ERR_LIMIT, "it has %d by %d cells: cut it to your area (gdalwarp -te)",
                       width, height);
    if (GDALGetGeoTransform(raster->dataset, raster->place) != CE_None)
        return err_say(why, ERR_FORMAT, "it does not say where it lies");
    if (!is_spread(raster->place))
        return err_say(why, ERR_FORMAT,
                       "where it says that it lies its cells have no size: set its corners "
                       "(gdal_translate -a_ullr)");
    return check_blocks(raster->band, why);
}

static enum err open_dataset(struct ogr_raster *raster, const void *bytes, size_t len,
                             struct why *why)
{
    static const char *const allowed[] = {"GTiff", NULL};
    static const char *const no_siblings[] = {NULL};
    char path[2 * OGR_QUIET_NAME];
    int given = 0;
    (void)snprintf(path, sizeof path, "%s/data.tif", raster->folder);
    VSILFILE *made = VSIFileFromMemBuffer(path, (GByte *)bytes, len, FALSE);
    if (!made || VSIFCloseL(made) != 0) return ERR_NOMEM;
    raster->dataset = GDALOpenEx(path, GDAL_OF_RASTER | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                 allowed, NULL, no_siblings);
    if (!raster->dataset)
        return err_say(why, ERR_FORMAT, "it cannot be read as GeoTIFF: %s",
                       *raster->said.text ? raster->said.text : "it is something else");
    raster->band = GDALGetRasterBand(raster->dataset, 1);
    enum err e = check(raster, why);
    if (e) return e;
    raster->nodata = GDALGetRasterNoDataValue(raster->band, &given);
    raster->has_nodata = given;
    raster->scale = GDALGetRasterScale(raster->band, &given);
    if (!given) raster->scale = 1;
    raster->offset = GDALGetRasterOffset(raster->band, &given);
    if (!given) raster->offset = 0;
    return ERR_OK;
}

enum err ogr_raster_open(const void *bytes, size_t len, struct ogr_raster **raster, struct why *why)
{
    struct ogr_raster *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    (void)pthread_once(&register_once, register_driver);
    ogr_quiet_folder(made->folder);
    ogr_quiet_enter(&made->said);
    enum err e = open_dataset(made, bytes, len, why);
    if (e)
        ogr_raster_close(made);
    else
        *raster = made;
    return e;
}

void ogr_raster_close(struct ogr_raster *raster)
{
    if (!raster) return;
    GDALClose(raster->dataset);
    (void)VSIRmdirRecursive(raster->folder);
    ogr_quiet_leave();
    free(raster);
}

enum err ogr_raster_crs(const struct ogr_raster *raster, char name[OGR_FILE_CRS_SIZE],
                        struct why *why)
{
    return ogr_srs_name(GDALGetSpatialRef(raster->dataset), name, why);
}

uint32_t ogr_raster_width(const struct ogr_raster *raster)
{
    return (uint32_t)GDALGetRasterXSize(raster->dataset);
}

uint32_t ogr_raster_height(const struct ogr_raster *raster)
{
    return (uint32_t)GDALGetRasterYSize(raster->dataset);
}

struct coord ogr_raster_at(const struct ogr_raster *raster, uint32_t x, uint32_t y)
{
    const double *p = raster->place;
    double column = x + 0.5, row = y + 0.5;
    return (struct coord){p[0] + column * p[1] + row * p[2], p[3] + column * p[4] + row * p[5]};
}

enum err ogr_raster_row(struct ogr_raster *raster, uint32_t y, double *values, struct why *why)
{
    int width = GDALGetRasterXSize(raster->dataset);
    if (GDALRasterIO(raster->band, GF_Read, 0, (int)y, width, 1, values, width, 1, GDT_Float64, 0,
                     0) != CE_None)
        return err_say(why, ERR_FORMAT, "it cannot be read to its end: %s",
                       *raster->said.text ? raster->said.text : "it is damaged");
    for (int x = 0; x < width; x++) {
        bool empty = isnan(values[x]) || (raster->has_nodata && values[x] == raster->nodata);
        values[x] = empty ? NAN : values[x] * raster->scale + raster->offset;
    }
    return ERR_OK;
}
