/* Where strangers' pictures are decoded: by child processes that can do nothing else
 * (photo_jail.h), are given so much time, and are replaced when a picture was too much for one.
 * Whoever brings a picture waits for a child to be free; any number of threads may. */
#ifndef YZ_DATA_PHOTO_SHOP_H
#define YZ_DATA_PHOTO_SHOP_H

#include "data/photos.h"

enum {
    PHOTO_SHOP_HANDS = 2, /* children, unless told otherwise */
    PHOTO_SHOP_HANDS_MAX = 16,
    PHOTO_SHOP_LIFE = 200 /* pictures, after which a child is replaced by a fresh one */
};

struct photo_shop;

/* A child is `/proc/self/exe WORD`, which must call photo_hand_work(0, ...), and is started for the
 * first picture that no other is free for. `word` is borrowed. `hands` 0: PHOTO_SHOP_HANDS.
 * ERR_NOMEM, ERR_SYSTEM. */
enum err photo_shop_new(const char *word, unsigned hands, struct photo_shop **shop);
/* Ends the children. Nobody may be waiting any more. NULL does nothing. */
void photo_shop_free(struct photo_shop *shop);

/* As photos_clean and photos_blur with the limits of photos_defaults, done by a child. Also
 * ERR_FORMAT, ERR_LIMIT or ERR_TIMEOUT with a sentence for the sender for a picture that a child
 * died of, ERR_BUSY when no child is free for long, ERR_NOMEM when one was ended from outside,
 * ERR_SYSTEM when none can be started. */
enum err photo_shop_clean(struct photo_shop *shop, const void *bytes, size_t len,
                          struct photos_clean *clean, struct why *why);
enum err photo_shop_blur(struct photo_shop *shop, const void *bytes, size_t len,
                         const struct photos_region *regions, size_t count,
                         struct photos_clean *clean, struct why *why);

/* For how long a child may be at one picture, in milliseconds, instead of the usual; for tests. */
void photo_shop_hurry(struct photo_shop *shop, int64_t deadline_ms);

/* After how much processor time, in milliseconds, a child is replaced when its picture is done,
 * instead of the usual, which leaves it enough for one more; for tests. */
void photo_shop_wear(struct photo_shop *shop, int64_t worn_ms);

#endif
