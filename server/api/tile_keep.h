/* A tile in the cache: where it stands, and how it becomes an answer. */
#ifndef YZ_SERVER_API_TILE_KEEP_H
#define YZ_SERVER_API_TILE_KEEP_H

#include "geo/tile/tile.h"
#include "server/cache.h"
#include "server/request.h"
#include "server/response.h"

struct tile_keep {
    struct cache_key key;
    struct cache_stamp stamp; /* for the caller to fill */
    const char *freshness;    /* Cache-Control; static */
    bool packs;               /* the client takes gzip */
};

/* Where tile `id` of the set with these bits stands; `filter` is what else chooses its content. */
struct tile_keep tile_keep_at(const struct request *request, struct tile_id id, uint32_t set,
                              uint64_t filter, const char *freshness);

/* Answers with what is kept; false: it is not. The second waits while another thread makes it, and
 * where it is false the caller must end with tile_keep_answer. */
bool tile_keep_find(const struct tile_keep *keep, const struct request *request,
                    struct response *response, struct cache *cache);
bool tile_keep_claim(const struct tile_keep *keep, const struct request *request,
                     struct response *response, struct cache *cache);

/* Keeps what the response's body holds, packed where that pays, and answers with it: 204 for an
 * empty tile. With an error in `made` nothing is kept and the error returned. */
enum err tile_keep_answer(const struct tile_keep *keep, enum err made,
                          const struct request *request, struct response *response,
                          struct cache *cache);

/* The same for a tile that is gzip already, in the response's `packed`; unpacked for who does not
 * take that. ERR_FORMAT and ERR_LIMIT where it is none or grows too large. */
enum err tile_keep_packed(const struct tile_keep *keep, enum err made,
                          const struct request *request, struct response *response,
                          struct cache *cache);

#endif
