#include "server/request.h"

#include "geo/base/text.h"

#include <string.h>
#include <strings.h>

enum request_method request_method(const char *name)
{
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0) return (enum request_method)i;
    return REQUEST_OTHER;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* High bits where a byte of `word` does not stand for itself: controls, '%', '+', DEL, and what is
 * not ASCII. The lowest is right; above it a borrow may have set others. */
static uint64_t not_simple(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
    uint64_t percent = word ^ ones * '%', plus = word ^ ones * '+', del = word ^ ones * 0x7f;
    return (word | (word - ones * 0x20) | (percent - ones) | (plus - ones) | (del - ones)) & high;
}

static bool is_simple(const char *text, size_t len)
{
    uint64_t word;
    for (; len >= sizeof word; text += sizeof word, len -= sizeof word) {
        memcpy(&word, text, sizeof word);
        if (not_simple(word)) return false;
    }
    word = UINT64_C(0x0101010101010101) * 'a';
    memcpy(&word, text, len);
    return !not_simple(word);
}

/* Decodes in place and ends the text; false where it is malformed. */
static bool decode(char *text, size_t len, bool plus)
{
    size_t n = 0;
    if (is_simple(text, len)) { /* as nearly all is */
        text[len] = '\0';
        return true;
    }
    for (size_t i = 0; i < len; i++) {
        char c = text[i];
        if (c == '%') {
            int high = i + 1 < len ? hex_value(text[i + 1]) : -1;
            int low = i + 2 < len ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return false;
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if ((unsigned char)c < 0x20 || c == 0x7f) return false;
        text[n++] = c;
    }
    text[n] = '\0';
    return text_utf8_valid(text, n);
}

enum err request_decode(struct arena *arena, const char *text, size_t len, bool plus,
                        const char **decoded)
{
    char *copy = arena_strndup(arena, text, len);
    if (!copy) return ERR_NOMEM;
    if (!decode(copy, len, plus)) return ERR_FORMAT;
    *decoded = copy;
    return ERR_OK;
}

bool request_next(const char **rest, char separator, const char **item, size_t *len)
{
    if (!*rest) return false;
    const char *end = strchr(*rest, separator);
    *item = *rest;
    *len = end ? (size_t)(end - *rest) : strlen(*rest);
    *rest = end ? end + 1 : NULL;
    return true;
}

void request_header(struct request_headers *h, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **to;
        bool once; /* the others are lists, or hints */
    } wanted[] = {{"Authorization", &h->authorization, true},
                  {"Content-Type", &h->content_type, true},
                  {"Content-Length", &h->content_length, true},
                  {"Content-Encoding", &h->content_encoding, false},
                  {"Transfer-Encoding", &h->transfer_encoding, true},
                  {"Expect", &h->expect, false},
                  {"If-Match", &h->if_match, true},
                  {"If-None-Match", &h->if_none_match, false},
                  {"Accept", &h->accept, false},
                  {"Accept-Encoding", &h->accept_encoding, false},
                  {"Accept-Language", &h->accept_language, false},
                  {"Idempotency-Key", &h->idempotency_key, true},
                  {"Host", &h->host, true},
                  {"Last-Event-ID", &h->last_event_id, true},
                  {"Case-Token", &h->case_token, true},
                  {"Origin", &h->origin, false},
                  {"X-Forwarded-For", &h->forwarded_for, false},
                  {"X-Forwarded-Proto", &h->forwarded_proto, false},
                  {"Cookie", &h->cookie, true},
                  {"X-CSRF-Token", &h->csrf_token, true},
                  {"Sec-Fetch-Site", &h->fetch_site, true},
                  {"User-Agent", &h->user_agent, false},
                  {"Access-Control-Request-Method", &h->request_method, false}};
    h->total_bytes += strlen(name) + strlen(value) + 4;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        if ((name[0] | 32) != (wanted[i].name[0] | 32) || strcasecmp(name, wanted[i].name) != 0)
            continue;
        if (*wanted[i].to && wanted[i].once) h->repeated = wanted[i].name;
        *wanted[i].to = value;
    }
}

enum err request_check_framing(struct request *request)
{
    const struct request_headers *h = &request->headers;
    if (h->repeated)
        return problem_say(request->problem, PROBLEM_PARAMETER, h->repeated, "it was given twice");
    if (!h->transfer_encoding) return ERR_OK;
    if (strcasecmp(h->transfer_encoding, "chunked") != 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, "Transfer-Encoding",
                           "only chunked is taken");
    if (!h->content_length) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, "Content-Length",
                       "cannot be given together with Transfer-Encoding");
}

