/* Answers kept in memory for the next who ask: at most so many bytes, what was not asked for lately
 * goes first (CLOCK: F. J. Corbató, A paging experiment with the Multics system, 1968).
 *
 * An answer stands under a key and carries a stamp that says what it was made of. One with another
 * stamp than asked for is not found, and makes room for its successor. Many threads may ask; two
 * that want the same at once make it once.
 *
 * The locks of this module: one a shard, held for a look into a table or while something is thrown
 * out, never while an answer is made. */
#ifndef YZ_SERVER_CACHE_H
#define YZ_SERVER_CACHE_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CACHE_KEY_WORDS = 4, CACHE_STAMP_WORDS = 4, CACHE_TAG_SIZE = 24 };

struct cache_key {
    uint64_t words[CACHE_KEY_WORDS];
};
struct cache_stamp {
    uint64_t words[CACHE_STAMP_WORDS];
};

/* A kept answer: read-only, and there until it is given back. */
struct cache_entry;
struct cache_answer {
    const char *bytes;
    size_t len;
    bool is_packed;           /* `bytes` are gzip */
    char tag[CACHE_TAG_SIZE]; /* of what is in them, packed or not */
};
const struct cache_answer *cache_answer(const struct cache_entry *entry);
/* From any thread; NULL does nothing. `entry` is a struct cache_entry. */
void cache_give_back(void *entry);

struct cache;
enum err cache_new(size_t max_bytes, struct cache **cache);
/* Nobody may be asking any more; entries that are still held live on. NULL does nothing. */
void cache_free(struct cache *cache);

/* The answer, to be given back; NULL: it is not here. Never waits for an answer to be made. */
struct cache_entry *cache_find(struct cache *cache, const struct cache_key *key,
                               const struct cache_stamp *stamp);

/* The same for who will make what is not here. Waits while another makes it. Where the answer is
 * NULL the caller must end with cache_fulfil. */
struct cache_entry *cache_claim(struct cache *cache, const struct cache_key *key,
                                const struct cache_stamp *stamp);

/* Keeps a copy of the answer that was claimed and returns it, held for the caller; too large a one
 * is not kept. NULL for `answer`: it could not be made, and who waits tries itself. Returns NULL
 * then, and when memory is out. */
struct cache_entry *cache_fulfil(struct cache *cache, const struct cache_key *key,
                                 const struct cache_stamp *stamp,
                                 const struct cache_answer *answer);

struct cache_figures {
    uint64_t hits, misses, evictions; /* since the start */
    size_t bytes, entries, max_bytes; /* now; bytes include what an entry costs beside its answer */
};
void cache_figures(struct cache *cache, struct cache_figures *figures);

#endif
