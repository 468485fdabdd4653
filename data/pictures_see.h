/* Who may look at a picture that something shows: it is not noted with the picture, but asked of
 * what shows it, as that is now. */
#ifndef YZ_DATA_PICTURES_SEE_H
#define YZ_DATA_PICTURES_SEE_H

#include "data/pictures.h"

struct pictures_seen {
    bool by_all;   /* it is shown to everybody: by a post that can be read at `now_ms`, a deed that
                      is published, an activity that is no draft, a reward, an offer */
    int64_t whose; /* whose own it is, whom it is shown to, too: of a deed; 0: nobody */
};

/* Of one that is not loose. What is gone shows nothing to anybody. */
enum err pictures_see(struct db *db, const struct pictures_picture *picture, int64_t now_ms,
                      struct pictures_seen *seen);

#endif
