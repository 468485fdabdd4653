#include "data/ogr_file.h"

#include "data/db_foreign.h"
#include "data/ogr_quiet.h"
#include "data/ogr_srs.h"
#include "geo/base/buf.h"
#include "geo/base/text.h"

#include <cpl_conv.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POINTS = 4 << 20, DEEP = 8, LAYERS = 200, OTHERS = 1000 };

struct ogr_file {
    const struct ogr_format_driver *driver;
    char folder[OGR_QUIET_NAME], main[OGR_QUIET_NAME];
    struct why said;
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRFeatureH feature;
    OGRGeometryH made; /* from WKT */
    size_t width;
    bool numbered;
    char others[OTHERS];
};

static enum err place_parts(struct ogr_file *file, const struct ogr_part *parts, size_t count)
{
    bool indexed = false;
    for (size_t i = 0; i < count; i++) {
        char path[2 * OGR_QUIET_NAME];
        (void)snprintf(path, sizeof path, "%s/data.%s", file->folder, parts[i].suffix);
        VSILFILE *made = VSIFileFromMemBuffer(path, (GByte *)parts[i].bytes, parts[i].len, FALSE);
        if (!made || VSIFCloseL(made) != 0) return ERR_NOMEM;
        if (i == 0) (void)text_copy(file->main, sizeof file->main, path);
        indexed = indexed || strcmp(parts[i].suffix, "shx") == 0;
    }
    if (!indexed) CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", "YES");
    return ERR_OK;
}

static void add_other(struct ogr_file *file, const char *name)
{
    size_t n = strlen(file->others);
    (void)snprintf(file->others + n, sizeof file->others - n, "%s%.60s", n ? ", " : "", name);
    for (n = strlen(file->others); n && !text_utf8_valid(file->others, n);)
        file->others[--n] = '\0';
}

static void choose_layer(struct ogr_file *file, const char *wanted)
{
    int count = GDALDatasetGetLayerCount(file->dataset);
    for (int i = 0; i < count && i < LAYERS; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(file->dataset, i);
        const char *name = layer ? OGR_L_GetName(layer) : "";
        bool is_it = !wanted || strcmp(name, wanted) == 0;
        if (layer && is_it && !file->layer && (wanted || OGR_L_GetFeatureCount(layer, TRUE) > 0))
            file->layer = layer;
        else if (layer && OGR_L_GetFeatureCount(layer, TRUE) > 0)
            add_other(file, name);
    }
}

/* Whether the features bring numbers of their own: GDAL counts from 0 those that do not. */
static bool has_numbers(OGRLayerH layer)
{
    GIntBig expected = 0;
    bool own = false;
    OGR_L_ResetReading(layer);
    for (OGRFeatureH feature; !own && (feature = OGR_L_GetNextFeature(layer)); expected++) {
        own = OGR_F_GetFID(feature) != expected;
        OGR_F_Destroy(feature);
    }
    OGR_L_ResetReading(layer);
    return own;
}

static enum err open_layer(struct ogr_file *file, const char *wanted, struct why *why)
{
    const char *const allowed[] = {file->driver->name, NULL};
    file->dataset =
        GDALOpenEx(file->main, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR, allowed,
                   file->driver->open, NULL);
    if (!file->dataset)
        return err_say(why, ERR_FORMAT, "it cannot be read as %s: %s", file->driver->name,
                       *file->said.text ? file->said.text : "it is something else");
    choose_layer(file, wanted);
    if (db_foreign_is_over())
        return err_say(why, ERR_LIMIT, "one of its views takes too long: save it as a table");
    if (!file->layer && wanted)
        return err_say(why, ERR_NOTFOUND, "it has no layer \"%.60s\"; it has: %s", wanted,
                       *file->others ? file->others : "none");
    if (!file->layer)
        return err_say(why, ERR_FORMAT, "it holds nothing%s%s", *file->said.text ? ": " : "",
                       file->said.text);
    int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(file->layer));
    file->width = fields < OGR_FILE_MAX_COLUMNS ? (size_t)fields : OGR_FILE_MAX_COLUMNS;
    file->numbered = file->driver->is_numbered && has_numbers(file->layer);
    return ERR_OK;
}

