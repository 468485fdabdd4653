/* The data directory: everything that one installation keeps.
 *
 *     yizhan.db      the database (beside it -wal, -shm and -turn, the writers' lock)
 *     places.yzp     the places as memory had them, for a quick start; may be removed at any time
 *     roads.yzr      the road file
 *     roads.osm.pbf  what the road file is built from
 *     basemap.mbtiles  tiles of water, land and names, where there is a base map
 *     blobs/00..ff/  content files: photos
 *     tmp/           what is being written; emptied at start
 *     secret.key     what second factors are sealed with; of the server's user alone
 *     lock           held by the one server that serves from here */
#ifndef YZ_DATA_DATADIR_H
#define YZ_DATA_DATADIR_H

#include "data/db.h"
#include "geo/base/err.h"

enum datadir_part {
    DATADIR_ROOT,
    DATADIR_DATABASE,
    DATADIR_PLACES,
    DATADIR_ROADS,
    DATADIR_ROADS_OSM,
    DATADIR_BASEMAP,
    DATADIR_BLOBS,
    DATADIR_TMP,
    DATADIR_KEY,
    DATADIR_LOCK,
    DATADIR_PARTS
};

/* VISIT: a command that reads or writes beside a running server (import, user). SERVE: the server;
 * one at a time, and the one that may sweep. Both create what is missing. */
enum datadir_use { DATADIR_VISIT, DATADIR_SERVE };

struct datadir; /* shared by all threads, read-only */

/* Creates what is missing, proves that it can be written, and for DATADIR_SERVE takes the lock.
 * ERR_READONLY, ERR_DENIED, ERR_FULL, ERR_LOCKED (naming the process that holds it), each with a
 * sentence that says how to mend it. datadir_close(NULL) is fine. */
enum err datadir_open(const char *path, enum datadir_use use, struct datadir **dir,
                      struct why *why);
void datadir_close(struct datadir *dir);

/* Path of a part; borrowed. */
const char *datadir_path(const struct datadir *dir, enum datadir_part part);

/* Opens the database of a directory: DB_CREATE also runs the migrations; the others refuse a
 * database whose shape is not this program's. */
enum err datadir_database(const struct datadir *dir, enum db_mode mode, struct db **db,
                          struct why *why);

/* One finding of datadir_check; text is borrowed for the call. `mend` is "" when `good`. */
struct datadir_finding {
    bool good;
    const char *subject; /* "folder", "database", "roads", ... */
    const char *text, *mend;
};

/* Looks at a directory without changing anything and tells every finding; `*bad` counts those that
 * are not good. A server may be running from it. */
enum err datadir_check(const char *path,
                       void (*tell)(void *user, const struct datadir_finding *finding), void *user,
                       int *bad);

#endif
