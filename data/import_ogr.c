#include "data/import_ogr.h"

#include "data/import_rows.h"
#include "geo/base/arena.h"
#include "geo/base/buf.h"
#include "geo/base/file.h"
#include "geo/base/text.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <errno.h>
#include <gdal.h>
#include <limits.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdlib.h>
#include <string.h>

enum { EVERY = 4096, MAX_COLUMNS = 512, MAX_FILE_BYTES = 1 << 30, MAX_POINTS = 4 << 20, DEEP = 8 };

/* GDAL declares these for C++ only; their linkage is C. */
void RegisterOGRCSV(void);
void RegisterOGRGeoJSON(void);

/* What is read, and how. Nothing that is not here is ever registered, let alone opened. */
static const struct driver {
    const char *name;
    const char *suffixes[3];
    bool is_table; /* of lines of text, with a header */
    void (*add)(void);
    const char *options[5];
} drivers[] = {
    {"CSV",
     {".csv", ".tsv"},
     true,
     RegisterOGRCSV,
     {"HEADERS=YES", "AUTODETECT_TYPE=NO", "EMPTY_STRING_AS_NULL=NO", "KEEP_GEOM_COLUMNS=YES"}},
    {"GeoJSON",
     {".geojson", ".json"},
     false,
     RegisterOGRGeoJSON,
     {"DATE_AS_STRING=YES", "NATIVE_DATA=NO"}},
};

/* What the environment must not change while a file is read. */
static const char *const settings[][2] = {
    {"CPL_DEBUG", "OFF"},
    {"CPL_LOG", ""},
    {"OGR_GEOJSON_MAX_OBJ_SIZE", "200"},
    {"OGR_CSV_MAX_LINE_SIZE", "10485760"},
};

struct reading {
    enum import_rows_kind kind;
    const struct import_ogr_options *options;
    const struct progress *progress;
    struct import_ogr_report *report;
    struct why *why;
    const char *path;
    const struct driver *driver;
    struct file_map map; /* the same file's bytes, to count its lines */
    size_t offset;
    uint64_t next_line;
    struct why said; /* the first error that GDAL told */
    GDALDatasetH dataset;
    OGRLayerH layer;
    const struct crs *crs;
    int columns[IMPORT_COLUMNS_COUNT];
    bool numbered;      /* features have numbers of their own */
    struct arena arena; /* the present row's texts */
    struct import_rows *rows;
};

/* ---- opening ---- */

static void CPL_STDCALL on_error(CPLErr kind, CPLErrorNum number, const char *text)
{
    struct why *said = CPLGetErrorHandlerUserData();
    (void)number;
    if (kind >= CE_Failure && !*said->text) (void)err_say(said, ERR_FORMAT, "%s", text);
}

static bool ends_with(const char *path, const char *suffix)
{
    size_t len = strlen(path), n = strlen(suffix);
    return len > n && text_same(path + len - n, suffix);
}

static const struct driver *driver_for(const char *path)
{
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++)
        for (size_t k = 0; drivers[i].suffixes[k]; k++)
            if (ends_with(path, drivers[i].suffixes[k])) return &drivers[i];
    return NULL;
}

/* An absolute path of a regular file: GDAL takes names for URLs, commands and archives otherwise.
 */
static enum err find_file(struct reading *r, char absolute[PATH_MAX])
{
    r->driver = driver_for(r->path);
    if (!r->driver)
        return err_say(r->why, ERR_FORMAT, "%s: its name must end in .csv, .tsv, .geojson or .json",
                       r->path);
    enum err e = file_map(r->path, &r->map, r->why);
    if (e) return e;
    if (r->map.size == 0) return err_say(r->why, ERR_FORMAT, "%s is empty", r->path);
    if (r->map.size > MAX_FILE_BYTES)
        return err_say(r->why, ERR_LIMIT, "%s is larger than 1 GiB: split it", r->path);
    if (!realpath(r->path, absolute))
        return err_say(r->why, err_from_errno(errno), "cannot find %s", r->path);
    if (strncmp(absolute, "/vsi", 4) == 0)
        return err_say(r->why, ERR_DENIED, "%s: files under /vsi are not read", r->path);
    return ERR_OK;
}

