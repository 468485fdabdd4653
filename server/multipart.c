#include "server/multipart.h"

#include "geo/base/text.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

struct span {
    const char *text;
    size_t len;
};

static bool span_is(struct span s, const char *word)
{
    return s.len == strlen(word) && strncasecmp(s.text, word, s.len) == 0;
}

/* Reads one `; name=value` or `; name="value"` (with \" and \\), from `*at` up to `end`. The value
 * is unescaped into `out` (size bytes). False at the end and for what is malformed. */
static bool next_parameter(const char **at, const char *end, struct span *name, char *out,
                           size_t size)
{
    const char *p = *at;
    size_t n = 0;
    while (p < end && (*p == ' ' || *p == '\t' || *p == ';'))
        p++;
    *name = (struct span){p, 0};
    while (p < end && *p != '=' && *p != ';')
        p++;
    name->len = (size_t)(p - name->text);
    if (p == end || *p != '=') return false;
    p++;
    bool quoted = p < end && *p == '"';
    if (quoted) p++;
    while (p < end && (quoted ? *p != '"' : *p != ';' && *p != ' ' && *p != '\t')) {
        if (quoted && *p == '\\' && p + 1 < end) p++;
        if (n + 1 >= size) return false;
        out[n++] = *p++;
    }
    if (quoted && p++ == end) return false;
    out[n] = '\0';
    *at = p;
    return true;
}

static enum err find_boundary(const char *content_type, char *boundary, size_t size,
                              struct why *why)
{
    static const char wanted[] = "multipart/form-data";
    struct span name;
    size_t len = content_type ? strlen(content_type) : 0, head = sizeof wanted - 1;
    if (len < head || strncasecmp(content_type, wanted, head) != 0 ||
        (content_type[head] && !strchr("; \t", content_type[head])))
        return err_say(why, ERR_UNSUPPORTED, "the body must be multipart/form-data");
    const char *at = content_type + head, *end = content_type + len;
    while (next_parameter(&at, end, &name, boundary, size))
        if (span_is(name, "boundary") && boundary[0]) return ERR_OK;
    return err_say(why, ERR_INVALID, "Content-Type has no boundary parameter of 1 to %d characters",
                   MULTIPART_MAX_BOUNDARY);
}

struct parser {
    const char *body, *end;
    char mark[MULTIPART_MAX_BOUNDARY + 5]; /* CR LF - - boundary */
    size_t mark_len;
    struct arena *arena;
    struct multipart *out;
    struct why *why;
};

static enum err take_disposition(struct parser *p, struct span value, struct multipart_part *part)
{
    const char *at = value.text, *end = value.text + value.len;
    char text[512];
    struct span name;
    while (at < end && *at != ';')
        at++;
    struct span kind = {value.text, (size_t)(at - value.text)};
    text_trim(&kind.text, &kind.len);
    if (!span_is(kind, "form-data"))
        return err_say(p->why, ERR_FORMAT, "part %zu is not form-data", p->out->count + 1);
    while (next_parameter(&at, end, &name, text, sizeof text)) {
        const char **to = span_is(name, "name")       ? &part->name
                          : span_is(name, "filename") ? &part->filename
                                                      : NULL;
        if (!to) continue;
        if (!text_utf8_valid(text, strlen(text)))
            return err_say(p->why, ERR_FORMAT, "the name of part %zu is not UTF-8",
                           p->out->count + 1);
        *to = arena_strdup(p->arena, text);
        if (!*to) return ERR_NOMEM;
    }
    return ERR_OK;
}

/* One header line of a part; `*expected` gets its Content-Length. */
static enum err take_header(struct parser *p, struct span line, struct multipart_part *part,
                            int64_t *expected)
{
    const char *colon = memchr(line.text, ':', line.len);
    if (!colon)
        return err_say(p->why, ERR_FORMAT, "part %zu has a header without a colon",
                       p->out->count + 1);
    struct span name = {line.text, (size_t)(colon - line.text)};
    struct span value = {colon + 1, line.len - name.len - 1};
    text_trim(&value.text, &value.len);
    if (span_is(name, "Content-Disposition")) return take_disposition(p, value, part);
    if (span_is(name, "Content-Type")) {
        part->type = arena_strndup(p->arena, value.text, value.len);
        return part->type ? ERR_OK : ERR_NOMEM;
    }
    if (span_is(name, "Content-Length") && !text_int(value.text, value.len, 0, INT64_MAX, expected))
        return err_say(p->why, ERR_FORMAT, "part %zu has a Content-Length that is no number",
                       p->out->count + 1);
    return ERR_OK;
}

