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

/* From the file beside the database; whatever is wrong with it, the database itself serves. */
static bool load_kept(struct placing *placing, struct db *db, const struct categories *categories,
                      struct placeset **set, uint64_t *skipped)
{
    struct places_kept kept;
    struct why why = {""};
    enum err e =
        places_kept_load(placing->kept, db, categories, placing->touched, PLACING_MAX, &kept, &why);
    if (e) {
        log_say(placing->log, APP_LOG_INFO, "all places are read from the database, not %s: %s",
                placing->kept,
                e == ERR_NOTFOUND ? "there is none"
                : why.text[0]     ? why.text
                                  : err_text(e));
        return false;
    }
    *set = kept.set;
    *skipped = kept.skipped;
    placing->count = kept.count;
    placing->base = placeset_part(kept.set, PLACESET_BASE);
    placing->from_rows = false;
    log_say(placing->log, APP_LOG_INFO, "%zu places are taken from %s, %zu of them read anew",
            placeset_count(kept.set), placing->kept, kept.count);
    return true;
}

static enum err load_rows(struct placing *placing, struct db *db,
                          const struct categories *categories, const struct progress *progress,
                          struct placeset **set, uint64_t *skipped)
{
    struct places_loaded loaded;
    struct placeset *made;
    enum err e = places_load(db, categories, progress, &made, &loaded);
    if (e) return e;
    e = places_kept_mark(db, categories, &loaded, &placing->mark);
    if (e) {
        placeset_free(made);
        return e;
    }
    *set = made;
    *skipped = loaded.skipped;
    placing->count = 0;
    placing->base = placeset_part(made, PLACESET_BASE);
    placing->from_rows = true;
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
    if (!shown && placing->kept && load_kept(placing, db, categories, set, skipped)) return ERR_OK;
    return load_rows(placing, db, categories, progress, set, skipped);
}