bool request_refuses_body(const struct request *request, int64_t swallow_bytes)
{
    const struct request_headers *h = &request->headers;
    int64_t bytes = INT64_MAX;
    bool has_body =
        h->transfer_encoding || (h->content_length && strcmp(h->content_length, "0") != 0);
    if (!request->problem->kind || !has_body) return false;
    if (h->expect) return true;
    if (!h->content_length) return false; /* it is cut off as it comes */
    (void)text_int(h->content_length, strlen(h->content_length), 0, INT64_MAX, &bytes);
    return bytes > swallow_bytes;
}

/* The target without scheme and host, which clients of a proxy send (RFC 9112, 3.2.2). */
static const char *drop_origin(const char *target)
{
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(schemes[i]);
        if (strncasecmp(target, schemes[i], n) != 0) continue;
        const char *rest = strpbrk(target + n, "/?");
        return rest ? rest : "/";
    }
    return target;
}

/* Takes a pair, which is cut out of its text and decoded there. */
static enum err add_pair(struct request *request, char *text, size_t len)
{
    char *equals = memchr(text, '=', len);
    size_t name_len = equals ? (size_t)(equals - text) : len;
    if (len == 0) return ERR_OK;
    if (request->query_count == REQUEST_MAX_QUERY)
        return problem_say(request->problem, PROBLEM_PARAMETER, NULL,
                           "more than %d parameters were given", REQUEST_MAX_QUERY);
    if (name_len == 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, NULL,
                           "a parameter in the address has no name");
    struct request_pair pair = {text, equals ? equals + 1 : ""};
    if (!decode(text, name_len, true) || (equals && !decode(equals + 1, len - name_len - 1, true)))
        return problem_say(request->problem, PROBLEM_TARGET, NULL,
                           "the query holds a broken percent sign, a control character or bytes "
                           "that are not UTF-8");
    if (request_query(request, pair.name))
        return problem_say(request->problem, PROBLEM_PARAMETER, pair.name, "it was given twice");
    request->query[request->query_count++] = pair;
    request->names |= request_bit(pair.name);
    return ERR_OK;
}

static enum err parse_query(struct request *request, const char *text)
{
    char *query = arena_strdup(request->arena, text);
    if (!query) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    for (char *end; query; query = end ? end + 1 : NULL) {
        end = strchr(query, '&');
        enum err e = add_pair(request, query, end ? (size_t)(end - query) : strlen(query));
        if (e) return e;
    }
    return ERR_OK;
}

enum err request_parse(struct request *request, const char *target)
{
    target = drop_origin(target);
    size_t len = strnlen(target, REQUEST_MAX_TARGET + 1);
    const char *mark = memchr(target, '?', len);
    size_t path_len = mark ? (size_t)(mark - target) : len;
    request->path = "";
    if (len > REQUEST_MAX_TARGET)
        return problem_say(request->problem, PROBLEM_TARGET_LONG, NULL,
                           "an address may have %d bytes", REQUEST_MAX_TARGET);
    if (!strchr("/?*", target[0]))
        return problem_say(request->problem, PROBLEM_TARGET, NULL,
                           "an address begins with a slash");
    const char *path = path_len ? arena_strndup(request->arena, target, path_len) : "/";
    if (!path) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    request->path = path;
    return mark ? parse_query(request, mark + 1) : ERR_OK;
}

static const char *find(const struct request_pair *pairs, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) /* most names differ in their first letter */
        if (pairs[i].name[0] == name[0] && strcmp(pairs[i].name, name) == 0) return pairs[i].value;
    return NULL;
}

const char *request_find(const struct request *request, const char *name)
{
    return find(request->query, request->query_count, name);
}

const char *request_arg(const struct request *request, const char *name)
{
    return find(request->args, request->arg_count, name);
}

static bool is_listed(const char *name, const char *words)
{
    size_t len = strlen(name);
    for (const char *at = words; len && (at = strstr(at, name)) != NULL; at += len)
        if ((at == words || at[-1] == ' ') && (at[len] == ' ' || !at[len])) return true;
    return false;
}

enum err request_allow(struct request *request, const char *allowed)
{
    allowed += strspn(allowed, " ");
    for (size_t i = 0; i < request->query_count; i++) {
        const char *name = request->query[i].name;
        if (strchr(name, ' ') || !is_listed(name, allowed))
            return problem_say(request->problem, PROBLEM_PARAMETER, name,
                               "unknown parameter; known here: %s", allowed[0] ? allowed : "none");
    }
    return ERR_OK;
}