/* The headers of a part, up to and with the empty line; `*at` moves behind it. */
static enum err take_headers(struct parser *p, const char **at, struct multipart_part *part,
                             int64_t *expected)
{
    const char *start = *at;
    for (;;) {
        size_t left = (size_t)(p->end - *at);
        const char *eol = memmem(*at, left, "\r\n", 2);
        if (!eol)
            return err_say(p->why, ERR_TRUNCATED, "the body ends in the headers of part %zu",
                           p->out->count + 1);
        if (eol - start > MULTIPART_MAX_HEADERS)
            return err_say(p->why, ERR_LIMIT, "the headers of part %zu are over %d bytes",
                           p->out->count + 1, MULTIPART_MAX_HEADERS);
        struct span line = {*at, (size_t)(eol - *at)};
        *at = eol + 2;
        if (line.len == 0) return ERR_OK;
        enum err e = take_header(p, line, part, expected);
        if (e) return e;
    }
}

/* One part; `*at` moves from behind the boundary's line break to behind the next boundary. */
static enum err take_part(struct parser *p, const char **at)
{
    struct multipart_part part = {.type = ""};
    int64_t expected = -1;
    if (p->out->count == MULTIPART_MAX_PARTS)
        return err_say(p->why, ERR_LIMIT, "the body has more than %d parts", MULTIPART_MAX_PARTS);
    enum err e = take_headers(p, at, &part, &expected);
    if (e) return e;
    if (!part.name || !part.name[0] || strlen(part.name) > MULTIPART_MAX_NAME)
        return err_say(p->why, ERR_FORMAT, "part %zu has no name of 1 to %d bytes",
                       p->out->count + 1, MULTIPART_MAX_NAME);
    /* An empty part's content is followed by the line break that ended its headers. */
    const char *from = *at - 2;
    const char *mark = memmem(from, (size_t)(p->end - from), p->mark, p->mark_len);
    if (!mark)
        return err_say(p->why, ERR_TRUNCATED, "the body ends inside of part %zu (\"%s\")",
                       p->out->count + 1, part.name);
    part.bytes = *at;
    part.len = mark < *at ? 0 : (size_t)(mark - *at);
    if (expected >= 0 && (uint64_t)expected != part.len)
        return err_say(p->why, ERR_FORMAT, "part \"%s\" says it has %lld bytes but has %zu",
                       part.name, (long long)expected, part.len);
    p->out->parts[p->out->count++] = part;
    *at = mark + p->mark_len;
    return ERR_OK;
}

/* Behind a boundary: "--" ends the body, a line break starts a part. */
static enum err after_boundary(struct parser *p, const char **at, bool *done)
{
    while (*at < p->end && (**at == ' ' || **at == '\t')) /* transport padding */
        (*at)++;
    size_t left = (size_t)(p->end - *at);
    if (left < 2) return err_say(p->why, ERR_TRUNCATED, "the body ends behind a boundary");
    *done = memcmp(*at, "--", 2) == 0;
    if (!*done && memcmp(*at, "\r\n", 2) != 0)
        return err_say(p->why, ERR_FORMAT, "a boundary is followed by something else than a line");
    *at += 2;
    return ERR_OK;
}

static enum err check_epilogue(const struct parser *p, const char *at)
{
    for (; at < p->end; at++)
        if (!strchr("\r\n \t", *at) || !*at)
            return err_say(p->why, ERR_FORMAT, "something follows the closing boundary");
    return ERR_OK;
}

enum err multipart_parse(const char *content_type, const char *body, size_t len,
                         struct arena *arena, struct multipart *out, struct why *why)
{
    struct parser p = {
        .body = body, .end = body + len, .mark = "\r\n--", .arena = arena, .out = out, .why = why};
    bool done = false;
    out->count = 0;
    enum err e = find_boundary(content_type, p.mark + 4, MULTIPART_MAX_BOUNDARY + 1, why);
    if (e) return e;
    p.mark_len = strlen(p.mark);
    if (len == 0) return err_say(why, ERR_TRUNCATED, "the body is empty");
    /* The first boundary may stand at the very start, without its line break. */
    const char *at = body;
    if (len >= p.mark_len - 2 && memcmp(body, p.mark + 2, p.mark_len - 2) == 0) {
        at += p.mark_len - 2;
    } else {
        at = memmem(body, len, p.mark, p.mark_len);
        if (!at)
            return err_say(why, ERR_FORMAT, "the boundary that Content-Type names is not there");
        at += p.mark_len;
    }
    e = after_boundary(&p, &at, &done);
    while (!e && !done) {
        e = take_part(&p, &at);
        if (!e) e = after_boundary(&p, &at, &done);
    }
    return e ? e : check_epilogue(&p, at);
}