enum err ogr_file_open(enum ogr_format format, const struct ogr_part *parts, size_t count,
                       const char *layer, struct ogr_file **file, struct why *why)
{
    struct ogr_file *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->driver = ogr_format_driver(format);
    ogr_quiet_folder(made->folder);
    ogr_quiet_enter(&made->said);
    db_foreign_enter();
    enum err e = place_parts(made, parts, count);
    if (!e) e = open_layer(made, layer, why);
    if (e)
        ogr_file_close(made);
    else
        *file = made;
    return e;
}

static void drop_row(struct ogr_file *file)
{
    OGR_G_DestroyGeometry(file->made);
    OGR_F_Destroy(file->feature);
    file->made = NULL;
    file->feature = NULL;
}

void ogr_file_close(struct ogr_file *file)
{
    if (!file) return;
    drop_row(file);
    GDALClose(file->dataset);
    db_foreign_leave();
    (void)VSIRmdirRecursive(file->folder);
    ogr_quiet_leave();
    free(file);
}

const char *ogr_file_layer(const struct ogr_file *file)
{
    return OGR_L_GetName(file->layer);
}

const char *ogr_file_others(const struct ogr_file *file)
{
    return file->others;
}

size_t ogr_file_width(const struct ogr_file *file)
{
    return file->width;
}

const char *ogr_file_column(const struct ogr_file *file, size_t column)
{
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(file->layer);
    return OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)column));
}

uint64_t ogr_file_count(const struct ogr_file *file)
{
    GIntBig count = OGR_L_GetFeatureCount(file->layer, FALSE);
    return count > 0 ? (uint64_t)count : 0;
}

enum err ogr_file_crs(const struct ogr_file *file, char name[OGR_FILE_CRS_SIZE], struct why *why)
{
    return ogr_srs_name(OGR_L_GetSpatialRef(file->layer), name, why);
}

enum err ogr_file_next(struct ogr_file *file, bool *more, struct why *why)
{
    drop_row(file);
    db_foreign_more();
    file->feature = OGR_L_GetNextFeature(file->layer);
    *more = file->feature != NULL;
    if (db_foreign_is_over())
        return err_say(why, ERR_LIMIT, "one of its views takes too long: save it as a table");
    if (*more || !*file->said.text) return ERR_OK;
    return err_say(why, ERR_FORMAT, "it cannot be read to its end: %s", file->said.text);
}

void ogr_file_rewind(struct ogr_file *file)
{
    drop_row(file);
    db_foreign_more();
    OGR_L_ResetReading(file->layer);
}

int64_t ogr_file_number(const struct ogr_file *file)
{
    return OGR_F_GetFID(file->feature);
}

bool ogr_file_is_numbered(const struct ogr_file *file)
{
    return file->numbered;
}

static const char *list_text(struct arena *arena, char **items)
{
    struct buf list;
    buf_init(&list, 1 << 16);
    for (char **item = items; item && *item; item++)
        buf_printf(&list, "%s%s", item == items ? "" : ",", *item);
    const char *text = arena_strndup(arena, list.bytes ? list.bytes : "", list.len);
    buf_fini(&list);
    return text;
}

const char *ogr_file_cell(const struct ogr_file *file, size_t column, struct arena *arena)
{
    int i = (int)column;
    if (!OGR_F_IsFieldSetAndNotNull(file->feature, i)) return "";
    if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(file->feature, i)) == OFTStringList)
        return list_text(arena, OGR_F_GetFieldAsStringList(file->feature, i));
    if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(file->feature, i)) == OFTReal) /* not "8.000000" */
        return arena_printf(arena, "%.15g", OGR_F_GetFieldAsDouble(file->feature, i));
    return arena_strdup(arena, OGR_F_GetFieldAsString(file->feature, i)); /* GDAL keeps but one */
}

