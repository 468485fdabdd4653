/* One kind of cases from its file: what kinds.h lists, with every mistake told by file and line. */
#ifndef YZ_DATA_KINDS_READ_H
#define YZ_DATA_KINDS_READ_H

#include "data/conf.h"
#include "data/kinds.h"
#include "geo/base/arena.h"

/* Reads a mapping into a zeroed kind, whose texts and lists live in the arena. Its hours are the
 * caller's to free, also after a failure. */
enum err kinds_read(const struct conf_node *root, struct arena *arena, struct kinds_kind *kind,
                    struct why *why);

#endif
