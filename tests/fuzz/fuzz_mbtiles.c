/* A file of tiles as somebody may put it into the data directory. */
#include "data/mbtiles.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static char path[64];

static void tidy_up(void)
{
    unlink(path);
}

static void make_path(void)
{
    if (path[0]) return;
    (void)snprintf(path, sizeof path, "/tmp/yizhan-fuzz-%ld.mbtiles", (long)getpid());
    (void)atexit(tidy_up);
}

static void read_tiles(struct mbtiles *m)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    for (uint32_t z = 0; z < 3; z++)
        for (uint32_t x = 0; x < 1u << z; x++)
            (void)mbtiles_tile(m, z, x, 0, &out);
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct mbtiles *m;
    struct why why = {""};
    make_path();
    int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 0) return 0;
    bool whole = write(fd, bytes, len) == (ssize_t)len;
    close(fd);
    if (whole && !mbtiles_open(path, &m, &why)) {
        read_tiles(m);
        mbtiles_close(m);
    }
    return 0;
}
