/* A MapLibre style (version 8) over this server's own tiles: the base map where there is one, roads
 * by class, areas, closures, places. */
#ifndef YZ_SERVER_API_MAP_STYLE_H
#define YZ_SERVER_API_MAP_STYLE_H

#include "server/api/style_put.h"

/* What changes at its own pace is a source of its own, so that a map asks again only for that. A
 * category's colour, icon and sign are those its list gives. No glyphs are named: MapLibre draws
 * text with the reader's own fonts. */
void map_style_write(struct jsonw *json, const struct style *style);

#endif
