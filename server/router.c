#include "server/router.h"

#include "geo/base/text.h"
#include "server/form.h"

#include <string.h>
#include <strings.h>

static const char *const method_names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};

/* One segment against its pattern; a parameter's value is decoded into the next arg. */
static enum err fit_segment(struct request *request, const char *pattern, size_t pattern_len,
                            const char *text, size_t len, bool *fits)
{
    *fits = false;
    if (pattern_len == 0 || pattern[0] != '{') {
        *fits = pattern_len == len && memcmp(pattern, text, len) == 0;
        return ERR_OK;
    }
    const char *brace = memchr(pattern, '}', pattern_len);
    size_t name_len = (size_t)(brace - pattern) - 1, tail = pattern_len - name_len - 2;
    if (len <= tail || memcmp(text + len - tail, brace + 1, tail) != 0) return ERR_OK;
    struct request_pair *arg = &request->args[request->arg_count];
    arg->name = arena_strndup(request->arena, pattern + 1, name_len);
    if (!arg->name) return ERR_NOMEM;
    enum err e = request_decode(request->arena, text, len - tail, false, &arg->value);
    if (e) return e;
    request->arg_count++;
    *fits = true;
    return ERR_OK;
}

static enum err fit(struct request *request, const char *pattern, bool *fits)
{
    const char *path = request->path, *want, *have;
    size_t want_len, have_len;
    request->arg_count = 0;
    *fits = pattern[0] == '*';
    if (*fits || path[0] != '/') return ERR_OK;
    pattern++, path++;
    while (request_next(&pattern, '/', &want, &want_len)) {
        *fits = false;
        if (!request_next(&path, '/', &have, &have_len)) return ERR_OK;
        enum err e = fit_segment(request, want, want_len, have, have_len, fits);
        if (e || !*fits) return e;
    }
    *fits = path == NULL;
    return ERR_OK;
}

static bool method_fits(const struct router_rule *rule, enum request_method method)
{
    return rule->method == method || (rule->method == REQUEST_GET && method == REQUEST_HEAD);
}

/* "GET, HEAD, OPTIONS" */
static const char *allow_text(struct arena *arena, unsigned methods)
{
    const char *text = "OPTIONS";
    for (int i = REQUEST_DELETE; i >= REQUEST_GET && text; i--)
        if (methods & (1u << i)) text = arena_printf(arena, "%s, %s", method_names[i], text);
    return text;
}

static void refuse(struct request *request, unsigned methods, const char **allow)
{
    if (!methods) {
        problem_tell(request->problem, PROBLEM_NOT_FOUND, NULL, "there is nothing here");
        return;
    }
    *allow = allow_text(request->arena, methods);
    if (request->method == REQUEST_OPTIONS) return;
    request->problem->allow = *allow;
    problem_tell(request->problem, PROBLEM_METHOD, NULL, "offered here: %s", *allow ? *allow : "");
}

/* The first rule with the same first segment; NULL for none. */
static const struct router_rule *first_rule(const struct router_rule *rules, size_t count,
                                            const char *path)
{
    size_t len = path[0] == '/' ? 1 + strcspn(path + 1, "/") : 0;
    for (size_t i = 0; len > 1 && i < count; i++)
        if (strncmp(rules[i].pattern, path, len) == 0 &&
            (rules[i].pattern[len] == '/' || !rules[i].pattern[len]))
            return &rules[i];
    return NULL;
}

const struct router_rule *router_find(const struct router_rule *rules, size_t count,
                                      struct request *request, const char **allow)
{
    unsigned methods = 0;
    for (size_t i = 0; i < count; i++) {
        bool fits, catches_all = rules[i].pattern[0] == '*';
        /* The path exists, for other methods; or it lies where the API has its addresses. */
        if (catches_all && (methods || first_rule(rules, count, request->path))) break;
        enum err e = fit(request, rules[i].pattern, &fits);
        if (e == ERR_NOMEM) {
            (void)problem_from_err(request->problem, e, NULL);
            return NULL;
        }
        if (e) {
            problem_tell(request->problem, PROBLEM_TARGET, NULL,
                         "the path holds a broken percent sign, a control character or bytes "
                         "that are not UTF-8");
            return NULL;
        }
        if (!fits) continue;
        if (method_fits(&rules[i], request->method)) return &rules[i];
        methods |= 1u << rules[i].method;
        if (rules[i].method == REQUEST_GET) methods |= 1u << REQUEST_HEAD;
    }
    request->arg_count = 0;
    refuse(request, methods, allow);
    return NULL;
}

enum problem_shape router_shape(const struct router_rule *rules, size_t count, const char *path)
{
    const struct router_rule *rule = first_rule(rules, count, path);
    return rule ? rule->shape : PROBLEM_JSON;
}

static enum err admit_body(const struct router_rule *rule, struct request *request)
{
    static const char *const types[] = {[ROUTER_JSON] = "application/json",
                                        [ROUTER_MULTIPART] = "multipart/form-data",
                                        [ROUTER_FORM] = "multipart/form-data"};
    const char *type = request->headers.content_type, *wanted = types[rule->takes];
    const char *packed = request->headers.content_encoding;
    size_t len = strlen(wanted);
    if (packed && strcasecmp(packed, "identity") != 0)
        return problem_say(request->problem, PROBLEM_MEDIA, "Content-Encoding",
                           "is not taken: send the body as it is, not packed");
    if (type && strncasecmp(type, wanted, len) == 0 && (!type[len] || strchr("; \t", type[len])))
        return ERR_OK;
    bool urlencoded = rule->takes == ROUTER_FORM;
    if (urlencoded && form_is(type)) return ERR_OK;
    return problem_say(request->problem, PROBLEM_MEDIA, "Content-Type", "must be %s%s", wanted,
                       urlencoded ? " or application/x-www-form-urlencoded" : "");
}

enum err router_admit(const struct router_rule *rule, struct request *request)
{
    const char *length = request->headers.content_length;
    int64_t bytes = 0;
    enum err e = ERR_OK;
    if (rule->pattern[0] != '*') e = request_allow(request, rule->params ? rule->params : "");
    if (e) return e;
    if (length && !text_int(length, strlen(length), 0, INT64_MAX, &bytes))
        return problem_say(request->problem, PROBLEM_BODY, "Content-Length", "must be a number");
    if ((uint64_t)bytes > rule->body_bytes)
        return problem_say(request->problem, PROBLEM_TOO_LARGE, NULL,
                           "the body has %lld bytes; %zu are taken here", (long long)bytes,
                           rule->body_bytes);
    return rule->takes == ROUTER_NO_BODY ? ERR_OK : admit_body(rule, request);
}
