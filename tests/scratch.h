/* A folder that a test may fill; gone when it ends well. */
#ifndef YZ_TESTS_SCRATCH_H
#define YZ_TESTS_SCRATCH_H

#include "tests/check.h"

#include <ftw.h>
#include <unistd.h>

static char scratch_path[64];

static inline int scratch_remove_one(const char *path, const struct stat *st, int type,
                                     struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

static inline void scratch_remove(void)
{
    if (scratch_path[0]) nftw(scratch_path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    scratch_path[0] = '\0';
}

/* Makes the folder anew, empty. */
static inline const char *scratch_make(void)
{
    scratch_remove();
    (void)snprintf(scratch_path, sizeof scratch_path, "/tmp/yizhan-test-XXXXXX");
    assert_non_null(mkdtemp(scratch_path));
    return scratch_path;
}

/* A path in it; the buffer is the caller's. */
static inline const char *scratch_in(char *path, size_t size, const char *name)
{
    (void)snprintf(path, size, "%s/%s", scratch_path, name);
    return path;
}

#endif
