/* What comes along with a change of a case: photos, answers, and the answer that is kept for
 * whoever asks twice. All inside db_write. */
#ifndef YZ_DATA_CASES_WITH_H
#define YZ_DATA_CASES_WITH_H

#include "data/cases.h"
#include "data/photo_files.h"

/* Photos whose files are written. */
struct cases_with {
    const struct datadir *dir;
    int64_t case_id, event; /* 0: it was made */
    bool by_staff;
    const struct photos_clean *photos;
    const struct photo_files *files;
    size_t photo_count;
    int64_t now_ms;
};
/* Adds them behind those that are there. ERR_LIMIT with a sentence. */
enum err cases_with_photos(struct db *db, const struct cases_with *with, struct why *why);

/* Replaces the answers; no new ones leave those that are there. */
enum err cases_with_said(struct db *db, int64_t case_id, const struct kinds_said *said,
                         size_t count);

/* Renders the answer and keeps it with what it tells of; nothing without a reply. */
enum err cases_with_answer(struct db *db, const struct cases_reply *reply,
                           const struct cases_case *now, const char *token, int64_t now_ms,
                           struct arena *arena, struct idempotency_answer *answer);

#endif
