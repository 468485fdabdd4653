#include "data/import_shrink.h"

#include <inttypes.h>

enum err import_shrink_check(bool allowed, const char *what, const char *source, uint64_t vanished,
                             uint64_t stayed, struct why *why)
{
    uint64_t before = vanished + stayed;
    if (allowed || before < IMPORT_SHRINK_FROM || vanished <= stayed) return ERR_OK;
    return err_say(why, ERR_CONFLICT,
                   "%" PRIu64 " of the %" PRIu64
                   " %s of the source \"%s\" are not in this file, so "
                   "nothing was imported: give --source another name if these are others, or "
                   "--allow-shrink if those are really gone",
                   vanished, before, what, source);
}
