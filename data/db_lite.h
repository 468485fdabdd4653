/* A connection of SpatiaLite as the files behind data/db.h share it: db_lite opens and closes it,
 * db_query runs statements, db_write has the transactions. */
#ifndef YZ_DATA_DB_LITE_H
#define YZ_DATA_DB_LITE_H

#include "data/db.h"
#include "data/turn.h"

#include <limits.h>
#include <sqlite3.h>

enum { DB_LITE_CACHED = 96, DB_LITE_BUSY_MS = 15000 };

struct db_query {
    struct db *db;
    sqlite3_stmt *statement;
    char *sql;
    uint64_t used; /* when last, for the choice of what to give up */
    bool busy, cached;
    int bad_bind;           /* the first binding that failed, told by db_step */
    sqlite3_value **values; /* inside of db_each: the present row */
};

struct db {
    sqlite3 *lite;
    void *spatial;
    struct db_query *queries[DB_LITE_CACHED];
    uint64_t clock;
    bool in_transaction;
    struct each *each;   /* whom the rows of db_each go to */
    unsigned turns;      /* that the statement on a foreign file has taken */
    struct turn turn;    /* among the writers */
    struct db_door door; /* where db_write leads; none in most */
    enum err lost;       /* why the transaction is gone before its end */
    char path[PATH_MAX];
    char error[256];
};

/* What a code of SQLite means; keeps the sentence of a failure. */
enum err db_lite_note(struct db *db, int code);

/* Makes each_row known to the connection; a code of SQLite. */
int db_query_offer_each(struct db *db);
/* Frees all statements. */
void db_query_forget(struct db *db);

#endif
