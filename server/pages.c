#include "server/pages.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"

#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILES = 4096, MAX_BYTES = 128 * 1024 * 1024, PACK_LEVEL = 9 };

/* What the pages may do: only what this server sends. The map's worker is a file of its own. */
static const char policy[] =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "worker-src 'self'; connect-src 'self'; font-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/* What of the device they may ask for, and nobody that they might ever frame. */
static const char permissions[] =
    "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()";

struct page {
    char *path; /* "/assets/a.js" */
    char *bytes, *packed;
    size_t len, packed_len;
    const char *type;
    char tag[24];
};

struct pages {
    struct page *files; /* by path */
    size_t count, size, total_bytes;
};

static const struct {
    const char *suffix, *type;
    bool text;
} types[] = {
    {".html", "text/html; charset=utf-8", true},
    {".js", "text/javascript; charset=utf-8", true},
    {".mjs", "text/javascript; charset=utf-8", true},
    {".css", "text/css; charset=utf-8", true},
    {".json", "application/json", true},
    {".map", "application/json", true},
    {".webmanifest", "application/manifest+json", true},
    {".svg", "image/svg+xml", true},
    {".txt", "text/plain; charset=utf-8", true},
    {".png", "image/png", false},
    {".jpg", "image/jpeg", false},
    {".webp", "image/webp", false},
    {".ico", "image/x-icon", false},
    {".woff2", "font/woff2", false},
    {"", "application/octet-stream", false},
};

static size_t type_of(const char *path)
{
    size_t len = strlen(path), i = 0;
    for (; types[i].suffix[0]; i++) {
        size_t n = strlen(types[i].suffix);
        if (len > n && strcmp(path + len - n, types[i].suffix) == 0) break;
    }
    return i;
}

static enum err pack(struct page *page)
{
    struct buf out;
    buf_init(&out, MAX_BYTES);
    enum err e = zip_gzip(page->bytes, page->len, PACK_LEVEL, &out);
    if (!e && out.len < page->len) page->packed = buf_take(&out, &page->packed_len);
    buf_fini(&out);
    return e;
}

static struct page *page_new(struct pages *pages)
{
    if (pages->count == pages->size) {
        size_t size = pages->size ? pages->size * 2 : 64;
        struct page *grown = realloc(pages->files, size * sizeof *grown);
        if (!grown) return NULL;
        pages->files = grown;
        pages->size = size;
    }
    struct page *page = &pages->files[pages->count];
    *page = (struct page){0};
    return page;
}

static enum err add(struct pages *pages, const char *path, const char *name, struct why *why)
{
    size_t left = MAX_BYTES - pages->total_bytes, type = type_of(name);
    if (pages->count == MAX_FILES)
        return err_say(why, ERR_LIMIT, "there are more than %d files", MAX_FILES);
    struct page *page = page_new(pages);
    if (!page) return ERR_NOMEM;
    enum err e = file_read(path, left, &page->bytes, &page->len, why);
    if (e) return e;
    pages->count++;
    page->path = strdup(name);
    page->type = types[type].type;
    pages->total_bytes += page->len;
    response_tag(page->bytes, page->len, page->tag);
    if (!page->path) return ERR_NOMEM;
    return types[type].text ? pack(page) : ERR_OK;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct page *)a)->path, ((const struct page *)b)->path);
}

static enum err walk(struct pages *pages, const char *folder, FTS *tree, struct why *why)
{
    size_t root = strlen(folder);
    enum err e = ERR_OK;
    while (root > 1 && folder[root - 1] == '/')
        root--;
    for (FTSENT *entry; !e && (entry = fts_read(tree));) {
        if (entry->fts_level > 0 && entry->fts_name[0] == '.')
            fts_set(tree, entry, FTS_SKIP);
        else if (entry->fts_info == FTS_F)
            e = add(pages, entry->fts_path, entry->fts_path + root, why);
        else if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
                 entry->fts_info == FTS_NS)
            e = err_say(why, err_from_errno(entry->fts_errno), "%s: %s", entry->fts_path,
                        strerror(entry->fts_errno));
    }
    return e;
}

enum err pages_load(const char *folder, struct pages **pages, struct why *why)
{
    struct pages *fresh = calloc(1, sizeof *fresh);
    char *copy = strdup(folder);
    char *roots[] = {copy, NULL};
    FTS *tree =
        fresh && copy ? fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL) : NULL;
    enum err e = tree ? walk(fresh, copy, tree, why) : ERR_NOMEM;
    if (tree) fts_close(tree);
    free(copy);
    if (!e && fresh->count == 0)
        e = err_say(why, ERR_NOTFOUND, "%s: there are no pages in it; build them first", folder);
    if (e) {
        pages_free(fresh);
        return e;
    }
    qsort(fresh->files, fresh->count, sizeof *fresh->files, by_path);
    *pages = fresh;
    return ERR_OK;
}

void pages_free(struct pages *pages)
{
    if (!pages) return;
    for (size_t i = 0; i < pages->count; i++) {
        free(pages->files[i].path);
        free(pages->files[i].bytes);
        free(pages->files[i].packed);
    }
    free(pages->files);
    free(pages);
}

static const struct page *find(const struct pages *pages, const char *path)
{
    struct page key = {.path = (char *)(uintptr_t)path};
    return bsearch(&key, pages->files, pages->count, sizeof key, by_path);
}

const char *pages_find(const struct pages *pages, const char *path, size_t *len)
{
    const struct page *page = pages ? find(pages, path) : NULL;
    *len = page ? page->len : 0;
    return page ? page->bytes : NULL;
}

static const struct page *find_or_index(const struct pages *pages, const char *path)
{
    const struct page *page = find(pages, path);
    const char *name = strrchr(path, '/');
    if (page || (name && strchr(name, '.'))) return page;
    if (strncmp(path, "/console", 8) == 0 && (path[8] == '/' || !path[8])) {
        page = find(pages, "/console/index.html");
        if (page) return page;
    }
    return find(pages, "/index.html");
}

void pages_guard(struct response *response)
{
    response_header(response, "Content-Security-Policy", policy);
    response_header(response, "Permissions-Policy", permissions);
    response_header(response, "Referrer-Policy", "no-referrer");
}

enum err pages_answer(const struct pages *pages, struct request *request, struct response *response)
{
    const char *path;
    if (!pages ||
        request_decode(request->arena, request->path, strlen(request->path), false, &path))
        return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL, "there is no such page");
    const struct page *page = find_or_index(pages, path);
    if (!page)
        return problem_say(request->problem, PROBLEM_NOT_FOUND, NULL, "there is no such page");
    bool packed = page->packed && response_accepts(request->headers.accept_encoding, "gzip");
    response_borrow(response, page->type, packed ? page->packed : page->bytes,
                    packed ? page->packed_len : page->len, packed);
    response_header(response, "Vary", "Accept-Encoding");
    response_header(response, "Cache-Control",
                    strncmp(page->path, "/assets/", 8) == 0 ? "public, max-age=31536000, immutable"
                                                            : "no-cache");
    pages_guard(response);
    response_tagged(response, request, page->tag);
    return ERR_OK;
}
