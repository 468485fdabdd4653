/* The built pages, read into memory once: no disk in an event loop, and no path that could lead out
 * of the folder, because only names that were found in it exist. */
#ifndef YZ_SERVER_PAGES_H
#define YZ_SERVER_PAGES_H

#include "geo/base/err.h"
#include "server/request.h"
#include "server/response.h"

struct pages; /* read-only once loaded */

/* Adds what every page of ours is sent with: that it may only use what this server sends, and that
 * it tells nobody where a reader came from, and which devices (camera, position) it may ask for. */
void pages_guard(struct response *response);

/* Reads every regular file below `folder` (not followed out of it by links, nor files whose name
 * starts with a dot), packs the text ones. ERR_LIMIT above 4096 files or 128 MiB; ERR_NOTFOUND when
 * there is no folder. pages_free(NULL) is fine. */
enum err pages_load(const char *folder, struct pages **pages, struct why *why);
void pages_free(struct pages *pages);

/* The bytes of the file at `path`; NULL where there is none, or no pages. Borrowed. */
const char *pages_find(const struct pages *pages, const char *path, size_t *len);

/* Answers with the file at the request's path, `/` and `/console/` being their index pages; a path
 * that looks like no file gets the index page of its part, because the pages keep their state in
 * the address. ERR_NOTFOUND otherwise. */
enum err pages_answer(const struct pages *pages, struct request *request,
                      struct response *response);

#endif
