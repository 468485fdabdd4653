#include "server/response.h"

#include "geo/base/text.h"
#include "geo/base/zip.h"

#include <assert.h>
#include <string.h>

enum { KEEP_BYTES = 256 * 1024, PACK_FROM_BYTES = 1400, PACK_LEVEL = 1 };

void response_init(struct response *response)
{
    *response = (struct response){0};
    buf_init(&response->body, RESPONSE_MAX_BODY);
    buf_init(&response->packed, RESPONSE_MAX_BODY);
}

static void give_back(struct response *response)
{
    if (response->lent) response->give_back(response->lent);
    response->lent = NULL;
}

void response_fini(struct response *response)
{
    give_back(response);
    buf_fini(&response->body);
    buf_fini(&response->packed);
}

static void shrink(struct buf *buf)
{
    if (buf->size > KEEP_BYTES) {
        buf_fini(buf);
        buf_init(buf, RESPONSE_MAX_BODY);
    }
    buf_reset(buf);
}

void response_reset(struct response *response)
{
    give_back(response);
    struct buf body = response->body, packed = response->packed;
    shrink(&body);
    shrink(&packed);
    *response = (struct response){.body = body, .packed = packed};
}

struct jsonw *response_json(struct response *response)
{
    response->content_type = "application/json";
    jsonw_init(&response->json, &response->body);
    return &response->json;
}

void response_tree(struct response *response, bool is_xml, struct tree *tree)
{
    response->content_type = tree_type(is_xml);
    tree_begin(tree, is_xml, &response->body);
}

void response_header(struct response *response, const char *name, const char *value)
{
    assert(response->header_count < RESPONSE_MAX_HEADERS);
    if (!value) return; /* memory ran out: the answer is right without it */
    response->headers[response->header_count++] = (struct response_header){name, value};
}

void response_borrow(struct response *response, const char *content_type, const char *bytes,
                     size_t len, bool packed)
{
    response->content_type = content_type;
    response->bytes = bytes;
    response->len = len;
    response->borrowed = true;
    response->is_packed = packed;
}

void response_lend(struct response *response, const char *content_type, const char *bytes,
                   size_t len, bool packed, void *lent, void (*back)(void *lent))
{
    give_back(response);
    response_borrow(response, content_type, bytes, len, packed);
    response->lent = lent;
    response->give_back = back;
}

void response_follow(struct response *response, const char *content_type,
                     struct response_stream *stream, void *lent, void (*back)(void *lent))
{
    response_lend(response, content_type, "", 0, false, lent, back);
    response->stream = stream;
    response->no_etag = true;
    response_header(response, "Cache-Control", "no-store");
    response_header(response, "X-Accel-Buffering", "no"); /* proxies shall pass on each bit */
}

/* Whether the parameters behind a list element say "q=0". */
static bool refused(const char *item, size_t len)
{
    const char *q = memchr(item, ';', len);
    if (!q) return false;
    size_t rest = len - (size_t)(q - item) - 1;
    const char *text = q + 1;
    double quality = 1;
    text_trim(&text, &rest);
    if (rest < 3 || text[0] != 'q' || text[1] != '=') return false;
    return text_double(text + 2, rest - 2, &quality) && quality <= 0;
}

bool response_accepts(const char *header, const char *word)
{
    const char *item;
    size_t len, word_len = strlen(word);
    while (request_next(&header, ',', &item, &len)) {
        text_trim(&item, &len);
        const char *end = memchr(item, ';', len);
        size_t name_len = end ? (size_t)(end - item) : len;
        while (name_len && item[name_len - 1] == ' ')
            name_len--;
        if (name_len == word_len && strncasecmp(item, word, word_len) == 0)
            return !refused(item, len);
    }
    return false;
}

bool response_tag_matches(const char *if_none_match, const char *tag)
{
    const char *item;
    size_t len;
    if (tag[0] == 'W') tag += 2;
    while (request_next(&if_none_match, ',', &item, &len)) {
        text_trim(&item, &len);
        if (len == 1 && item[0] == '*') return true;
        if (len > 2 && item[0] == 'W' && item[1] == '/') item += 2, len -= 2;
        if (len == strlen(tag) && memcmp(item, tag, len) == 0) return true;
    }
    return false;
}

void response_tagged(struct response *response, const struct request *request, const char *tag)
{
    response->no_etag = true;
    response_header(response, "ETag", tag);
    if (!response_tag_matches(request->headers.if_none_match, tag)) return;
    response->status = 304;
    response->len = 0;
    response->is_packed = false;
}

static uint64_t fold(uint64_t hash, const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    hash = (hash ^ word) * 0xd6e8feb86659fd93u;
    return hash ^ (hash >> 32);
}

/* A 64-bit fingerprint: multiply and fold, as in wyhash (public domain), in four lanes that do not
 * wait for each other; kept simple because nobody gains anything from a collision with their own
 * cache. */
