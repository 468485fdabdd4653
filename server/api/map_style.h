/* A MapLibre style (version 8) over this server's own tiles: roads by class, areas, places. */
#ifndef YZ_SERVER_API_MAP_STYLE_H
#define YZ_SERVER_API_MAP_STYLE_H

#include "data/categories.h"
#include "geo/base/jsonw.h"

#include <stdbool.h>

/* `base_url` is the server's address. What stands still and what changes by the moment (closures)
 * are two sources, so that a map asks again only for the latter. A category's colour is the one its
 * list gives. Labels are in Chinese or, where there is one, in English. No glyphs are named:
 * MapLibre draws text with the reader's own fonts. */
void map_style_write(struct jsonw *json, const char *base_url, const struct categories *categories,
                     bool english);

#endif
