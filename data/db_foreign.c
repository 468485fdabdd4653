#include "data/db_foreign.h"

#include <sqlite3.h>
#include <stdint.h>
#include <string.h>

enum { HEADER = 100, WRITE_VERSION = 18, READ_VERSION = 19, ROLLBACK = 1, WAL = 2 };
enum { TURN = 1000, TURNS = DB_FOREIGN_STEPS / TURN };

/* This thread's reader. */
static _Thread_local struct {
    bool within;
    uint32_t turns; /* since the last row */
} watched;

/* A declaration that says "virtual" anywhere must be that of an R-tree, as GeoPackage writes it:
 * comments could hide the word's neighbours otherwise. */
static enum err check_schema(sqlite3 *lite, struct why *why)
{
    static const char ask[] =
        "SELECT name FROM sqlite_schema WHERE sql LIKE '%virtual%' AND NOT (sql LIKE 'CREATE "
        "VIRTUAL TABLE \"rtree\\_%\" USING rtree(%' ESCAPE '\\' AND instr(sql, '/*') = 0 AND "
        "instr(sql, '--') = 0 AND length(sql) - length(replace(upper(sql), 'USING', '')) = 5) "
        "LIMIT 1";
    sqlite3_stmt *statement = NULL;
    enum err e = ERR_OK;
    int code = sqlite3_prepare_v2(lite, ask, -1, &statement, NULL);
    if (!code) code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        e = err_say(why, ERR_DENIED,
                    "its table \"%.60s\" is a virtual one, which may read other files: such are "
                    "not read",
                    (const char *)sqlite3_column_text(statement, 0));
    else if (code != SQLITE_DONE)
        e = err_say(why, ERR_FORMAT, "its database is damaged: %s", sqlite3_errmsg(lite));
    sqlite3_finalize(statement);
    return e;
}

enum err db_foreign_check(void *bytes, size_t len, struct why *why)
{
    static const char magic[16] = "SQLite format 3";
    unsigned char *header = bytes;
    sqlite3 *lite = NULL;
    if (len < HEADER || memcmp(bytes, magic, sizeof magic) != 0)
        return err_say(why, ERR_FORMAT, "it is no database");
    if (header[WRITE_VERSION] == WAL) header[WRITE_VERSION] = ROLLBACK;
    if (header[READ_VERSION] == WAL) header[READ_VERSION] = ROLLBACK;
    int code =
        sqlite3_open_v2(":memory:", &lite, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (!code) code = sqlite3_db_config(lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (!code) code = sqlite3_db_config(lite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (!code)
        code = sqlite3_deserialize(lite, "main", bytes, (sqlite3_int64)len, (sqlite3_int64)len,
                                   SQLITE_DESERIALIZE_READONLY);
    enum err e = code ? err_say(why, ERR_FORMAT, "its database cannot be opened: %s",
                                lite ? sqlite3_errmsg(lite) : "no memory")
                      : check_schema(lite, why);
    sqlite3_close(lite);
    return e;
}

/* ---- what a reader does with it ---- */

static int count_turn(void *user)
{
    (void)user;
    if (watched.turns <= TURNS) watched.turns++;
    return watched.within && watched.turns > TURNS;
}

/* SQLite calls it for every database that is opened in this process. */
static int watch(sqlite3 *lite, char **error, const struct sqlite3_api_routines *api)
{
    (void)error, (void)api;
    if (!watched.within) return SQLITE_OK;
    (void)sqlite3_limit(lite, SQLITE_LIMIT_LENGTH, DB_FOREIGN_VALUE);
    sqlite3_progress_handler(lite, TURN, count_turn, NULL);
    return SQLITE_OK;
}

/* Told anew each time, since GDAL clears the list; twice is once. The type is that of an
 * extension's entry point, which SQLite calls as what it is. */
void db_foreign_enter(void)
{
    (void)sqlite3_auto_extension((void (*)(void))watch);
    watched.within = true;
    watched.turns = 0;
}

void db_foreign_more(void)
{
    if (watched.turns <= TURNS) watched.turns = 0;
}

bool db_foreign_is_over(void)
{
    return watched.turns > TURNS;
}

void db_foreign_leave(void)
{
    watched.within = false;
}
