#include "geo/base/large.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 2 << 20 };

void *large_alloc(size_t bytes)
{
    void *memory;
    if (bytes < PAGE_BYTES) return malloc(bytes + 1);
    if (posix_memalign(&memory, PAGE_BYTES, bytes)) return NULL;
    (void)madvise(memory, bytes, MADV_HUGEPAGE); /* a hint: without it all is as before */
    return memory;
}
