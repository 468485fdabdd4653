/* A guard against importing the wrong file over a source: most of what the source had would be
 * marked as vanished at a stroke. */
#ifndef YZ_DATA_IMPORT_SHRINK_H
#define YZ_DATA_IMPORT_SHRINK_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum { IMPORT_SHRINK_FROM = 10 }; /* a source that had fewer may lose all of them */

/* `vanished` and `stayed` are what an import did to the `what` ("places") that `source` had before.
 * ERR_CONFLICT, with a sentence that says what to do instead, when more than half vanished and
 * `allowed` is false: the import is to be undone. */
enum err import_shrink_check(bool allowed, const char *what, const char *source, uint64_t vanished,
                             uint64_t stayed, struct why *why);

#endif
