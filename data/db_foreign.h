/* A stranger's SQLite file, looked at by a plain SQLite that knows no extensions, before a reader
 * with many sees it. */
#ifndef YZ_DATA_DB_FOREIGN_H
#define YZ_DATA_DB_FOREIGN_H

#include "geo/base/err.h"

#include <stddef.h>

/* Whether a database does no more than hold tables and views: reading a virtual table may read
 * other files of this machine, so only R-trees are taken. Makes it one without a write-ahead log in
 * place (the header's bytes 18 and 19), since memory has none. ERR_FORMAT: it is no database, or
 * damaged; ERR_DENIED: it brings virtual tables. */
enum err db_foreign_check(void *bytes, size_t len, struct why *why);

#endif
