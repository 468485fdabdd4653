#include "data/ogr_out.h"

#include "data/ogr_quiet.h"
#include "geo/base/archive.h"
#include "geo/base/text.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DBF_WIDTH = 254, SHEET_WIDTH = 32767 };

struct ogr_out {
    enum ogr_format format;
    char folder[OGR_QUIET_NAME], stem[OGR_QUIET_NAME];
    struct why said;
    GDALDatasetH dataset;
    OGRLayerH layer;
    size_t count;
};

static OGRSpatialReferenceH system_of(int epsg)
{
    OGRSpatialReferenceH made = epsg ? OSRNewSpatialReference(NULL) : NULL;
    if (made) OSRSetAxisMappingStrategy(made, OAMS_TRADITIONAL_GIS_ORDER);
    if (made && OSRImportFromEPSG(made, epsg) != OGRERR_NONE) {
        OSRDestroySpatialReference(made);
        made = NULL;
    }
    return made;
}

static bool add_columns(struct ogr_out *out, const struct ogr_column *columns, size_t count)
{
    static const OGRFieldType types[] = {[OGR_COLUMN_TEXT] = OFTString,
                                         [OGR_COLUMN_REAL] = OFTReal,
                                         [OGR_COLUMN_WHOLE] = OFTInteger64};
    for (size_t i = 0; i < count; i++) {
        OGRFieldDefnH field = OGR_Fld_Create(columns[i].name, types[columns[i].type]);
        if (out->format == OGR_SHP && columns[i].type == OGR_COLUMN_TEXT)
            OGR_Fld_SetWidth(field, DBF_WIDTH);
        bool added = OGR_L_CreateField(out->layer, field, FALSE) == OGRERR_NONE;
        OGR_Fld_Destroy(field);
        if (!added) return false;
    }
    return true;
}

static enum err make_layer(struct ogr_out *out, const char *layer, int epsg, bool polygons)
{
    const struct ogr_format_driver *driver = ogr_format_driver(out->format);
    char path[4 * OGR_QUIET_NAME];
    OGRSpatialReferenceH system = system_of(epsg);
    OGRwkbGeometryType type = ogr_format_is_table(out->format) ? wkbNone
                              : polygons                       ? wkbMultiPolygon
                                                               : wkbPoint;
    (void)snprintf(path, sizeof path, "%s/%s.%s", out->folder, out->stem,
                   ogr_format_name(out->format));
    out->dataset = GDALCreate(GDALGetDriverByName(driver->name), path, 0, 0, 0, GDT_Unknown, NULL);
    if (out->dataset)
        out->layer =
            GDALDatasetCreateLayer(out->dataset, layer, system, type, (char **)driver->make);
    OSRDestroySpatialReference(system);
    return out->layer ? ERR_OK : ERR_SYSTEM;
}

enum err ogr_out_new(enum ogr_format format, const char *layer, const struct ogr_column *columns,
                     size_t count, int epsg, bool polygons, struct ogr_out **out, struct why *why)
{
    struct ogr_out *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    made->format = format;
    made->count = count;
    (void)text_copy(made->stem, sizeof made->stem, layer);
    ogr_quiet_folder(made->folder);
    ogr_quiet_enter(&made->said);
    (void)VSIMkdirRecursive(made->folder, 0700);
    enum err e = make_layer(made, layer, epsg, polygons);
    if (!e && !add_columns(made, columns, count)) e = ERR_SYSTEM;
    if (e) {
        e = err_say(why, e, "cannot make a file of the format %s: %s", ogr_format_name(format),
                    made->said.text);
        ogr_out_free(made);
        return e;
    }
    *out = made;
    return ERR_OK;
}

void ogr_out_free(struct ogr_out *out)
{
    if (!out) return;
    GDALClose(out->dataset);
    (void)VSIRmdirRecursive(out->folder);
    ogr_quiet_leave();
    free(out);
}

/* What a format cannot hold must not be cut unseen. */
static enum err check_cell(const struct ogr_out *out, const char *text, struct why *why)
{
    if (out->format == OGR_XLSX && text_utf8_count(text, strlen(text)) > SHEET_WIDTH)
        return err_say(why, ERR_LIMIT,
                       "\"%.40s...\" has more than the %d characters of a workbook's cell: choose "
                       "csv",
                       text, SHEET_WIDTH);
    if (out->format != OGR_SHP || strlen(text) <= DBF_WIDTH) return ERR_OK;
    return err_say(why, ERR_LIMIT,
                   "\"%.40s...\" has %zu bytes, and a shapefile's text at most %d: choose gpkg",
                   text, strlen(text), DBF_WIDTH);
}

static bool set_geometry(OGRFeatureH feature, const void *wkb, size_t len)
{
    OGRGeometryH geometry = NULL;
    return OGR_G_CreateFromWkb(wkb, NULL, &geometry, (int)len) == OGRERR_NONE &&
           OGR_F_SetGeometryDirectly(feature, geometry) == OGRERR_NONE;
}

enum err ogr_out_row(struct ogr_out *out, const char *const *cells, const void *wkb, size_t len,
                     struct why *why)
{
    for (size_t i = 0; i < out->count; i++) {
        enum err e = check_cell(out, cells[i], why);
        if (e) return e;
    }
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(out->layer));
    for (size_t i = 0; i < out->count; i++)
        if (*cells[i]) OGR_F_SetFieldString(feature, (int)i, cells[i]);
    bool done = ogr_format_is_table(out->format) || !len || set_geometry(feature, wkb, len);
    done = done && OGR_L_CreateFeature(out->layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
    return done ? ERR_OK : err_say(why, ERR_SYSTEM, "cannot write a row: %s", out->said.text);
}

/* One of the files that GDAL made; false if it did not. */
static bool take_file(const struct ogr_out *out, const char *suffix, struct archive_out *archive,
                      struct buf *to)
{
    char path[4 * OGR_QUIET_NAME], name[2 * OGR_QUIET_NAME];
    vsi_l_offset len = 0;
    (void)snprintf(name, sizeof name, "%s.%s", out->stem, suffix);
    (void)snprintf(path, sizeof path, "%s/%s", out->folder, name);
    const GByte *bytes = VSIGetMemFileBuffer(path, &len, FALSE);
    if (!bytes) return false;
    if (archive)
        archive_add(archive, name, bytes, (size_t)len, 6);
    else
        buf_put(to, bytes, (size_t)len);
    return true;
}

static enum err take_all(const struct ogr_out *out, struct buf *to)
{
    static const char *const suffixes[] = {"shp", "shx", "dbf", "prj", "cpg"};
    struct archive_out archive;
    if (out->format != OGR_SHP)
        return take_file(out, ogr_format_name(out->format), NULL, to) ? to->err : ERR_SYSTEM;
    archive_begin(&archive, to);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        (void)take_file(out, suffixes[i], &archive, to); /* no .prj where there is no system */
    return archive_end(&archive);
}

enum err ogr_out_end(struct ogr_out *out, struct buf *to, struct why *why)
{
    GDALClose(out->dataset);
    out->dataset = NULL;
    enum err e = take_all(out, to);
    if (e == ERR_LIMIT) return err_say(why, e, "the file would be too large: ask for less of it");
    return e ? err_say(why, e, "cannot finish the file: %s", out->said.text) : ERR_OK;
}
