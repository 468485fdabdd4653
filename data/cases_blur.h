/* Parts of a case's photo are made unrecognisable for good: other files take the place of those
 * that were, which are deleted, and another public id, so that nothing that was kept anywhere is
 * taken for it. */
#ifndef YZ_DATA_CASES_BLUR_H
#define YZ_DATA_CASES_BLUR_H

#include "data/cases.h"

struct cases_blurring {
    const char *photo;                /* public id */
    const char *large;                /* name of the file that was blurred */
    const struct photos_clean *clean; /* what came of it */
    int64_t version;                  /* of the case, as whoever blurs saw it */
    struct cases_actor actor;
    int64_t now_ms;
};

/* Opens its own transactions; on ERR_OK the new files are on disk and the old ones gone, unless
 * another photo is the same picture. Old files that cannot be deleted yet are named by no row any
 * more and stay doomed (blobs_doomed.h): ERR_OK all the same, with a sentence in `why`. The case's
 * version grows. ERR_NOTFOUND; ERR_CONFLICT with a sentence. */
enum err cases_blur(struct db *db, const struct datadir *dir, const struct cases_blurring *blurring,
                    struct arena *arena, struct cases_case *blurred, struct why *why);

#endif
