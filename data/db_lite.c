#include "data/db_lite.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <spatialite.h>

/* Of a statement on a foreign file: far more than a tile takes, and less than a second. */
enum { FOREIGN_TURN = 1000, FOREIGN_TURNS = 5000 };
enum { PAGE_CACHE_KIB = 8192 };

/* SpatiaLite's own start and its table of connections are not made for several threads. */
static pthread_mutex_t spatial_lock = PTHREAD_MUTEX_INITIALIZER;

/* SQLite counts its memory under one lock for the whole process, which nobody here reads and every
 * thread would wait for. To be said before SQLite is first used. */
static pthread_once_t quiet_once = PTHREAD_ONCE_INIT;

static void quiet_memory(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static const struct {
    int code;
    enum err e;
} codes[] = {
    {SQLITE_OK, ERR_OK},         {SQLITE_ROW, ERR_OK},
    {SQLITE_DONE, ERR_OK},       {SQLITE_BUSY, ERR_BUSY},
    {SQLITE_LOCKED, ERR_BUSY},   {SQLITE_FULL, ERR_FULL},
    {SQLITE_NOMEM, ERR_NOMEM},   {SQLITE_CONSTRAINT, ERR_CONFLICT},
    {SQLITE_NOTADB, ERR_FORMAT}, {SQLITE_CORRUPT, ERR_FORMAT},
    {SQLITE_CANTOPEN, ERR_IO},   {SQLITE_READONLY, ERR_READONLY},
    {SQLITE_IOERR, ERR_IO},      {SQLITE_TOOBIG, ERR_LIMIT},
    {SQLITE_PERM, ERR_DENIED},   {SQLITE_INTERRUPT, ERR_CANCELLED},
};

static enum err from_code(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == (code & 0xFF)) return codes[i].e;
    return ERR_DB;
}

/* Keeps the sentence of a failure. */
enum err db_lite_note(struct db *db, int code)
{
    enum err e = from_code(code);
    if (e) (void)snprintf(db->error, sizeof db->error, "%s", sqlite3_errmsg(db->lite));
    return e;
}

const char *db_error(const struct db *db)
{
    return db->error;
}

/* --- opening --- */

static enum err refuse(struct db *db, const char *path, int code, struct why *why)
{
    enum err e = db_lite_note(db, code);
    if (e == ERR_FORMAT)
        return err_say(why, e, "%s is not a database, or a damaged one: %s", path, db->error);
    return err_say(why, e, "cannot open the database %s: %s", path, db->error);
}

static bool is_written(enum db_mode mode)
{
    return mode == DB_WRITE || mode == DB_CREATE;
}

static int count_turn(void *user)
{
    struct db *db = user;
    return ++db->turns > FOREIGN_TURNS;
}

/* What SQLite advises for files of unknown make (https://www.sqlite.org/security.html). */
static void distrust(struct db *db)
{
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    (void)sqlite3_limit(db->lite, SQLITE_LIMIT_LENGTH, DB_FOREIGN_BYTES);
    (void)sqlite3_limit(db->lite, SQLITE_LIMIT_SQL_LENGTH, 100000);
    (void)sqlite3_limit(db->lite, SQLITE_LIMIT_ATTACHED, 0);
    (void)sqlite3_exec(db->lite, "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0", NULL, NULL,
                       NULL);
    sqlite3_progress_handler(db->lite, FOREIGN_TURN, count_turn, db);
}

