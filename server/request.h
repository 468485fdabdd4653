/* A request as a handler sees it: plain text split into names and values, and typed getters that
 * name the bad parameter.
 *
 * Every getter returns ERR_OK and leaves `*value` alone when the parameter is absent, which makes
 * what is in `*value` the default; a malformed value is told to the request's problem. */
#ifndef YZ_SERVER_REQUEST_H
#define YZ_SERVER_REQUEST_H

#include "geo/base/arena.h"
#include "geo/space/coord.h"
#include "server/problem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    REQUEST_MAX_TARGET = 8 * 1024,
    REQUEST_MAX_HEADERS = 12 * 1024,
    REQUEST_MAX_QUERY = 32,
    REQUEST_MAX_ARGS = 6
};

enum request_method {
    REQUEST_GET,
    REQUEST_HEAD,
    REQUEST_POST,
    REQUEST_PUT,
    REQUEST_DELETE,
    REQUEST_OPTIONS,
    REQUEST_OTHER
};

/* Decoded, NUL-terminated, valid UTF-8 without control characters. */
struct request_pair {
    const char *name, *value;
};

/* Headers that something here reads; borrowed, NULL when absent. */
struct request_headers {
    const char *authorization, *content_type, *content_length, *content_encoding;
    const char *transfer_encoding, *expect;
    const char *if_match, *if_none_match, *accept, *accept_encoding, *accept_language,
        *idempotency_key, *host;
    const char *forwarded_for, *forwarded_proto, *request_method, *origin, *last_event_id;
    const char *cookie, *csrf_token, *fetch_site, *user_agent;
    const char *case_token; /* of who sent or joined a case (data/cases_sender.h) */
    const char *repeated;   /* the name of one that may stand once and stands twice */
    size_t total_bytes;
};

/* The client, as limits count: IPv4 mapped into IPv6, IPv6 cut to its /64. */
struct request_address {
    unsigned char bytes[16];
};

struct request {
    enum request_method method;
    const char *path; /* raw, without the query */
    struct request_pair query[REQUEST_MAX_QUERY], args[REQUEST_MAX_ARGS];
    size_t query_count, arg_count;
    uint64_t names; /* request_bit of each name in the query */
    struct request_headers headers;
    struct request_address address;
    const char *body;
    size_t body_len;
    struct arena *arena;     /* the request's memory */
    struct problem *problem; /* where refusals are noted */
};

enum request_method request_method(const char *name);

/* Splits a raw target ("/a/b?c=d", or the same behind "http://host") into path and decoded query,
 * in the request's arena. Too long, too many parameters, bad percent signs, bytes that are no UTF-8
 * or control characters are told to the problem. Empty parameters ("a=") are kept; a name given
 * twice is refused. */
enum err request_parse(struct request *request, const char *target);

/* Takes note of one header. */
void request_header(struct request_headers *headers, const char *name, const char *value);

/* Refuses what two readers of the same bytes could understand in two ways (RFC 9112, 6.3): a header
 * that may stand once and stands twice, a length beside chunks, a coding that nobody here undoes.
 * The connection of such a request must be closed. */
enum err request_check_framing(struct request *request);

/* Whether a refused request is to be answered before its body has come. That closes the connection,
 * and a client that does not look up while it sends may never read the answer; hence only where the
 * client waits for a word, or where more than `swallow_bytes` are coming. */
bool request_refuses_body(const struct request *request, int64_t swallow_bytes);

/* Percent-decodes `len` bytes into the arena; ERR_FORMAT for a bad sign, NUL, control characters or
 * bytes that are no UTF-8. '+' becomes a space when `plus` is set. */
enum err request_decode(struct arena *arena, const char *text, size_t len, bool plus,
                        const char **decoded);

/* One of 64 bits, by the first two letters: most names that are not there are told by theirs. */
static inline uint64_t request_bit(const char *name)
{
    unsigned first = (unsigned char)name[0], second = first ? (unsigned char)name[1] : 0;
    return UINT64_C(1) << (first * 7 + second) % 64;
}

/* The value of a query parameter, or of a part of the path; NULL when absent. */
const char *request_find(const struct request *request, const char *name); /* see request_query */
static inline const char *request_query(const struct request *request, const char *name)
{
    return request->names & request_bit(name) ? request_find(request, name) : NULL;
}
const char *request_arg(const struct request *request, const char *name);

/* Every query name is among the words of `allowed` (separated by blanks), else the problem names
 * the stranger. */
enum err request_allow(struct request *request, const char *allowed);

/* Values of query parameters. */
enum err request_int(struct request *request, const char *name, int64_t min, int64_t max,
                     int64_t *value);
/* `version` of what is to be taken away, which is owed: nobody does so to what they have not seen.
 */
enum err request_version(struct request *request, int64_t *version);
enum err request_number(struct request *request, const char *name, double min, double max,
                        double *value);
enum err request_bool(struct request *request, const char *name, bool *value);
/* The index of the value among the NULL-terminated `words`. */
enum err request_word(struct request *request, const char *name, const char *const *words,
                      int *value);
/* A part of the path as an integer; anything else is not found rather than malformed. */
enum err request_id(struct request *request, const char *name, int64_t *value);

/* Comma-separated numbers: exactly `count` of them. `*given` tells whether the parameter is there.
 */
enum err request_numbers(struct request *request, const char *name, size_t count, double *values,
                         bool *given);
/* `lon,lat`, unchecked against any range: the reference system decides that. */
enum err request_point(struct request *request, const char *name, struct coord *value, bool *given);
/* `lon,lat;lon,lat…` of at most `max` points. */
enum err request_points(struct request *request, const char *name, struct coord *values, size_t max,
                        size_t *count);

/* Splits off the next element up to `separator`; false at the end. Starts with `*rest` at the whole
 * text and sets it to NULL behind the last element. */
bool request_next(const char **rest, char separator, const char **item, size_t *len);

#endif