static enum err open_layer(struct reading *r)
{
    static const char *const no_siblings[] = {NULL};
    char absolute[PATH_MAX];
    enum err e = find_file(r, absolute);
    if (e) return e;
    const char *const allowed[] = {r->driver->name, NULL};
    if (!GDALGetDriverByName(r->driver->name)) r->driver->add();
    r->dataset = GDALOpenEx(absolute, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                            allowed, r->driver->options, no_siblings);
    if (r->dataset) r->layer = GDALDatasetGetLayer(r->dataset, 0);
    if (!r->layer)
        return err_say(r->why, ERR_FORMAT, "%s cannot be read as %s: %s", r->path, r->driver->name,
                       *r->said.text ? r->said.text : "it holds nothing");
    return ERR_OK;
}

/* The system that the options name, else the file, else WGS 84. */
static enum err find_crs(struct reading *r)
{
    char name[32];
    const char *wanted = r->options->crs;
    OGRSpatialReferenceH own = OGR_L_GetSpatialRef(r->layer);
    const char *code = own ? OSRGetAuthorityCode(own, NULL) : NULL;
    if (!wanted && own && !code)
        return err_say(r->why, ERR_INVALID,
                       "%s has coordinates of an unnamed system: tell which it is (crs)", r->path);
    if (!wanted && own) {
        (void)snprintf(name, sizeof name, "%s:%s",
                       text_same(OSRGetAuthorityName(own, NULL), "OGC") ? "OGC" : "EPSG", code);
        wanted = text_same(code, "CRS84") ? "wgs84" : name;
    }
    return crs_find(r->options->crs_context, wanted ? wanted : "wgs84", &r->crs, r->why);
}

/* Names the columns that there are, for who has to find out what is wrong with them. */
static enum err refuse_columns(struct reading *r, const char *const *names, size_t count,
                               const char *missing)
{
    struct buf list;
    buf_init(&list, 4096);
    for (size_t i = 0; i < count && i < 20; i++)
        buf_printf(&list, "%s%.40s", i ? ", " : "", names[i]);
    enum err e = err_say(r->why, ERR_FORMAT, "%s has no %s; its columns are: %.*s", r->path,
                         missing, (int)list.len, list.bytes ? list.bytes : "");
    buf_fini(&list);
    return e;
}

static enum err find_columns(struct reading *r)
{
    const char *names[MAX_COLUMNS];
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(r->layer);
    int found = OGR_FD_GetFieldCount(definition);
    size_t count = found < MAX_COLUMNS ? (size_t)found : MAX_COLUMNS;
    for (size_t i = 0; i < count; i++)
        names[i] = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, (int)i));
    import_columns_guess(names, count, r->columns);
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (r->columns[f] >= 0)
            (void)text_copy(r->report->columns[f], sizeof r->report->columns[f],
                            names[r->columns[f]]);
    const int *c = r->columns;
    bool positioned =
        c[IMPORT_COLUMNS_wkt] >= 0 || (c[IMPORT_COLUMNS_lon] >= 0 && c[IMPORT_COLUMNS_lat] >= 0);
    if (r->driver->is_table && r->kind == IMPORT_ROWS_PLACES && !positioned)
        return refuse_columns(r, names, count,
                              "columns of longitude and latitude (lon, lat; 经度, 纬度)");
    if (r->kind == IMPORT_ROWS_PLACES && c[IMPORT_COLUMNS_category] < 0 && !r->options->category)
        return refuse_columns(r, names, count,
                              "column of the category (category, 类别), and no category was given");
    if (r->kind == IMPORT_ROWS_AREAS && c[IMPORT_COLUMNS_name] < 0)
        return refuse_columns(r, names, count, "column of the name (name, 名称)");
    return ERR_OK;
}

/* ---- rows ---- */

/* The line at which the next record of a table starts. A record ends at a line end outside quotes;
 * empty lines are none. */