enum err request_int(struct request *request, const char *name, int64_t min, int64_t max,
                     int64_t *value)
{
    const char *text = request_query(request, name);
    if (!text || text_int(text, strlen(text), min, max, value)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be a whole number from %lld to %lld", (long long)min, (long long)max);
}

enum err request_version(struct request *request, int64_t *version)
{
    *version = 0;
    enum err e = request_int(request, "version", 1, INT64_MAX, version);
    if (e || *version) return e;
    return problem_say(request->problem, PROBLEM_PARAMETER, "version",
                       "is owed: the version that you saw");
}

enum err request_number(struct request *request, const char *name, double min, double max,
                        double *value)
{
    const char *text = request_query(request, name);
    double number;
    if (!text) return ERR_OK;
    if (!text_double(text, strlen(text), &number) || number < min || number > max)
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "must be a number from %g to %g", min, max);
    *value = number;
    return ERR_OK;
}

enum err request_bool(struct request *request, const char *name, bool *value)
{
    const char *text = request_query(request, name);
    if (!text) return ERR_OK;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
        return problem_say(request->problem, PROBLEM_PARAMETER, name, "must be true or false");
    *value = text[0] == 't';
    return ERR_OK;
}

enum err request_word(struct request *request, const char *name, const char *const *words,
                      int *value)
{
    const char *text = request_query(request, name);
    char known[160] = "";
    size_t used = 0;
    if (!text) return ERR_OK;
    for (int i = 0; words[i]; i++) {
        if (strcmp(text, words[i]) == 0) {
            *value = i;
            return ERR_OK;
        }
        for (const char *c = i ? " " : ""; *c && used + 1 < sizeof known; c++)
            known[used++] = *c;
        for (const char *c = words[i]; *c && used + 1 < sizeof known; c++)
            known[used++] = *c;
        known[used] = '\0';
    }
    return problem_say(request->problem, PROBLEM_PARAMETER, name, "must be one of: %s", known);
}

enum err request_id(struct request *request, const char *name, int64_t *value)
{
    const char *text = request_arg(request, name);
    if (text && text_int(text, strlen(text), 1, INT64_MAX, value)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_NOT_FOUND, name, "there is nothing of this id");
}

/* Exactly `count` numbers between commas. */
static bool read_numbers(const char *text, size_t len, size_t count, double *values)
{
    for (size_t i = 0; i < count; i++) {
        const char *comma = i + 1 < count ? memchr(text, ',', len) : text + len;
        if (!comma || !text_double(text, (size_t)(comma - text), &values[i])) return false;
        if (i + 1 == count) break;
        len -= (size_t)(comma + 1 - text);
        text = comma + 1;
    }
    return true;
}

enum err request_numbers(struct request *request, const char *name, size_t count, double *values,
                         bool *given)
{
    const char *text = request_query(request, name);
    *given = text != NULL;
    if (!text || read_numbers(text, strlen(text), count, values)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER, name,
                       "must be %zu numbers separated by commas", count);
}

enum err request_point(struct request *request, const char *name, struct coord *value, bool *given)
{
    const char *text = request_query(request, name);
    double numbers[2];
    *given = text != NULL;
    if (!text) return ERR_OK;
    if (!read_numbers(text, strlen(text), 2, numbers))
        return problem_say(request->problem, PROBLEM_PARAMETER, name,
                           "must be longitude,latitude in decimal degrees, like 116.3661,39.9123");
    *value = (struct coord){numbers[0], numbers[1]};
    return ERR_OK;
}

enum err request_points(struct request *request, const char *name, struct coord *values, size_t max,
                        size_t *count)
{
    const char *rest = request_query(request, name), *item;
    double numbers[2];
    size_t n = 0, len;
    while (request_next(&rest, ';', &item, &len)) {
        if (n == max)
            return problem_say(request->problem, PROBLEM_PARAMETER, name,
                               "there may be at most %zu points", max);
        if (!read_numbers(item, len, 2, numbers))
            return problem_say(request->problem, PROBLEM_PARAMETER, name,
                               "point %zu must be longitude,latitude in decimal degrees", n + 1);
        values[n++] = (struct coord){numbers[0], numbers[1]};
    }
    *count = n;
    return ERR_OK;
}
