#include "geo/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static enum err fail(struct why *why, const char *verb, const char *path)
{
    int code = errno;
    char text[128];
    /* The GNU strerror_r returns the text, which need not be in the buffer. */
    const char *reason = strerror_r(code, text, sizeof text);
    enum err e = err_from_errno(code);
    return err_say(why, e ? e : ERR_SYSTEM, "cannot %s %s: %s", verb, path, reason);
}

static enum err open_regular(const char *path, int *fd, size_t *size, struct why *why)
{
    struct stat st;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0) return fail(why, "open", path);
    enum err e = ERR_OK;
    if (fstat(opened, &st) != 0)
        e = fail(why, "read", path);
    else if (!S_ISREG(st.st_mode))
        e = err_say(why, ERR_FORMAT, "%s is not a regular file", path);
    if (e) {
        close(opened);
        return e;
    }
    *fd = opened;
    *size = (size_t)st.st_size;
    return ERR_OK;
}

enum err file_map(const char *path, struct file_map *map, struct why *why)
{
    int fd;
    size_t size;
    enum err e = open_regular(path, &fd, &size, why);
    if (e) return e;
    void *bytes = size ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0) : NULL;
    if (bytes == MAP_FAILED)
        e = fail(why, "map", path);
    else
        *map = (struct file_map){bytes, size};
    close(fd);
    return e;
}

void file_unmap(struct file_map *map)
{
    if (map->bytes) munmap((void *)map->bytes, map->size);
    *map = (struct file_map){0};
}