static enum err open_file(struct db *db, const char *path, enum db_mode mode, struct why *why)
{
    static const int flags[] = {
        [DB_READ] = SQLITE_OPEN_READONLY,
        [DB_FOREIGN] = SQLITE_OPEN_READONLY,
        [DB_WRITE] = SQLITE_OPEN_READWRITE,
        [DB_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    struct stat st;
    if (mode != DB_CREATE && stat(path, &st) != 0 && errno == ENOENT)
        return err_say(why, ERR_NOTFOUND, "there is no database at %s", path);
    int code = sqlite3_open_v2(path, &db->lite,
                               flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (!db->lite) return err_say(why, ERR_NOMEM, "no memory to open %s", path);
    if (code != SQLITE_OK) return refuse(db, path, code, why);
    if (is_written(mode) && sqlite3_db_readonly(db->lite, "main") == 1)
        return err_say(why, ERR_READONLY,
                       "%s cannot be written: give it and its folder to the user that runs this",
                       path);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db->lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    if (mode == DB_FOREIGN) distrust(db);
    return ERR_OK;
}

/* The geometry triggers and generated columns call SpatiaLite's functions, so the schema has to be
 * trusted with functions; nothing but migrations writes it. */
static enum err start_spatial(struct db *db, struct why *why)
{
    pthread_mutex_lock(&spatial_lock);
    db->spatial = spatialite_alloc_connection();
    if (db->spatial) {
        spatialite_init_ex(db->lite, db->spatial, 0);
        sqlite3_busy_timeout(db->lite, DB_LITE_BUSY_MS); /* here: SpatiaLite sets one of its own */
        spatialite_set_silent_mode(db->spatial);
    }
    pthread_mutex_unlock(&spatial_lock);
    return db->spatial ? ERR_OK : err_say(why, ERR_LIMIT, "too many database connections");
}

static enum err settle(struct db *db, const char *path, enum db_mode mode, struct why *why)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA secure_delete = "
                   "ON; PRAGMA cache_size = -%d",
                   PAGE_CACHE_KIB);
    /* The first touch of the file: here what is no database shows itself. */
    int code = sqlite3_exec(db->lite, "PRAGMA schema_version", NULL, NULL, NULL);
    if (code == SQLITE_OK && is_written(mode))
        code = sqlite3_exec(db->lite, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(db->lite, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK && mode != DB_FOREIGN) code = db_query_offer_each(db);
    return code == SQLITE_OK ? ERR_OK : refuse(db, path, code, why);
}

/* With WGS 84 alone: the whole list of reference systems would cost every start half a second. */
static enum err make_spatial(struct db *db, const char *path, struct why *why)
{
    sqlite3_stmt *s = NULL;
    int code =
        sqlite3_prepare_v2(db->lite,
                           "SELECT CASE WHEN EXISTS (SELECT 1 FROM sqlite_master WHERE name = "
                           "'spatial_ref_sys') THEN 1 ELSE InitSpatialMetaData(1, 'WGS84') END",
                           -1, &s, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(s);
    bool made = code == SQLITE_ROW && sqlite3_column_int(s, 0) == 1;
    enum err e = made                 ? ERR_OK
                 : code == SQLITE_ROW ? err_say(why, ERR_DB, "cannot set up %s", path)
                                      : refuse(db, path, code, why);
    sqlite3_finalize(s);
    return e;
}

enum err db_open(const char *path, enum db_mode mode, struct db **db, struct why *why)
{
    struct db *made = calloc(1, sizeof *made);
    if (!made) return err_say(why, ERR_NOMEM, "no memory to open %s", path);
    (void)pthread_once(&quiet_once, quiet_memory);
    turn_init(&made->turn);
    (void)snprintf(made->path, sizeof made->path, "%s", path);
    enum err e = open_file(made, path, mode, why);
    if (!e && mode != DB_FOREIGN) e = start_spatial(made, why);
    if (!e) e = settle(made, path, mode, why);
    if (!e && mode == DB_CREATE) e = make_spatial(made, path, why);
    if (e)
        db_close(made);
    else
        *db = made;
    return e;
}

enum err db_twin(const struct db *db, struct db **twin, struct why *why)
{
    return db_open(db->path, DB_READ, twin, why);
}

void db_close(struct db *db)
{
    if (!db) return;
    db_query_forget(db);
    pthread_mutex_lock(&spatial_lock);
    sqlite3_close(db->lite);
    if (db->spatial) spatialite_cleanup_ex(db->spatial);
    pthread_mutex_unlock(&spatial_lock);
    turn_fini(&db->turn);
    free(db);
}
