#include "geo/space/crs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A name, a line end, then a coordinate as two doubles: what converts must be inside the world. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct crs_context *context;
    const struct crs *crs;
    struct why why = {""};
    const uint8_t *end = memchr(bytes, '\n', len);
    size_t name_len = end ? (size_t)(end - bytes) : len;
    char *name = malloc(name_len + 1);
    if (!name) return 0;
    if (name_len) memcpy(name, bytes, name_len);
    name[name_len] = '\0';
    if (crs_context_new(&context)) abort();
    if (!crs_find(context, name, &crs, &why)) {
        struct coord c = {116.39, 39.9};
        if (end && len - name_len - 1 >= sizeof c) memcpy(&c, end + 1, sizeof c);
        if (!crs_to_wgs84(crs, &c, 1) && !coord_valid(c)) abort();
        if (!crs_from_wgs84(crs, &c, 1) && (!isfinite(c.lon) || !isfinite(c.lat))) abort();
        if (strlen(crs_name(crs)) < 4) abort();
    } else if (!why.text[0]) {
        abort();
    }
    crs_context_free(context);
    free(name);
    return 0;
}
