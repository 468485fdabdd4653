/* An answer being made: a handler writes its body, and perhaps a header; what is the same for all
 * answers (errors, ETag, 304, gzip) happens here, once. */
#ifndef YZ_SERVER_RESPONSE_H
#define YZ_SERVER_RESPONSE_H

#include "geo/base/jsonw.h"
#include "server/request.h"
#include "server/tree.h"

enum { RESPONSE_MAX_HEADERS = 16, RESPONSE_MAX_BODY = 64 * 1024 * 1024 };

struct response_header {
    const char *name, *value; /* static, or in the request's arena */
};

/* An answer that goes on: what is to be sent is asked for bit by bit, and between two bits the
 * connection waits without a thread. `read` and `rest` are called by the connection's event loop,
 * one at a time; `wake` is the connection's and may be called from any thread, once for each
 * `rest` and not before it. */
enum response_next { RESPONSE_SEND, RESPONSE_REST, RESPONSE_END };
struct response_stream {
    /* Puts `*count` bytes, at most `room` and at least one where it returns RESPONSE_SEND. */
    enum response_next (*read)(struct response_stream *stream, char *to, size_t room,
                               size_t *count);
    void (*rest)(struct response_stream *stream);
    void (*wake)(void *connection);
    void *connection;
};

/* Belongs to one connection, whose requests reuse its memory. */
struct response {
    int status;               /* a handler leaves 0 for 200 */
    const char *content_type; /* static */
    struct response_header headers[RESPONSE_MAX_HEADERS];
    size_t header_count;
    struct buf body, packed; /* as written; as gzip */
    struct jsonw json;       /* over `body` */
    const char *bytes;       /* what goes out: body, packed, or borrowed for ever */
    size_t len;
    bool borrowed, no_etag, is_packed;
    const char
        *tag_stem; /* of a strong tag: what it begins with, before the content's; NULL: weak */
    struct response_stream *stream; /* what the body is read from instead of `bytes` */
    void *lent; /* what `bytes` or `stream` belong to; given back when the answer is out */
    void (*give_back)(void *lent);
};

void response_init(struct response *response);
void response_fini(struct response *response);

/* For the next request: empty, with memory kept up to some size. */
void response_reset(struct response *response);

/* The JSON writer over the body; sets the content type `application/json`. */
struct jsonw *response_json(struct response *response);

/* A tree over the body, as XML or as JSON, with the content type of either. */
void response_tree(struct response *response, bool is_xml, struct tree *tree);

/* Adds a header; beyond RESPONSE_MAX_HEADERS it is a bug. */
void response_header(struct response *response, const char *name, const char *value);

/* Answers with bytes that outlive the connection; `packed` says they are gzip already. */
void response_borrow(struct response *response, const char *content_type, const char *bytes,
                     size_t len, bool packed);

/* The same with bytes of something that is held: `give_back(lent)` is called, once and from any
 * thread, when they are not needed any more. */
void response_lend(struct response *response, const char *content_type, const char *bytes,
                   size_t len, bool packed, void *lent, void (*give_back)(void *lent));

/* Answers with what a stream has to say, until its end. It belongs to `lent`: nothing of it is
 * called any more once that has been given back. */
void response_follow(struct response *response, const char *content_type,
                     struct response_stream *stream, void *lent, void (*give_back)(void *lent));

/* Names the tag of a borrowed answer, which is known already and has to live as long as the
 * request; answers 304 where the client has it. */
void response_tagged(struct response *response, const struct request *request, const char *tag);

/* Makes the answer ready to send: a noted problem replaces whatever was written; else ETag and 304
 * for GET, and gzip where the client takes it and it pays. `instance` is the request's id. */
void response_finish(struct response *response, const struct request *request,
                     enum problem_shape shape, const char *instance);

/* Whether a comma-separated header lists `word`, with a quality above 0. NULL lists nothing. */
bool response_accepts(const char *header, const char *word);

/* Whether an If-None-Match header names this tag (weak comparison, RFC 9110 section 8.8.3.2). */
bool response_tag_matches(const char *if_none_match, const char *tag);

/* A weak tag for these bytes, in quotes, into `tag`. */
void response_tag(const char *bytes, size_t len, char tag[24]);

#endif
