/* What a child that was taken over may say: a head and what follows. */
#include "data/photo_wire.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct photo_wire_result result;
    struct photo_wire_task task;
    struct photos_clean clean = {0};
    struct why why = {""};
    size_t follows = 0;
    if (len >= sizeof task) {
        memcpy(&task, bytes, sizeof task);
        (void)photo_wire_task_ok(&task);
    }
    if (len < sizeof result) return 0;
    memcpy(&result, bytes, sizeof result);
    bytes += sizeof result;
    len -= sizeof result;
    if (photo_wire_length(&result, &follows) || follows > len) return 0;
    if (photo_wire_read(&result, bytes, follows, &clean, &why)) return why.text[0] ? 0 : 1;
    photos_clean_fini(&clean);
    return 0;
}
