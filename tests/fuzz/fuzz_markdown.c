#include "data/markdown.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool every(const void *user, const char *id)
{
    return !user && secrets_is_public_id(id);
}

/* Each tag is one that the writer of HTML makes of itself, and each address one that may be. */
static void judge_tag(const char *tag)
{
    static const char *const safe[] = {"p>",
                                       "h1>",
                                       "h2>",
                                       "h3>",
                                       "h4>",
                                       "h5>",
                                       "h6>",
                                       "ul>",
                                       "ol>",
                                       "ol start=\"",
                                       "li>",
                                       "em>",
                                       "strong>",
                                       "code>",
                                       "pre>",
                                       "br />",
                                       "hr />",
                                       "blockquote>",
                                       "a>",
                                       "a href=\"http://",
                                       "a href=\"https://",
                                       "a href=\"/v1/pictures/",
                                       "img src=\"/v1/pictures/"};
    char lower[32] = "";
    if (*tag == '/') tag++;
    for (size_t i = 0; i < sizeof lower - 1 && tag[i]; i++)
        lower[i] = (char)(tag[i] >= 'A' && tag[i] <= 'Z' ? tag[i] + 32 : tag[i]);
    for (size_t i = 0; i < sizeof safe / sizeof *safe; i++)
        if (strncmp(lower, safe[i], strlen(safe[i])) == 0) return;
    __builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const struct markdown_pictures pictures = {every, NULL};
    struct why why = {""};
    struct buf html;
    if (len > MARKDOWN_MAX) return 0;
    buf_init(&html, 1 << 24);
    (void)markdown_check((const char *)bytes, len, &why);
    if (markdown_html((const char *)bytes, len, &pictures, &html) == ERR_OK) {
        buf_putc(&html, '\0');
        for (const char *at = html.bytes; (at = strchr(at, '<')); at++)
            judge_tag(at + 1);
    }
    html.len = 0;
    (void)markdown_words((const char *)bytes, len, 100, &html);
    buf_fini(&html);
    return 0;
}
