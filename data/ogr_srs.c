#include "data/ogr_srs.h"

#include "geo/base/text.h"

#include <cpl_conv.h>
#include <stdio.h>

enum { CERTAIN = 90 };

/* The code of a system that is not told by code but is one: a .prj has none. */
static void identify(OGRSpatialReferenceH own, char name[OGR_FILE_CRS_SIZE])
{
    int count = 0, *certainty = NULL;
    OGRSpatialReferenceH *found = OSRFindMatches(own, NULL, &count, &certainty);
    const char *code =
        count && certainty[0] >= CERTAIN ? OSRGetAuthorityCode(found[0], NULL) : NULL;
    if (code) (void)snprintf(name, OGR_FILE_CRS_SIZE, "EPSG:%s", code);
    OSRFreeSRSArray(found);
    CPLFree(certainty);
}

enum err ogr_srs_name(OGRSpatialReferenceH own, char name[OGR_FILE_CRS_SIZE], struct why *why)
{
    name[0] = '\0';
    if (!own) return ERR_OK;
    const char *code = OSRGetAuthorityCode(own, NULL), *body = OSRGetAuthorityName(own, NULL);
    if (code && text_same(code, "CRS84"))
        (void)text_copy(name, OGR_FILE_CRS_SIZE, "wgs84");
    else if (code)
        (void)snprintf(name, OGR_FILE_CRS_SIZE, "%s:%s", text_same(body, "OGC") ? "OGC" : "EPSG",
                       code);
    else
        identify(own, name);
    if (*name) return ERR_OK;
    return err_say(why, ERR_INVALID,
                   "its coordinates are of an unnamed system: tell which it is (crs)");
}
