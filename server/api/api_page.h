/* Lists in pages: opaque cursors, and the address of the next page (RFC 8288). */
#ifndef YZ_SERVER_API_API_PAGE_H
#define YZ_SERVER_API_API_PAGE_H

#include "server/request.h"
#include "server/response.h"

enum { API_PAGE_DEFAULT = 20, API_PAGE_MAX = 1000 };

/* A cursor is a few numbers in one word. */
struct api_page {
    int64_t limit;
    bool has_cursor;
    int64_t after[2];
};

/* Reads `limit` (1 to `max`) and `cursor`. */
enum err api_page_read(struct request *request, int64_t max, struct api_page *page);

/* The same request's address with a cursor for what follows (a, b), in the arena; also added as
 * Link. NULL when memory is out. */
const char *api_page_next(struct request *request, struct response *response, int64_t a, int64_t b);

/* The parts of such an address: text as part of a query, percent-encoded where it must be; the
 * request's parameters but those whose names are among the words of `without`, an '&' behind each;
 * and a cursor. */
void api_page_encode(struct buf *out, const char *text);
void api_page_query(struct buf *out, const struct request *request, const char *without);
void api_page_cursor(struct buf *out, int64_t a, int64_t b);

/* The address of what follows the row `after` in a list that another answer began: `address`, which
 * may have a query, with `limit` and a cursor, in the arena. */
enum err api_page_later(struct arena *arena, const char *address, int64_t limit, int64_t after,
                        const char **next);

/* Writes `"next"`; NULL is null. */
void api_page_write(struct jsonw *json, const char *next);

#endif
