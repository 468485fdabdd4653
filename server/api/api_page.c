#include "server/api/api_page.h"

#include "geo/base/text.h"

#include <string.h>

#define CURSOR "cursor=%016llx%016llx"

enum { DIGITS = 16 };

/* Two numbers as 32 hexadecimal digits: nobody shall be tempted to do sums with it. */
static bool read_cursor(const char *text, int64_t after[2])
{
    static const char hex[] = "0123456789abcdef";
    uint64_t words[2] = {0, 0};
    if (strlen(text) != (size_t)DIGITS * 2) return false;
    for (size_t i = 0; i < (size_t)DIGITS * 2; i++) {
        const char *digit = strchr(hex, text[i]);
        if (!digit) return false;
        words[i / DIGITS] = words[i / DIGITS] << 4 | (uint64_t)(digit - hex);
    }
    after[0] = (int64_t)words[0];
    after[1] = (int64_t)words[1];
    return true;
}

enum err api_page_read(struct request *request, int64_t max, struct api_page *page)
{
    const char *cursor = request_query(request, "cursor");
    *page = (struct api_page){.limit = API_PAGE_DEFAULT};
    enum err e = request_int(request, "limit", 1, max, &page->limit);
    if (e || !cursor) return e;
    page->has_cursor = true;
    if (read_cursor(cursor, page->after)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "cursor",
                       "must come from the address of a next page");
}

void api_page_encode(struct buf *out, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~,:";
    for (; *text; text++) {
        if (strchr(plain, *text))
            buf_putc(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*text);
    }
}

void api_page_query(struct buf *out, const struct request *request, const char *without)
{
    for (size_t i = 0; i < request->query_count; i++) {
        const struct request_pair *pair = &request->query[i];
        const char *rest = without, *word;
        size_t len;
        bool left_out = false;
        while (request_next(&rest, ' ', &word, &len))
            left_out = left_out || (strlen(pair->name) == len && !memcmp(word, pair->name, len));
        if (left_out) continue;
        api_page_encode(out, pair->name);
        buf_putc(out, '=');
        api_page_encode(out, pair->value);
        buf_putc(out, '&');
    }
}

void api_page_cursor(struct buf *out, int64_t a, int64_t b)
{
    buf_printf(out, CURSOR, (unsigned long long)a, (unsigned long long)b);
}

enum err api_page_later(struct arena *arena, const char *address, int64_t limit, int64_t after,
                        const char **next)
{
    *next = arena_printf(arena, "%s%climit=%lld&" CURSOR, address, strchr(address, '?') ? '&' : '?',
                         (long long)limit, (unsigned long long)after, 0ull);
    return *next ? ERR_OK : ERR_NOMEM;
}

const char *api_page_next(struct request *request, struct response *response, int64_t a, int64_t b)
{
    struct buf out;
    const char *next = NULL;
    buf_init(&out, (size_t)4 * REQUEST_MAX_TARGET);
    buf_puts(&out, request->path);
    buf_putc(&out, '?');
    api_page_query(&out, request, "cursor");
    api_page_cursor(&out, a, b);
    if (!out.err) next = arena_strndup(request->arena, out.bytes, out.len);
    buf_fini(&out);
    if (next)
        response_header(response, "Link", arena_printf(request->arena, "<%s>; rel=\"next\"", next));
    return next;
}

void api_page_write(struct jsonw *json, const char *next)
{
    jsonw_key_string(json, "next", next);
}
