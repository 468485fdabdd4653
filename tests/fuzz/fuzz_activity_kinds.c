#include "data/activity_kinds.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct activity_kinds *kinds;
    struct why why = {""};
    if (activity_kinds_parse("fuzz", (const char *)bytes, len, NULL, &kinds, &why)) {
        if (!why.text[0]) __builtin_trap();
        return 0;
    }
    const struct activity_kinds_kind *kind = activity_kinds_at(kinds, 0);
    if (activity_kinds_count(kinds) != 1 || activity_kinds_find(kinds, kind->code) != kind)
        __builtin_trap();
    for (size_t i = 0; i < kind->number_count; i++)
        if (activity_kinds_number(kind, kind->numbers[i].code) != &kind->numbers[i])
            __builtin_trap();
    activity_kinds_free(kinds);
    return 0;
}