static uint64_t record_line(struct reading *r)
{
    const char *bytes = (const char *)r->map.bytes;
    size_t i = r->offset, size = r->map.size;
    uint64_t line = r->next_line;
    while (i < size && (bytes[i] == '\n' || bytes[i] == '\r'))
        line += bytes[i++] == '\n';
    uint64_t start = line;
    bool quoted = false;
    for (; i < size && (quoted || bytes[i] != '\n'); i++) {
        if (bytes[i] == '"') quoted = !quoted;
        line += bytes[i] == '\n';
    }
    r->offset = i;
    r->next_line = line;
    return start;
}

/* A list as text, joined by commas; NULL without memory. */
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

/* A field as text in the arena (GDAL keeps but one number's text at a time); NULL without memory.
 */
static const char *field_text(struct arena *arena, OGRFeatureH feature, int column)
{
    if (column < 0 || !OGR_F_IsFieldSetAndNotNull(feature, column)) return "";
    if (OGR_Fld_GetType(OGR_F_GetFieldDefnRef(feature, column)) == OFTStringList)
        return list_text(arena, OGR_F_GetFieldAsStringList(feature, column));
    return arena_strdup(arena, OGR_F_GetFieldAsString(feature, column));
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

static bool is_polygon(OGRGeometryH geometry)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    return type == wkbPolygon || type == wkbMultiPolygon;
}

/* The row's own point, or one on the surface of its polygon. */
static void take_point(OGRGeometryH geometry, struct import_row *row)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    OGRGeometryH point = NULL;
    if (OGR_G_IsEmpty(geometry)) return;
    if (type == wkbPoint)
        point = OGR_G_Clone(geometry);
    else if (is_polygon(geometry))
        point = OGR_G_PointOnSurface(geometry);
    if (point && !OGR_G_IsEmpty(point)) {
        row->at = (struct coord){OGR_G_GetX(point, 0), OGR_G_GetY(point, 0)};
        row->has_point = true;
    } else {
        row->trouble = "its geometry is neither a point nor a polygon";
    }
    OGR_G_DestroyGeometry(point);
}

/* The row's polygon as WKB in new memory. */
static unsigned char *take_polygon(const struct reading *r, OGRGeometryH geometry,
                                   struct import_row *row)
{
    if (!is_polygon(geometry)) {
        row->trouble = "its geometry is no polygon";
        return NULL;
    }
    OGR_G_FlattenTo2D(geometry);
    int size = OGR_G_WkbSize(geometry);
    if (size <= 0 || size / 16 > MAX_POINTS) {
        row->trouble = "its outline has too many points";
        return NULL;
    }
    if (!convert(r->crs, geometry, 0)) {
        row->trouble = "its outline lies outside the world of the coordinate system";
        return NULL;
    }
    unsigned char *wkb = malloc((size_t)size);
    if (!wkb || OGR_G_ExportToIsoWkb(geometry, wkbNDR, wkb) != OGRERR_NONE) {
        free(wkb);
        row->trouble = "its outline is unusable";
        return NULL;
    }
    row->wkb = wkb;
    row->wkb_len = (size_t)size;
    return wkb;
}

/* The feature's geometry, or that which a column tells as WKT: new, or NULL. */
static OGRGeometryH geometry_of(OGRFeatureH feature, struct import_row *row)
{
    OGRGeometryH own = OGR_F_GetGeometryRef(feature), made = NULL;
    const char *text = row->texts[IMPORT_COLUMNS_wkt];
    char *wkt = NULL;
    if (own) return OGR_G_Clone(own);
    while (*text == ' ')
        text++;
    if (!((*text >= 'A' && *text <= 'Z') || (*text >= 'a' && *text <= 'z'))) return NULL;
    char *copy = wkt = CPLStrdup(text);
    if (OGR_G_CreateFromWkt(&wkt, NULL, &made) != OGRERR_NONE) {
        made = NULL;
        row->trouble = "its WKT is malformed";
    }
    CPLFree(copy);
    return made;
}

static bool is_blank(const struct import_row *row)
{
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (row->texts[f][strspn(row->texts[f], " \t")]) return false;
    return true;
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
    return own;
}