static enum err read_fully(int fd, char *bytes, size_t n, const char *path, struct why *why)
{
    while (n > 0) {
        ssize_t got = read(fd, bytes, n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(why, "read", path);
        if (got == 0) return err_say(why, ERR_TRUNCATED, "%s shrank while being read", path);
        bytes += got;
        n -= (size_t)got;
    }
    return ERR_OK;
}

enum err file_read(const char *path, size_t max_bytes, char **bytes, size_t *len, struct why *why)
{
    int fd;
    size_t size;
    enum err e = open_regular(path, &fd, &size, why);
    if (e) return e;
    char *memory = NULL;
    if (size > max_bytes)
        e = err_say(why, ERR_LIMIT, "%s is larger than %zu bytes", path, max_bytes);
    else if (!(memory = malloc(size + 1)))
        e = err_say(why, ERR_NOMEM, "no memory to read %s", path);
    else
        e = read_fully(fd, memory, size, path, why);
    close(fd);
    if (e) {
        free(memory);
        return e;
    }
    memory[size] = '\0';
    *bytes = memory;
    *len = size;
    return ERR_OK;
}

struct file_in {
    int fd;
    size_t size;
    char path[PATH_MAX];
};

enum err file_open(const char *path, struct file_in **in, struct why *why)
{
    struct file_in *made = calloc(1, sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory to read %s", path);
    (void)snprintf(made->path, sizeof made->path, "%s", path);
    enum err e = open_regular(path, &made->fd, &made->size, why);
    if (e)
        free(made);
    else
        *in = made;
    return e;
}

void file_close(struct file_in *in)
{
    if (!in) return;
    close(in->fd);
    free(in);
}

size_t file_size(const struct file_in *in)
{
    return in->size;
}

enum err file_read_at(const struct file_in *in, size_t offset, void *bytes, size_t n,
                      struct why *why)
{
    char *to = bytes;
    while (n > 0) {
        ssize_t got = pread(in->fd, to, n, (off_t)offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(why, "read", in->path);
        if (got == 0) return err_say(why, ERR_TRUNCATED, "%s ends too early", in->path);
        to += got;
        offset += (size_t)got;
        n -= (size_t)got;
    }
    return ERR_OK;
}

/* Behind the file's own; nobody else calls a file so. */
#define TEMPORARY ".new-"
static const char temporary_name[] = TEMPORARY "XXXXXX";

struct file_out {
    int fd;
    enum err err;
    struct why why;
    char path[PATH_MAX], temporary[PATH_MAX];
};

enum err file_create(const char *path, struct file_out **out, struct why *why)
{
    struct file_out *made = calloc(1, sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory to write %s", path);
    int n = snprintf(made->path, sizeof made->path, "%s", path);
    int m = snprintf(made->temporary, sizeof made->temporary, "%s%s", path, temporary_name);
    enum err e = ERR_OK;
    if (n < 0 || m < 0 || (size_t)m >= sizeof made->temporary)
        e = err_say(why, ERR_LIMIT, "the path %s is too long", path);
    else if ((made->fd = mkostemp(made->temporary, O_CLOEXEC)) < 0)
        e = fail(why, "write", path);
    if (e)
        free(made);
    else
        *out = made;
    return e;
}

const char *file_temporary(const struct file_out *out)
{
    return out->temporary;
}

enum err file_write(struct file_out *out, const void *bytes, size_t n)
{
    const char *from = bytes;
    while (n > 0 && !out->err) {
        ssize_t put = write(out->fd, from, n);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) {
            out->err = fail(&out->why, "write", out->path);
        } else {
            from += put;
            n -= (size_t)put;
        }
    }
    return out->err;
}

enum err file_reserve(struct file_out *out, uint64_t bytes, uint64_t spare)
{
    struct statvfs fs;
    if (out->err || fstatvfs(out->fd, &fs) != 0) return out->err; /* not known: writing will tell */
    uint64_t left = (uint64_t)fs.f_bavail * fs.f_frsize;
    if (left < bytes || left - bytes < spare)
        out->err =
            err_say(&out->why, ERR_FULL, "%s would leave too little room on its disk", out->path);
    return out->err;
}

enum err file_flush(struct file_out *out)
{
    if (!out->err && fdatasync(out->fd) != 0) out->err = fail(&out->why, "sync", out->path);
    return out->err;
}

/* The folder a path lies in, "." for a bare name. */
static void parent_of(char *folder, size_t size, const char *path)
{
    const char *slash = strrchr(path, '/');
    int len = slash ? (int)(slash - path) : 0;
    if (!slash)
        (void)snprintf(folder, size, ".");
    else
        (void)snprintf(folder, size, "%.*s", len ? len : 1, path);
}

enum err file_commit(struct file_out *out, struct why *why)
{
    char folder[PATH_MAX];
    if (!out->err && fsync(out->fd) != 0) out->err = fail(&out->why, "sync", out->path);
    if (!out->err && rename(out->temporary, out->path) != 0)
        out->err = fail(&out->why, "rename", out->path);
    parent_of(folder, sizeof folder, out->path);
    enum err e = out->err;
    if (e)
        err_say(why, e, "%s", out->why.text);
    else
        e = file_sync_dir(folder, why);
    if (out->err) {
        file_abandon(out);
    } else {
        close(out->fd);
        free(out);
    }
    return e;
}

void file_abandon(struct file_out *out)
{
    if (!out) return;
    close(out->fd);
    unlink(out->temporary);
    free(out);
}

static bool is_left(const char *entry, const char *name)
{
    size_t len = strlen(name);
    return strncmp(entry, name, len) == 0 &&
           strncmp(entry + len, TEMPORARY, sizeof TEMPORARY - 1) == 0 &&
           strlen(entry) == len + sizeof temporary_name - 1;
}

enum err file_sweep(const char *path, struct why *why)
{
    char folder[PATH_MAX], left[PATH_MAX];
    const char *slash = strrchr(path, '/');
    parent_of(folder, sizeof folder, path);
    DIR *open_folder = opendir(folder);
    if (!open_folder) return fail(why, "open", folder);
    enum err e = ERR_OK;
    for (struct dirent *entry; !e && (entry = readdir(open_folder));) {
        if (!is_left(entry->d_name, slash ? slash + 1 : path)) continue;
        e = file_join(left, sizeof left, folder, entry->d_name);
        if (!e && unlink(left) != 0 && errno != ENOENT) e = fail(why, "remove", left);
    }
    closedir(open_folder);
    return e;
}

enum err file_replace(const char *path, const void *bytes, size_t n, struct why *why)
{
    struct file_out *out;
    enum err e = file_create(path, &out, why);
    if (e) return e;
    (void)file_write(out, bytes, n); /* file_commit tells */
    return file_commit(out, why);
}

enum err file_make_dir(const char *path, struct why *why)
{
    struct stat st;
    if (stat(path, &st) == 0) {
        if (S_ISDIR(st.st_mode)) return ERR_OK;
        return err_say(why, ERR_FORMAT, "%s exists and is not a folder", path);
    }
    char folder[PATH_MAX];
    parent_of(folder, sizeof folder, path);
    if (strlen(folder) < strlen(path)) {
        enum err e = file_make_dir(folder, why);
        if (e) return e;
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) return fail(why, "make the folder", path);
    return ERR_OK;
}

enum err file_sync_dir(const char *path, struct why *why)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(why, "open", path);
    enum err e = fsync(fd) == 0 ? ERR_OK : fail(why, "sync", path);
    close(fd);
    return e;
}

enum err file_join(char *path, size_t size, const char *folder, const char *name)
{
    int n = snprintf(path, size, "%s/%s", folder, name);
    return n >= 0 && (size_t)n < size ? ERR_OK : ERR_LIMIT;
}
