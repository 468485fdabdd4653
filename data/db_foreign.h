/* A stranger's SQLite file, looked at by a plain SQLite that knows no extensions, before a reader
 * with many sees it; and what that reader may do with it. */
#ifndef YZ_DATA_DB_FOREIGN_H
#define YZ_DATA_DB_FOREIGN_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a database does no more than hold tables and views: reading a virtual table may read
 * other files of this machine, so only R-trees are taken. Makes it one without a write-ahead log in
 * place (the header's bytes 18 and 19), since memory has none. ERR_FORMAT: it is no database, or
 * damaged; ERR_DENIED: it brings virtual tables. */
enum err db_foreign_check(void *bytes, size_t len, struct why *why);

/* What a reader's SQLite may do with it: a view may never end, and a generated column may be as
 * large as it likes. What this thread opens between enter and leave works for DB_FOREIGN_STEPS of
 * SQLite's machine, about a second, to open it, and as long for every row (db_foreign_more); what
 * takes longer is interrupted, and all that follows, too. A value has DB_FOREIGN_VALUE bytes at
 * most. Not nested. */
enum { DB_FOREIGN_STEPS = 20 * 1000 * 1000, DB_FOREIGN_VALUE = 64 * 1024 * 1024 };
void db_foreign_enter(void);
void db_foreign_more(void);
/* Whether something was interrupted, so that what was read is not all there is. */
bool db_foreign_is_over(void);
void db_foreign_leave(void);

#endif
