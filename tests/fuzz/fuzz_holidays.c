#include "data/holidays.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct holidays *holidays;
    struct why why = {""};
    if (holidays_parse("fuzz", (const char *)bytes, len, &holidays, &why)) return 0;
    const struct hours_calendar *c = holidays_calendar(holidays);
    for (size_t i = 1; i < c->holiday_count; i++)
        if (c->holidays[i] <= c->holidays[i - 1]) abort();
    holidays_free(holidays);
    return 0;
}
