/* The kinds of offers, as an operator may write them. */
#include "data/offers_kinds.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct offers_kinds *kinds = NULL;
    struct why why = {""};
    if (offers_kinds_parse("fuzz", (const char *)bytes, len, &kinds, &why) == ERR_OK) {
        for (size_t i = 0; i < offers_kinds_count(kinds); i++) {
            const struct offers_kind *kind = offers_kinds_at(kinds, i);
            if (offers_kinds_find(kinds, kind->code) != kind || !kind->label.zh[0] ||
                !kind->label.en[0])
                __builtin_trap();
        }
    }
    offers_kinds_free(kinds);
    return 0;
}
