/* The places in the style: clusters with their number, dots with icons, names. */
#ifndef YZ_SERVER_API_STYLE_PLACES_H
#define YZ_SERVER_API_STYLE_PLACES_H

#include "server/api/style_put.h"

/* The layers `cluster`, `cluster-count`, `place`, `place-icon` and `place-name`. A category whose
 * icon the sprite does not have is shown by its sign. */
void style_places_write(struct jsonw *json, const struct style *style);

#endif
