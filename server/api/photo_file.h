/* A file of a photo as an answer. */
#ifndef YZ_SERVER_API_PHOTO_FILE_H
#define YZ_SERVER_API_PHOTO_FILE_H

#include "server/response.h"
#include "server/tools.h"

/* Answers with a content file (data/blobs.h), JPEG or WebP, tagged by its name, or 304 where the
 * client has it. `freshness` is the Cache-Control. */
enum err photo_file_send(struct request *request, struct response *response,
                         const struct tools *tools, const char *blob, const char *freshness);

#endif
