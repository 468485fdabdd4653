#include "server/api/api_base.h"

#include "server/http.h"

#include <string.h>

static bool is_host(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";
    size_t len = text ? strlen(text) : 0;
    return len > 0 && len < 256 && strspn(text, allowed) == len;
}

const char *api_base_url(const struct request *request, const struct tools *tools)
{
    const struct app_options *options = tools->service->options;
    const char *proto = request->headers.forwarded_proto;
    if (options->public_url) return options->public_url;
    if (!is_host(request->headers.host)) return http_url(tools->service->http);
    bool secure = options->behind_proxy && proto && strcmp(proto, "https") == 0;
    return arena_printf(request->arena, "%s://%s", secure ? "https" : "http",
                        request->headers.host);
}