static uint64_t fingerprint(const char *bytes, size_t len)
{
    char rest[32] = {0};
    uint64_t a = 0x9e3779b97f4a7c15u ^ len, b = a + 1, c = a + 2, d = a + 3;
    for (; len >= sizeof rest; bytes += sizeof rest, len -= sizeof rest) {
        a = fold(a, bytes);
        b = fold(b, bytes + 8);
        c = fold(c, bytes + 16);
        d = fold(d, bytes + 24);
    }
    memcpy(rest, bytes, len);
    a = fold(a, rest), b = fold(b, rest + 8), c = fold(c, rest + 16), d = fold(d, rest + 24);
    const uint64_t lanes[] = {b, c, d};
    for (size_t i = 0; i < 3; i++)
        a = fold(a, (const char *)&lanes[i]);
    return a ^ (a >> 29);
}

void response_tag(const char *bytes, size_t len, char tag[24])
{
    static const char hex[] = "0123456789abcdef";
    uint64_t hash = fingerprint(bytes, len);
    memcpy(tag, "W/\"0123456789abcdef\"", 21);
    for (int i = 18; i > 2; i--, hash >>= 4)
        tag[i] = hex[hash & 15];
}

/* In the format that was asked for, also where nothing is at that address. */
static void write_open311(struct response *response, const struct request *request)
{
    static const char xml[] = ".xml";
    size_t len = request->path ? strlen(request->path) : 0, tail = sizeof xml - 1;
    struct tree tree;
    response_tree(response, len > tail && strcmp(request->path + len - tail, xml) == 0, &tree);
    problem_write_tree(request->problem, &tree);
}

static void finish_problem(struct response *response, const struct request *request,
                           enum problem_shape shape, const char *instance)
{
    const struct problem *problem = request->problem;
    size_t kept = 0;
    for (size_t i = 0; i < response->header_count; i++) /* those of limits, not of the content */
        if (strncmp(response->headers[i].name, "RateLimit", 9) == 0)
            response->headers[kept++] = response->headers[i];
    response->header_count = kept;
    buf_reset(&response->body);
    if (shape == PROBLEM_OPEN311)
        write_open311(response, request);
    else
        problem_write(problem, shape, instance, response_json(response));
    if (shape == PROBLEM_JSON) response->content_type = "application/problem+json";
    response->status = problem_status(problem, shape);
    response->borrowed = response->is_packed = false;
    response->no_etag = true;
    response->stream = NULL;
    if (problem->retry_after_s)
        response_header(response, "Retry-After",
                        arena_printf(request->arena, "%u", problem->retry_after_s));
    if (problem->allow) response_header(response, "Allow", problem->allow);
    if (response->status == 401) response_header(response, "WWW-Authenticate", "Bearer");
    response_header(response, "Cache-Control", "no-store");
}

static bool is_text(const char *content_type)
{
    static const char *const kinds[] = {"application/json",
                                        "application/geo+json",
                                        "application/problem+json",
                                        "application/schema+json",
                                        "application/vnd.oai.openapi+json",
                                        "text/",
                                        "application/vnd.mapbox-vector-tile"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strncmp(content_type, kinds[i], strlen(kinds[i])) == 0) return true;
    return false;
}

static bool may_pack(const struct response *response)
{
    return !response->borrowed && response->len >= PACK_FROM_BYTES && response->content_type &&
           is_text(response->content_type);
}

/* `W/"hash"` as a strong tag behind its stem. What goes out packed are other bytes, and has another
 * tag (RFC 9110, 8.8.3.3). */
static const char *strong_tag(const struct response *response, const struct request *request,
                              const char *weak)
{
    bool packs = may_pack(response) && response_accepts(request->headers.accept_encoding, "gzip");
    return arena_printf(request->arena, "\"%s-%.16s%s\"", response->tag_stem, weak + 3,
                        packs ? "-gz" : "");
}

/* Adds the tag; true when the client has this content already. */
static bool is_known(struct response *response, const struct request *request)
{
    char tag[24];
    if (response->status != 200 || response->no_etag) return false;
    if (request->method != REQUEST_GET && request->method != REQUEST_HEAD) return false;
    response_tag(response->bytes, response->len, tag);
    const char *kept =
        response->tag_stem ? strong_tag(response, request, tag) : arena_strdup(request->arena, tag);
    response_header(response, "ETag", kept);
    return kept && response_tag_matches(request->headers.if_none_match, kept);
}

static void pack(struct response *response, const struct request *request)
{
    if (!may_pack(response)) return;
    response_header(response, "Vary", "Accept-Encoding");
    if (!response_accepts(request->headers.accept_encoding, "gzip")) return;
    if (zip_gzip(response->bytes, response->len, PACK_LEVEL, &response->packed)) return;
    if (response->packed.len >= response->len) return;
    response->bytes = response->packed.bytes;
    response->len = response->packed.len;
    response->is_packed = true;
}

void response_finish(struct response *response, const struct request *request,
                     enum problem_shape shape, const char *instance)
{
    if (!request->problem->kind && response->body.err)
        (void)problem_from_err(request->problem, response->body.err, NULL);
    if (request->problem->kind) finish_problem(response, request, shape, instance);
    if (!response->status) response->status = 200;
    if (!response->borrowed) {
        response->bytes = response->body.len ? response->body.bytes : "";
        response->len = response->body.len;
    }
    if (is_known(response, request)) {
        response->status = 304;
        response->len = 0;
        return;
    }
    pack(response, request);
    if (response->is_packed) response_header(response, "Content-Encoding", "gzip");
}
