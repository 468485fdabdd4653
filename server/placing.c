#include "server/placing.h"

#include "data/changes.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Adds what was touched; `*all` tells that it was an import, or too much. */
static enum err touch(struct placing *placing, struct db *db, const struct placing_span *span,
                      bool *all)
{
    size_t count = 0, kept = 0, room = PLACING_MAX - placing->count;
    int64_t *fresh = placing->touched + placing->count;
    enum err e = changes_subjects(db, CHANGES_places, span->after, span->upto, fresh, room, &count);
    if (e) return e;
    if (count > room || (count && fresh[0] == 0)) {
        *all = true;
        return ERR_OK;
    }
    count += placing->count;
    qsort(placing->touched, count, sizeof *placing->touched, by_number);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || placing->touched[i] != placing->touched[i - 1])
            placing->touched[kept++] = placing->touched[i];
    placing->count = kept;
    return ERR_OK;
}

enum err placing_load(struct placing *placing, struct db *db, const struct categories *categories,
                      const struct placing_span *span, const struct progress *progress,
                      const struct placeset *shown, struct placeset **set, uint64_t *skipped)
{
    bool all = !shown || !span || placeset_part(shown, PLACESET_BASE) != placing->base;
    enum err e = all ? ERR_OK : touch(placing, db, span, &all);
    if (e) return e;
    if (!all) {
        *skipped = 0;
        return places_reload(db, categories, shown, placing->touched, placing->count, set);
    }
    e = places_load(db, categories, progress, set, skipped);
    if (e) return e;
    placing->count = 0;
    placing->base = placeset_part(*set, PLACESET_BASE);
    return ERR_OK;
}
