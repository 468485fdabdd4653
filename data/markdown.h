/* libcmark's door: what staff write in Markdown (CommonMark 0.30) as HTML that may stand in a page.
 *
 * Raw HTML is gone. A link leads to http or https or to a picture of ours; of any other its words
 * are left. An image is a picture of ours that the text may show; of any other its description is
 * left, so that nobody learns who reads. */
#ifndef YZ_DATA_MARKDOWN_H
#define YZ_DATA_MARKDOWN_H

#include "data/secrets.h"
#include "geo/base/buf.h"
#include "geo/base/err.h"

#include <stdbool.h>

enum {
    MARKDOWN_MAX = 20000, /* characters of a text: what is worst to parse takes some milliseconds */
    MARKDOWN_DEPTH = 32   /* of lists, quotations and emphasis within each other */
};

/* Whether a text can be taken: ERR_LIMIT with a sentence where it is longer, or nests deeper. */
enum err markdown_check(const char *text, size_t len, struct why *why);

/* Which pictures a text may show; `id` is a public one. NULL: none. */
struct markdown_pictures {
    bool (*may)(const void *user, const char *id);
    const void *user;
};

/* Appends a text as HTML. */
enum err markdown_html(const char *text, size_t len, const struct markdown_pictures *pictures,
                       struct buf *html);

/* Appends the words of it alone, in one line, at most `max` characters; where more follow, the last
 * is "…". */
enum err markdown_words(const char *text, size_t len, size_t max, struct buf *words);

/* Whether an address is one of http or https with a host, of visible ASCII characters. */
bool markdown_is_web(const char *url);

#endif
