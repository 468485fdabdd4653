#include "geo/space/polygon.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* What is read must answer, and be read again from what it writes. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct polygon *polygon, *again;
    struct why why = {""};
    unsigned char *wkb;
    size_t wkb_len;
    bool mended;
    if (polygon_from_wkb(bytes, len, &polygon, &mended, &why)) return 0;
    struct box box = polygon_box(polygon);
    if (!(polygon_size(polygon) >= 0) || !(box.min_lon <= box.max_lon)) abort();
    if (polygon_prepare(polygon)) abort();
    struct coord middle = {(box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2};
    if (!(polygon_distance_m(polygon, middle) >= 0)) abort();
    if (polygon_to_wkb(polygon, &wkb, &wkb_len)) abort();
    if (polygon_from_wkb(wkb, wkb_len, &again, &mended, &why) == 0) polygon_free(again);
    free(wkb);
    polygon_free(polygon);
    return 0;
}
