/* The clusters of the places that are shown: made when a tile first asks for them, shared by all
 * that ask after it, and freed when neither the next places nor a tile need them.
 *
 * The lock of this module is held while clusters are made, so that several who ask make them once.
 */
#ifndef YZ_SERVER_CLUSTERING_H
#define YZ_SERVER_CLUSTERING_H

#include "geo/tile/clusterset.h"
#include "server/snapshot.h"

struct clustering; /* shared by all threads */
enum err clustering_new(struct clustering **clustering);
/* Nobody may hold clusters any more. NULL does nothing. */
void clustering_free(struct clustering *clustering);

/* The clusters of the snapshot's places, to be given back. ERR_NOMEM. */
struct clustering_held;
enum err clustering_enter(struct clustering *clustering, const struct snapshot *snapshot,
                          struct clustering_held **held);
const struct clusterset *clustering_clusters(const struct clustering_held *held);
/* NULL does nothing. */
void clustering_leave(struct clustering *clustering, struct clustering_held *held);

#endif
