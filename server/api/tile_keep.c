#include "server/api/tile_keep.h"

#include "geo/base/zip.h"

/* It is packed once and sent often. */
enum { PACK_LEVEL = 6, PACK_FROM_BYTES = 200, FILTER_WORD = 3 };

static const char content_type[] = "application/vnd.mapbox-vector-tile";

struct tile_keep tile_keep_at(const struct request *request, struct tile_id id, uint32_t set,
                              uint64_t filter, const char *freshness)
{
    struct tile_keep keep = {
        .key = {{(uint64_t)id.z << 32 | set, id.x, id.y, filter}},
        .freshness = freshness,
        .packs = response_accepts(request->headers.accept_encoding, "gzip"),
    };
    keep.key.words[0] |= (uint64_t)keep.packs << 63;
    return keep;
}

static void answer_with(const struct tile_keep *keep, const struct request *request,
                        struct response *response, struct cache_entry *entry)
{
    const struct cache_answer *answer = cache_answer(entry);
    response_lend(response, content_type, answer->bytes, answer->len, answer->is_packed, entry,
                  cache_give_back);
    response_header(response, "Cache-Control", keep->freshness);
    response_header(response, "Vary", "Accept-Encoding");
    if (answer->len == 0)
        response->status = 204;
    else
        response_tagged(response, request, answer->tag);
}

bool tile_keep_find(const struct tile_keep *keep, const struct request *request,
                    struct response *response, struct cache *cache)
{
    struct cache_entry *entry = cache_find(cache, &keep->key, &keep->stamp);
    if (entry) answer_with(keep, request, response, entry);
    return entry != NULL;
}

bool tile_keep_claim(const struct tile_keep *keep, const struct request *request,
                     struct response *response, struct cache *cache)
{
    struct cache_entry *entry = cache_claim(cache, &keep->key, &keep->stamp);
    if (entry) answer_with(keep, request, response, entry);
    return entry != NULL;
}

/* The body, or as gzip if that is shorter. Without memory it goes out as it is. */
static void pack(const struct tile_keep *keep, struct response *response,
                 struct cache_answer *answer)
{
    const struct buf *body = &response->body;
    struct buf *packed = &response->packed;
    *answer = (struct cache_answer){.bytes = body->bytes, .len = body->len};
    response_tag(body->len ? body->bytes : "", body->len, answer->tag);
    if (!keep->packs || body->len < PACK_FROM_BYTES) return;
    if (zip_gzip(body->bytes, body->len, PACK_LEVEL, packed) || packed->len >= body->len) return;
    answer->bytes = packed->bytes;
    answer->len = packed->len;
    answer->is_packed = true;
}

static enum err keep_it(const struct tile_keep *keep, enum err made,
                        const struct cache_answer *answer, const struct request *request,
                        struct response *response, struct cache *cache)
{
    struct cache_entry *entry = cache_fulfil(cache, &keep->key, &keep->stamp, made ? NULL : answer);
    if (made) return made;
    if (!entry) return ERR_NOMEM;
    answer_with(keep, request, response, entry);
    return ERR_OK;
}

enum err tile_keep_answer(const struct tile_keep *keep, enum err made,
                          const struct request *request, struct response *response,
                          struct cache *cache)
{
    struct cache_answer answer;
    if (!made && response->body.err) made = response->body.err;
    if (!made) pack(keep, response, &answer);
    return keep_it(keep, made, &answer, request, response, cache);
}

/* The tag is of what is stored, so that it is the same for both. */
static enum err unpack(const struct tile_keep *keep, struct response *response,
                       struct cache_answer *answer)
{
    const struct buf *packed = &response->packed;
    struct buf *body = &response->body;
    *answer = (struct cache_answer){
        .bytes = packed->bytes, .len = packed->len, .is_packed = packed->len > 0};
    response_tag(packed->len ? packed->bytes : "", packed->len, answer->tag);
    if (keep->packs || packed->len == 0) return ERR_OK;
    enum err e = zip_gunzip(packed->bytes, packed->len, body);
    answer->bytes = body->bytes;
    answer->len = body->len;
    answer->is_packed = false;
    return e;
}

enum err tile_keep_packed(const struct tile_keep *keep, enum err made,
                          const struct request *request, struct response *response,
                          struct cache *cache)
{
    struct cache_answer answer = {.len = 0};
    if (!made && response->packed.err) made = response->packed.err;
    if (!made) made = unpack(keep, response, &answer);
    return keep_it(keep, made, &answer, request, response, cache);
}