/* ---- geometry ---- */

static OGRGeometryH geometry_of(const struct ogr_file *file)
{
    return file->made ? file->made : OGR_F_GetGeometryRef(file->feature);
}

bool ogr_file_has_geometry(const struct ogr_file *file)
{
    return geometry_of(file) != NULL;
}

bool ogr_file_set_wkt(struct ogr_file *file, const char *wkt)
{
    struct why before = file->said;
    char *copy = CPLStrdup(wkt), *at = copy;
    if (OGR_G_CreateFromWkt(&at, NULL, &file->made) != OGRERR_NONE) file->made = NULL;
    CPLFree(copy);
    file->said = before;
    return file->made != NULL;
}

static bool is_polygon(OGRGeometryH geometry)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    return type == wkbPolygon || type == wkbMultiPolygon;
}

bool ogr_file_point(struct ogr_file *file, struct coord *at, const char **trouble)
{
    OGRGeometryH geometry = geometry_of(file), point = NULL;
    *trouble = NULL;
    if (!geometry || OGR_G_IsEmpty(geometry)) return false;
    struct why before = file->said;
    if (wkbFlatten(OGR_G_GetGeometryType(geometry)) == wkbPoint)
        point = OGR_G_Clone(geometry);
    else if (is_polygon(geometry))
        point = OGR_G_PointOnSurface(geometry);
    bool found = point && !OGR_G_IsEmpty(point);
    if (found)
        *at = (struct coord){OGR_G_GetX(point, 0), OGR_G_GetY(point, 0)};
    else
        *trouble = "its geometry is neither a point nor a polygon";
    OGR_G_DestroyGeometry(point);
    file->said = before; /* what is wrong with a row is not wrong with the file */
    return found;
}

/* Converts every point of a geometry in place. */
static bool convert(const struct crs *crs, OGRGeometryH geometry, int depth)
{
    int parts = OGR_G_GetGeometryCount(geometry), points = OGR_G_GetPointCount(geometry);
    for (int i = 0; i < points; i++) {
        struct coord at = {OGR_G_GetX(geometry, i), OGR_G_GetY(geometry, i)};
        if (crs_to_wgs84(crs, &at, 1)) return false;
        OGR_G_SetPoint_2D(geometry, i, at.lon, at.lat);
    }
    for (int i = 0; i < parts; i++)
        if (depth == DEEP || !convert(crs, OGR_G_GetGeometryRef(geometry, i), depth + 1))
            return false;
    return true;
}

/* The polygon flattened, converted and written; NULL, with the trouble told. */
static unsigned char *polygon_wkb(OGRGeometryH geometry, const struct crs *crs, size_t *len,
                                  const char **trouble)
{
    OGR_G_FlattenTo2D(geometry);
    int size = OGR_G_WkbSize(geometry);
    *trouble = "its outline has too many points";
    if (size <= 0 || size / 16 > MAX_POINTS) return NULL;
    *trouble = "its outline lies outside the world of the coordinate system";
    if (!convert(crs, geometry, 0)) return NULL;
    unsigned char *made = malloc((size_t)size);
    *trouble = "its outline is unusable";
    if (made && OGR_G_ExportToIsoWkb(geometry, wkbNDR, made) == OGRERR_NONE) {
        *len = (size_t)size;
        *trouble = NULL;
        return made;
    }
    free(made);
    return NULL;
}

bool ogr_file_polygon(struct ogr_file *file, const struct crs *crs, unsigned char **wkb,
                      size_t *len, const char **trouble)
{
    OGRGeometryH geometry = geometry_of(file);
    *trouble = geometry ? "its geometry is no polygon" : NULL;
    if (!geometry || !is_polygon(geometry)) return false;
    struct why before = file->said;
    OGRGeometryH copy = OGR_G_Clone(geometry);
    unsigned char *made = copy ? polygon_wkb(copy, crs, len, trouble) : NULL;
    OGR_G_DestroyGeometry(copy);
    file->said = before;
    if (made) *wkb = made;
    return made != NULL;
}
