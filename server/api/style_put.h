/* What the parts of the map's style share: what it is made for, and writing JSON that is known. */
#ifndef YZ_SERVER_API_STYLE_PUT_H
#define YZ_SERVER_API_STYLE_PUT_H

#include "data/categories.h"
#include "data/mbtiles.h"
#include "geo/base/jsonw.h"

#include <stdbool.h>

/* What a style is made for. */
struct style {
    const char *base_url; /* of this server */
    const struct categories *categories;
    bool english;                       /* labels; else Chinese */
    const struct mbtiles_info *basemap; /* NULL: there is none */
    const char *icons;                  /* the sprite's index; NULL: there is none */
    size_t icons_len;
};

/* Fonts and the halo of every text, as members of `layout` and `paint`. Text is drawn with the
 * reader's own fonts. */
#define STYLE_FONT "\"text-font\":[\"sans-serif\"]"
#define STYLE_HALO "\"text-halo-color\":\"#ffffff\",\"text-halo-width\":1.4"

/* One value that is JSON already, of at most 2 KiB. */
void style_put(struct jsonw *json, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* An expression: a feature's name in the style's language, the other where there is none. */
const char *style_name(const struct style *style);

#endif
