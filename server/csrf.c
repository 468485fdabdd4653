#include "server/csrf.h"

#include "server/cookie.h"

#include <string.h>
#include <strings.h>

static const char *const cookie_names[] = {"yizhan", "__Host-yizhan"};

bool csrf_is_secure(const struct request *request, const struct tools *tools)
{
    const struct app_options *options = tools->service->options;
    const char *proto = request->headers.forwarded_proto;
    if (options->public_url) return strncmp(options->public_url, "https://", 8) == 0;
    return options->behind_proxy && proto && strcmp(proto, "https") == 0;
}

bool csrf_cookie(const struct request *request, const struct tools *tools,
                 char token[SECRETS_TOKEN_SIZE])
{
    return cookie_read(request->headers.cookie, cookie_names[csrf_is_secure(request, tools)], token,
                       SECRETS_TOKEN_SIZE);
}

const char *csrf_set_cookie(struct request *request, const struct tools *tools, const char *token)
{
    bool secure = csrf_is_secure(request, tools);
    return arena_printf(request->arena, "%s=%s; Path=/;%s HttpOnly; SameSite=Strict%s",
                        cookie_names[secure], token, *token ? "" : " Max-Age=0;",
                        secure ? "; Secure" : "");
}

void csrf_text(const char *token, char text[SECRETS_HEX_SIZE])
{
    static const char prefix[] = "yizhan csrf ";
    char bytes[sizeof prefix + SECRETS_TOKEN_SIZE];
    unsigned char hash[SECRETS_HASH_BYTES];
    size_t len = strnlen(token, SECRETS_TOKEN_SIZE - 1);
    memcpy(bytes, prefix, sizeof prefix - 1);
    memcpy(bytes + sizeof prefix - 1, token, len);
    secrets_sha256(bytes, sizeof prefix - 1 + len, hash);
    secrets_hex(hash, text);
}

/* "https://map.example.org" of an address of ours: the scheme and host that the client sees. */
static bool is_own(const struct request *request, const struct tools *tools, const char *origin)
{
    const char *url = tools->service->options->public_url, *host = request->headers.host;
    size_t len = strlen(origin);
    if (url) return strncasecmp(url, origin, len) == 0 && (!url[len] || url[len] == '/');
    const char *sep = strstr(origin, "://");
    return sep && host && strcasecmp(sep + 3, host) == 0;
}

enum err csrf_same_origin(struct request *request, const struct tools *tools)
{
    const char *site = request->headers.fetch_site, *origin = request->headers.origin;
    if (site && strcmp(site, "same-origin") != 0)
        return problem_say(request->problem, PROBLEM_CSRF, "Sec-Fetch-Site",
                           "a session in a cookie is for pages of this server alone");
    if (origin && !is_own(request, tools, origin))
        return problem_say(request->problem, PROBLEM_CSRF, "Origin",
                           "a session in a cookie is for pages of this server alone; behind a "
                           "proxy that changes Host, --public-url says what it is called");
    return ERR_OK;
}

enum err csrf_check(struct request *request, const struct tools *tools, const char *token)
{
    char wanted[SECRETS_HEX_SIZE];
    const char *given = request->headers.csrf_token;
    enum err e = csrf_same_origin(request, tools);
    if (e) return e;
    csrf_text(token, wanted);
    if (given && strlen(given) == SECRETS_HEX_SIZE - 1 &&
        secrets_same(given, wanted, SECRETS_HEX_SIZE - 1))
        return ERR_OK;
    return problem_say(request->problem, PROBLEM_CSRF, "X-CSRF-Token",
                       "is owed by what comes with a session in a cookie and changes something: "
                       "\"csrf\" of POST /v1/sessions or GET /v1/me");
}
