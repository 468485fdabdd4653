#include "data/import_xml.h"

#include <stdbool.h>
#include <string.h>

/* Behind the next `end`, or the end of all. */
static const char *behind(const char *at, const char *stop, const char *end)
{
    const char *found = memmem(at, (size_t)(stop - at), end, strlen(end));
    return found ? found + strlen(end) : stop;
}

static bool starts(const char *at, const char *stop, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(stop - at) >= n && memcmp(at, word, n) == 0;
}

/* Behind the ">" of a tag; `*empty`: it ends itself. A ">" within quotes is none. */
static const char *behind_tag(const char *at, const char *stop, bool *empty)
{
    char quote = '\0';
    for (; at < stop; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            break;
    }
    *empty = at < stop && at[-1] == '/';
    return at < stop ? at + 1 : stop;
}

enum err import_xml_check(const void *bytes, size_t len, struct why *why)
{
    const char *at = bytes, *stop = at + len;
    int depth = 0;
    if (memchr(bytes, '\0', len)) return err_say(why, ERR_FORMAT, "its XML is not in UTF-8");
    while (at < stop && (at = memchr(at, '<', (size_t)(stop - at)))) {
        bool empty = false;
        if (starts(at, stop, "<!--"))
            at = behind(at + 4, stop, "-->");
        else if (starts(at, stop, "<![CDATA["))
            at = behind(at, stop, "]]>");
        else if (starts(at, stop, "<?"))
            at = behind(at, stop, "?>");
        else if (starts(at, stop, "<!"))
            return err_say(why, ERR_FORMAT, "its XML declares a document type: such are not read");
        else if (starts(at, stop, "</")) {
            depth--;
            at += 2;
        } else {
            at = behind_tag(at + 1, stop, &empty);
            depth += !empty;
        }
        if (depth > IMPORT_XML_DEPTH)
            return err_say(why, ERR_LIMIT, "its XML is nested more than %d deep", IMPORT_XML_DEPTH);
    }
    return ERR_OK;
}
