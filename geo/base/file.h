/* Files as the program needs them: mapped whole, read whole, written whole or not at all. */
#ifndef YZ_GEO_BASE_FILE_H
#define YZ_GEO_BASE_FILE_H

#include "geo/base/err.h"

#include <stddef.h>
#include <stdint.h>

/* A read-only mapping. An empty file maps to `bytes` NULL, `size` 0. */
struct file_map {
    const unsigned char *bytes;
    size_t size;
};

/* Maps a regular file. Errors name the file in `why`. Unmap with file_unmap; a zeroed map is fine.
 */
enum err file_map(const char *path, struct file_map *map, struct why *why);
void file_unmap(struct file_map *map);

/* Reads a whole file of at most `max_bytes` into new memory, with a NUL behind it that `len` does
 * not count; the caller frees it. ERR_LIMIT when it is larger. */
enum err file_read(const char *path, size_t max_bytes, char **bytes, size_t *len, struct why *why);

/* A file open for reading here and there, by several threads at once. That it is cut short
 * meanwhile is an error, where in a mapping it would be the end of the process. */
struct file_in;

/* Opens a regular file; errors name it. file_close(NULL) does nothing. */
enum err file_open(const char *path, struct file_in **in, struct why *why);
void file_close(struct file_in *in);
/* Its size when it was opened. */
size_t file_size(const struct file_in *in);
/* Exactly `n` bytes from `offset` on. ERR_TRUNCATED where the file ends before. */
enum err file_read_at(const struct file_in *in, size_t offset, void *bytes, size_t n,
                      struct why *why);

/* A file being written under a temporary name beside its own. */
struct file_out;

/* Starts writing `path`; nobody sees it before file_commit. */
enum err file_create(const char *path, struct file_out **out, struct why *why);

/* The temporary name, for a library that opens files itself: what it writes there in full is what
 * file_commit then syncs and renames. Borrowed from `out`. */
const char *file_temporary(const struct file_out *out);

/* Appends. An error sticks and is told again by file_commit. */
enum err file_write(struct file_out *out, const void *bytes, size_t n);

/* Whether there is room on the disk for `bytes` of it, and `spare` for others beside: ERR_FULL,
 * which sticks likewise, before what could be done without takes the room that others need. */
enum err file_reserve(struct file_out *out, uint64_t bytes, uint64_t spare);

/* Waits until what was appended is on the disk: who writes much does so now and then, so that the
 * disk never owes so much that others who sync must wait. An error sticks likewise. */
enum err file_flush(struct file_out *out);

/* Syncs data, renames over `path`, syncs the folder: once it returns ERR_OK the file survives a
 * power cut. Frees `out` either way; on failure the temporary file is gone and `path` is as it was.
 */
enum err file_commit(struct file_out *out, struct why *why);

/* Throws the temporary file away. NULL does nothing. */
void file_abandon(struct file_out *out);

/* Removes what writers of `path` left beside it when they were cut short; only for who knows that
 * none is at work. */
enum err file_sweep(const char *path, struct why *why);

/* file_create, file_write and file_commit in one. */
enum err file_replace(const char *path, const void *bytes, size_t n, struct why *why);

/* Makes a folder, and those above it, readable by the owner alone; one that exists is fine. */
enum err file_make_dir(const char *path, struct why *why);

/* fsyncs a folder, so that a rename in it is durable. */
enum err file_sync_dir(const char *path, struct why *why);

/* `folder`/`name` into `path`; ERR_LIMIT if it does not fit. */
enum err file_join(char *path, size_t size, const char *folder, const char *name);

#endif
