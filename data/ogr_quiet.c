#include "data/ogr_quiet.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* GDAL declares these for C++ only; their linkage is C. */
void RegisterOGRCSV(void);
void RegisterOGRXLSX(void);
void RegisterOGRODS(void);
void RegisterOGRGeoJSON(void);
void RegisterOGRGeoPackage(void);
void RegisterOGRShape(void);
void RegisterOGRLIBKML(void);

/* What the environment must not change while GDAL works. */
static const char *const settings[][2] = {
    {"CPL_DEBUG", "OFF"},
    {"CPL_LOG", ""},
    {"OGR_CSV_MAX_LINE_SIZE", "10485760"},
    {"OGR_GEOJSON_MAX_OBJ_SIZE", "200"},
    {"OGR_XLSX_HEADERS", "DISABLE"},
    {"OGR_XLSX_FIELD_TYPES", "STRING"},
    {"OGR_ODS_HEADERS", "DISABLE"},
    {"OGR_ODS_FIELD_TYPES", "STRING"},
    {"SHAPE_RESTORE_SHX", "NO"}, /* it would be written anew where it is there, too */
    {"LIBKML_NAME_FIELD", "name"},
    /* What a database brings along must not call functions (spatialite's, GDAL's). */
    {"OGR_SQLITE_PRAGMA", "trusted_schema=OFF"},
    {"ALLOW_OGR_SQL_FUNCTIONS_FROM_TRIGGER_AND_VIEW", "NO"},
};

static const char prefix[] = "/vsimem/yizhan-";

static pthread_once_t register_once = PTHREAD_ONCE_INIT;

static void register_drivers(void)
{
    RegisterOGRCSV();
    RegisterOGRXLSX();
    RegisterOGRODS();
    RegisterOGRGeoJSON();
    RegisterOGRGeoPackage();
    RegisterOGRShape();
    RegisterOGRLIBKML();
}

/* Without the names of folders in memory, which are nobody's business. */
static void tell(struct why *said, const char *text)
{
    char plain[sizeof said->text];
    size_t n = 0;
    while (*text && n < sizeof plain - 1) {
        size_t folder =
            strncmp(text, prefix, sizeof prefix - 1) == 0 ? strcspn(text + 1, " :'\"") : 0;
        for (size_t slashes = 0, i = 0; i <= folder && folder; i++)
            if (text[i] == '/' && ++slashes == 3) {
                text += i + 1;
                break;
            }
        plain[n++] = *text;
        text += *text != '\0';
    }
    plain[n] = '\0';
    (void)err_say(said, ERR_FORMAT, "%s", plain);
}

static void CPL_STDCALL on_error(CPLErr kind, CPLErrorNum number, const char *text)
{
    struct why *said = CPLGetErrorHandlerUserData();
    (void)number;
    if (kind >= CE_Failure && !*said->text) tell(said, text);
}

/* What GDAL gets instead of an answer: a GeoJSON's crs of the type "link" would fetch any address.
 */
static CPLHTTPResult *refuse_fetch(const char *url, CSLConstList options, GDALProgressFunc progress,
                                   void *progress_user, CPLHTTPFetchWriteFunc write,
                                   void *write_user, void *user)
{
    CPLHTTPResult *result = CPLCalloc(1, sizeof *result);
    (void)url, (void)options, (void)progress, (void)progress_user;
    (void)write, (void)write_user, (void)user;
    result->nStatus = 1;
    result->pszErrBuf = CPLStrdup("addresses are not fetched");
    return result;
}

void ogr_quiet_enter(struct why *said)
{
    (void)pthread_once(&register_once, register_drivers);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        CPLSetThreadLocalConfigOption(settings[i][0], settings[i][1]);
    CPLPushErrorHandlerEx(on_error, said);
    (void)CPLHTTPPushFetchCallback(refuse_fetch, NULL);
}

void ogr_quiet_leave(void)
{
    (void)CPLHTTPPopFetchCallback();
    CPLPopErrorHandler();
    CPLErrorReset();
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
        CPLSetThreadLocalConfigOption(settings[i][0], NULL);
}

void ogr_quiet_folder(char folder[OGR_QUIET_NAME])
{
    (void)snprintf(folder, OGR_QUIET_NAME, "%s%ld", prefix, (long)gettid());
}