/* The texts of the columns that were found, and the feature's own number if the file gives one. */
static enum err take_texts(struct reading *r, OGRFeatureH feature, struct import_row *row)
{
    arena_reset(&r->arena);
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        row->texts[f] = field_text(&r->arena, feature, r->columns[f]);
    if (r->columns[IMPORT_COLUMNS_id] < 0 && r->numbered)
        row->texts[IMPORT_COLUMNS_id] =
            arena_printf(&r->arena, "%lld", (long long)OGR_F_GetFID(feature));
    for (int f = 0; f < IMPORT_COLUMNS_COUNT; f++)
        if (!row->texts[f]) return ERR_NOMEM;
    return ERR_OK;
}

static enum err add_feature(struct reading *r, OGRFeatureH feature, uint64_t number)
{
    struct import_row row = {.line = r->driver->is_table ? record_line(r) : number};
    unsigned char *wkb = NULL;
    enum err e = take_texts(r, feature, &row);
    if (e) return e;
    OGRGeometryH geometry = geometry_of(feature, &row);
    if (geometry && r->kind == IMPORT_ROWS_AREAS)
        wkb = take_polygon(r, geometry, &row);
    else if (geometry)
        take_point(geometry, &row);
    if (geometry || row.trouble || !is_blank(&row)) e = import_rows_add(r->rows, &row, r->why);
    OGR_G_DestroyGeometry(geometry);
    free(wkb);
    return e;
}

static enum err read_rows(struct reading *r)
{
    GIntBig total = r->driver->is_table ? 0 : OGR_L_GetFeatureCount(r->layer, FALSE);
    uint64_t number = 0;
    enum err e = ERR_OK;
    if (r->driver->is_table)
        (void)record_line(r); /* the header */
    else
        r->numbered = has_numbers(r->layer);
    OGR_L_ResetReading(r->layer);
    for (OGRFeatureH feature; !e && (feature = OGR_L_GetNextFeature(r->layer));) {
        if (number % EVERY == 0 &&
            !progress_say(r->progress, "reading", number, total > 0 ? (uint64_t)total : 0))
            e = ERR_CANCELLED;
        else
            e = add_feature(r, feature, number + 1);
        number++;
        OGR_F_Destroy(feature);
    }
    if (!e && *r->said.text)
        e = err_say(r->why, ERR_FORMAT, "%s cannot be read to its end: %s", r->path, r->said.text);
    return e;
}

static enum err read_all(struct reading *r)
{
    enum err e = open_layer(r);
    if (!e) e = find_crs(r);
    if (!e) e = find_columns(r);
    if (!e) e = import_rows_new(r->kind, r->options, r->crs, r->report, &r->rows, r->why);
    return e ? e : read_rows(r);
}

/* Runs a reading with GDAL's messages caught and its settings out of the environment's reach. */
static enum err read_quietly(struct reading *r)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        CPLSetThreadLocalConfigOption(settings[i][0], settings[i][1]);
    CPLPushErrorHandlerEx(on_error, &r->said);
    enum err e = read_all(r);
    GDALClose(r->dataset);
    CPLPopErrorHandler();
    CPLErrorReset();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        CPLSetThreadLocalConfigOption(settings[i][0], NULL);
    file_unmap(&r->map);
    arena_fini(&r->arena);
    return e;
}

static enum err import(enum import_rows_kind kind, struct db *db, const char *path,
                       const struct import_ogr_options *options, const struct progress *progress,
                       struct import_ogr_report *report, struct why *why)
{
    struct reading r = {.kind = kind,
                        .options = options,
                        .progress = progress,
                        .report = report,
                        .why = why,
                        .path = path,
                        .next_line = 1};
    memset(report, 0, sizeof *report);
    enum err e = read_quietly(&r);
    if (r.driver) report->is_table = r.driver->is_table;
    if (!e) e = import_rows_store(r.rows, db, path, progress, why);
    import_rows_free(r.rows);
    return e;
}

enum err import_ogr_places(struct db *db, const char *path,
                           const struct import_ogr_options *options,
                           const struct progress *progress, struct import_ogr_report *report,
                           struct why *why)
{
    return import(IMPORT_ROWS_PLACES, db, path, options, progress, report, why);
}

enum err import_ogr_areas(struct db *db, const char *path, const struct import_ogr_options *options,
                          const struct progress *progress, struct import_ogr_report *report,
                          struct why *why)
{
    return import(IMPORT_ROWS_AREAS, db, path, options, progress, report, why);
}
