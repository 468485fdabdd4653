#include "server/api/photo_file.h"

#include "data/blobs.h"

#include <stdlib.h>
#include <string.h>

enum { PICTURE_BYTES = 32 * 1024 * 1024 };

static enum err read(struct request *request, struct response *response, const struct tools *tools,
                     const char *blob)
{
    struct why why = {""};
    char *bytes = NULL;
    size_t len = 0;
    enum err e = blobs_read(tools->service->dir, blob, PICTURE_BYTES, &bytes, &len, &why);
    bool ours = e == ERR_NOTFOUND || e == ERR_DENIED; /* the row names it, so it should be there */
    if (e) return problem_from_err(request->problem, ours ? ERR_IO : e, &why);
    bool taken;
    const char *format = photos_format(bytes, len, &taken);
    response->content_type = format && strcmp(format, "WebP") == 0 ? "image/webp" : "image/jpeg";
    buf_put(&response->body, bytes, len);
    free(bytes);
    return ERR_OK;
}

enum err photo_file_send(struct request *request, struct response *response,
                         const struct tools *tools, const char *blob, const char *freshness)
{
    const char *tag = arena_printf(request->arena, "\"%s\"", blob);
    if (!tag) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    response_header(response, "Cache-Control", freshness);
    response_tagged(response, request, tag); /* a file is named by what is in it */
    return response->status == 304 ? ERR_OK : read(request, response, tools, blob);
}
