#include "data/photos.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static int ready;
    struct photos_limits limits = photos_defaults;
    struct photos_clean clean;
    struct why why = {""};
    if (!ready) {
        if (secrets_init() || photos_init("fuzz_photos", &why)) return 0;
        ready = 1;
    }
    limits.max_pixels = 1 << 20;
    limits.max_side_px = 2000;
    limits.timeout_ms = 2000;
    if (photos_clean(bytes, len, &limits, &clean, &why)) return 0;
    photos_clean_fini(&clean);
    return 0;
}
