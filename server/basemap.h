/* The base map: a file of tiles in the data directory, found when it comes, changes or goes,
 * without a restart.
 *
 * The lock of this module is held while a pointer is copied. */
#ifndef YZ_SERVER_BASEMAP_H
#define YZ_SERVER_BASEMAP_H

#include "data/mbtiles.h"
#include "server/log.h"

struct basemap; /* shared by all threads */

/* Neither looks at `path` yet. `path` and `log` are borrowed. */
enum err basemap_new(const char *path, struct log *log, struct basemap **basemap);
void basemap_free(struct basemap *basemap);

/* Looks whether another file lies there; one that cannot be read is told in the log and is none.
 * From one thread at a time. */
void basemap_look(struct basemap *basemap);

/* The number of the file that lies there, another for each; 0: there is none. */
uint64_t basemap_number(const struct basemap *basemap);

/* What the file says about itself, to be given back; NULL: there is none. */
struct basemap_sheet;
const struct basemap_sheet *basemap_enter(struct basemap *basemap);
const struct mbtiles_info *basemap_info(const struct basemap_sheet *sheet);
void basemap_leave(struct basemap *basemap, const struct basemap_sheet *sheet);

/* One thread's way into the file; zero-initialised is none. */
struct basemap_reader {
    struct mbtiles *tiles;
    uint64_t number;
};
void basemap_reader_fini(struct basemap_reader *reader);

/* Appends a tile as gzip, from the file that has this number or any later. ERR_NOTFOUND: there is
 * no such tile, or no file; else mbtiles_tile's. */
enum err basemap_tile(struct basemap *basemap, struct basemap_reader *reader, uint32_t z,
                      uint32_t x, uint32_t y, struct buf *out);

#endif
