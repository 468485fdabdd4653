/* An empty database of this program's shape, made once for all tests and copied: making one takes
 * more than a second under sanitizers, and most tests of data begin with one. */
#ifndef YZ_TESTS_DATA_TEMPLATE_H
#define YZ_TESTS_DATA_TEMPLATE_H

#include "tests/check.h"

#include <stdbool.h>
#include <sys/stat.h>

/* In the folder where tests run; made by make_template before them. */
#define TEMPLATE_NAME "template.db"

/* Only one that is younger than this program surely has its shape. */
static inline bool template_is_fresh(void)
{
    struct stat made, self;
    if (stat(TEMPLATE_NAME, &made) || stat("/proc/self/exe", &self)) return false;
    return made.st_mtim.tv_sec > self.st_mtim.tv_sec;
}

/* Lays a copy where a database is about to be opened for the first time. Does nothing where there
 * is none, as when a test is run by hand from elsewhere: then opening makes it, as always. */
static inline void template_lay(const char *path)
{
    char bytes[1 << 16];
    FILE *from = template_is_fresh() ? fopen(TEMPLATE_NAME, "rb") : NULL, *to;
    if (!from) return;
    assert_non_null(to = fopen(path, "wbx"));
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, from));)
        assert_int_equal(fwrite(bytes, 1, n, to), n);
    assert_int_equal(fclose(to), 0);
    fclose(from);
}

#endif
