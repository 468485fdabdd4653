/* A document made into a page: whatever it is, the page runs nothing. */
#include "server/api/ogc_html.h"
#include "tests/server/ogc_fixture.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* Tags have lower-case names and no attribute but these. */
static void check(const struct buf *page)
{
    static const char *const tags[] = {"<!doctype html>",
                                       "<html lang=\"en\">",
                                       "<head>",
                                       "<meta ",
                                       "<title>",
                                       "<link rel=\"stylesheet\" href=\"",
                                       "<body>",
                                       "<nav>",
                                       "<h1>",
                                       "<table>",
                                       "<table class=\"features\">",
                                       "<thead>",
                                       "<tbody>",
                                       "<tr>",
                                       "<th>",
                                       "<td>",
                                       "<ul>",
                                       "<ul class=\"links\">",
                                       "<li>",
                                       "<a href=\"",
                                       "<a rel=\"",
                                       "<small>",
                                       "<details>",
                                       "<summary>",
                                       "<code>",
                                       "</"};
    for (size_t i = 0; i < page->len; i++) {
        if (page->bytes[i] != '<') continue;
        bool known = false;
        for (size_t t = 0; t < sizeof tags / sizeof *tags && !known; t++) {
            size_t n = strlen(tags[t]);
            known = page->len - i >= n && memcmp(page->bytes + i, tags[t], n) == 0;
        }
        if (!known) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static struct ogc_fixture fixture; /* of all inputs */
    if (!fixture.places) ogc_fixture_init(&fixture, 1);
    struct request request = {.path = "/ogc/collections/places/items"};
    const struct ogc_page page = {.request = &request,
                                  .tools = &fixture.tools,
                                  .base = "http://localhost/ogc",
                                  .title = "<title>",
                                  .lang = OGC_EN};
    struct buf out;
    char *text = malloc(len + 1); /* so that reading beyond is seen */
    if (!text) return 0;
    memcpy(text, bytes, len);
    buf_init(&out, 16 << 20);
    ogc_html_write(&page, text, len, &out);
    if (!out.err) check(&out);
    buf_fini(&out);
    free(text);
    return 0;
}
