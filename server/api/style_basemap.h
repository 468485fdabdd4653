/* The base map in the style: what lies beneath everything, and its names. */
#ifndef YZ_SERVER_API_STYLE_BASEMAP_H
#define YZ_SERVER_API_STYLE_BASEMAP_H

#include "server/api/style_put.h"

/* Land, water, buildings, railways; those of them that the file has. Nothing without a file. */
void style_basemap_ground(struct jsonw *json, const struct style *style);

/* The names of water, streets, spots and settlements, likewise. */
void style_basemap_names(struct jsonw *json, const struct style *style);

/* Whether the file has the names of streets, so that they need not come from the roads. */
bool style_basemap_has_streets(const struct style *style);

#endif
