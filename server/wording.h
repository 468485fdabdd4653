/* What places, areas and categories are called, ready for search (geo/place/lexicon.h), as the
 * snapshot's places and areas change. The names of the places' base, which may be millions, are
 * read on a thread of their own, so that the places are shown meanwhile; those of what was edited
 * since, and of areas, at once. */
#ifndef YZ_SERVER_WORDING_H
#define YZ_SERVER_WORDING_H

#include "data/categories.h"
#include "server/snapshot.h"

/* The words for categories and amenities, as finder.h wants its labels. ERR_NOMEM. */
enum err wording_labels(const struct categories *categories, struct lexicon **labels);

struct wording; /* the watcher's */
/* `done` is called, from the thread, when a base has been read. */
enum err wording_new(void (*done)(void *user), void *user, struct wording **wording);
/* Stops reading. NULL does nothing. */
void wording_free(struct wording *wording);

/* The words of the base that were given last were not taken: reads it once more. */
void wording_forget(struct wording *wording);

/* Adds to `parts` the words of what is new in it, and those that have been read meanwhile; begins
 * to read a base that is new, or again one for which memory was out; one with more different texts
 * than a lexicon holds stays without words. `shown` is what the store has. ERR_NOMEM, ERR_LIMIT,
 * ERR_SYSTEM. */
enum err wording_follow(struct wording *wording, const struct snapshot *shown,
                        struct snapshot_parts *parts);

#endif
