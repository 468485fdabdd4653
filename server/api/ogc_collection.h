/* The feature collections of the OGC façade, and the reference systems each is offered in. */
#ifndef YZ_SERVER_API_OGC_COLLECTION_H
#define YZ_SERVER_API_OGC_COLLECTION_H

#include "server/api/api_crs.h"
#include "server/snapshot.h"

#define OGC_COLLECTION_CRS84 "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

struct ogc_collection {
    const char *id;
    const char *zh, *en; /* titles */
    const char *about_zh, *about_en;
    unsigned bit; /* OGC_PLACES or OGC_AREAS */
    /* A box that holds all of its features; empty (min above max) where there are none. */
    struct box (*box)(const struct snapshot *snapshot);
};

enum { OGC_COLLECTION_COUNT = 2 };
extern const struct ogc_collection ogc_collections[OGC_COLLECTION_COUNT];

/* The collection that the path names, else NOT_FOUND is noted, and NULL. */
const struct ogc_collection *ogc_collection_named(struct request *request);

/* Reference systems by their EPSG code; 0 is CRS84, which comes first. Writes those that features
 * in this box are offered in, and returns how many: the four that hold the world, and of the zones
 * of CGCS2000 / 3-degree Gauss-Kruger and of UTM those that all of the box lies in or right beside.
 */
enum { OGC_COLLECTION_SYSTEMS = 16 };
size_t ogc_collection_systems(struct box box, int codes[OGC_COLLECTION_SYSTEMS]);

/* The URI of a code, in the arena; NULL when memory is out. */
const char *ogc_collection_uri(struct arena *arena, int code);

/* Reads parameter `name` (`crs` or `bbox-crs`), CRS84 where it is absent. `crs` gets the system for
 * both directions, and whether its points have the north first. A URI that the collection does not
 * list is noted. */
enum err ogc_collection_crs(struct request *request, struct tools *tools,
                            const struct ogc_collection *collection, const char *name,
                            struct api_crs *crs, const char **uri);

#endif
