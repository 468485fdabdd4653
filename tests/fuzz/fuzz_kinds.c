#include "data/kinds.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct kinds *kinds;
    struct why why = {""};
    if (kinds_parse("fuzz", (const char *)bytes, len, NULL, &kinds, &why)) return 0;
    const struct kinds_kind *kind = kinds_at(kinds, 0);
    for (size_t i = 0; i < kind->state_count; i++)
        for (size_t j = 0; j < kind->state_count; j++)
            (void)kinds_move(kind, kind->states[i].code, kind->states[j].code);
    kinds_free(kinds);
    return 0;
}
