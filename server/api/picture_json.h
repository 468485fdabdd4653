/* Pictures of our own as JSON. */
#ifndef YZ_SERVER_API_PICTURE_JSON_H
#define YZ_SERVER_API_PICTURE_JSON_H

#include "data/pictures.h"
#include "geo/base/jsonw.h"

/* One, with its three addresses; `for_owner` with since when it is there and whether something
 * shows it. */
void picture_json_write(struct jsonw *json, const struct pictures_picture *picture, bool for_owner);

/* The member `pictures`. */
void picture_json_list(struct jsonw *json, const struct pictures_picture *list, size_t count);

#endif
