/* Which closures are in force at a moment, as edges of the present road file. */
#ifndef YZ_SERVER_INFORCE_H
#define YZ_SERVER_INFORCE_H

#include "data/db.h"
#include "geo/road/roads.h"

struct inforce; /* one thread's; knows no closures and no road file at first */
enum err inforce_new(struct inforce **inforce);
void inforce_free(struct inforce *inforce); /* NULL does nothing */

/* Reads what is or will be in force from the database. On failure it stays as it was. */
enum err inforce_load(struct inforce *inforce, struct db *db, int64_t now_ms);

/* From now on it is about this road file (NULL: none), which is borrowed. */
void inforce_set_graph(struct inforce *inforce, const struct graph *graph);

/* The closures in force at `now_ms`, lent until the next call, and the next moment at which there
 * will be others (INT64_MAX: never). Shapes are matched to edges once and remembered. Needs a road
 * file. ERR_NOMEM. */
enum err inforce_at(struct inforce *inforce, int64_t now_ms, const struct roads_closure **closures,
                    size_t *count, int64_t *next_ms);

#endif
