#include "data/db.h"
#include "data/turn.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* In this order: the second takes the first's types as given. */
#include <sqlite3.h>

#include <spatialite.h>

enum { CACHED = 96, BUSY_MS = 15000, PAGE_CACHE_KIB = 8192 };
/* Of a statement on a foreign file: far more than a tile takes, and less than a second. */
enum { FOREIGN_TURN = 1000, FOREIGN_TURNS = 5000 };

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
    struct db_query *queries[CACHED];
    uint64_t clock;
    bool in_transaction;
    struct each *each; /* whom the rows of db_each go to */
    unsigned turns;    /* that the statement on a foreign file has taken */
    struct turn turn;  /* among the writers */
    char path[PATH_MAX];
    char error[256];
};

struct each {
    struct db_query *query;
    enum err (*row)(struct db_query *query, void *user);
    void *user;
    enum err e; /* what it failed with */
};

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
static enum err note(struct db *db, int code)
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
    enum err e = note(db, code);
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
        sqlite3_busy_timeout(db->lite, BUSY_MS); /* here: SpatiaLite sets one of its own */
        spatialite_set_silent_mode(db->spatial);
    }
    pthread_mutex_unlock(&spatial_lock);
    return db->spatial ? ERR_OK : err_say(why, ERR_LIMIT, "too many database connections");
}

/* Its arguments are the columns: a value is had for half of what sqlite3_column_… takes. */
static void each_step(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct each *each = ((struct db *)sqlite3_user_data(context))->each;
    if (!each || !count) {
        sqlite3_result_error(context, "each_row outside of db_each", -1);
        return;
    }
    each->query->values = values;
    each->e = each->row(each->query, each->user);
    each->query->values = NULL;
    if (each->e) sqlite3_result_error_code(context, SQLITE_ABORT); /* no more rows */
}

static void each_end(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

static enum err settle(struct db *db, const char *path, enum db_mode mode, struct why *why)
{
    char sql[160];
    (void)snprintf(sql, sizeof sql,
                   "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -%d",
                   PAGE_CACHE_KIB);
    /* The first touch of the file: here what is no database shows itself. */
    int code = sqlite3_exec(db->lite, "PRAGMA schema_version", NULL, NULL, NULL);
    if (code == SQLITE_OK && is_written(mode))
        code = sqlite3_exec(db->lite, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_exec(db->lite, sql, NULL, NULL, NULL);
    if (code == SQLITE_OK && mode != DB_FOREIGN)
        code = sqlite3_create_function_v2(db->lite, "each_row", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
                                          db, NULL, each_step, each_end, NULL);
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

static void query_free(struct db_query *query)
{
    if (!query) return;
    sqlite3_finalize(query->statement);
    free(query->sql);
    free(query);
}

void db_close(struct db *db)
{
    if (!db) return;
    for (size_t i = 0; i < CACHED; i++)
        query_free(db->queries[i]);
    pthread_mutex_lock(&spatial_lock);
    sqlite3_close(db->lite);
    if (db->spatial) spatialite_cleanup_ex(db->spatial);
    pthread_mutex_unlock(&spatial_lock);
    turn_fini(&db->turn);
    free(db);
}

enum err db_exec(struct db *db, const char *sql)
{
    return note(db, sqlite3_exec(db->lite, sql, NULL, NULL, NULL));
}

/* --- statements --- */

/* A place in the cache: an empty one, or the one that was idle longest; NULL if all are busy. */
static struct db_query **cache_slot(struct db *db)
{
    struct db_query **best = NULL;
    for (size_t i = 0; i < CACHED; i++) {
        struct db_query **slot = &db->queries[i];
        if (!*slot) return slot;
        if (!(*slot)->busy && (!best || (*slot)->used < (*best)->used)) best = slot;
    }
    return best;
}

static struct db_query *cache_find(struct db *db, const char *sql)
{
    for (size_t i = 0; i < CACHED && db->queries[i]; i++)
        if (!db->queries[i]->busy && strcmp(db->queries[i]->sql, sql) == 0) return db->queries[i];
    return NULL;
}

static enum err query_new(struct db *db, const char *sql, struct db_query **query)
{
    struct db_query *made = calloc(1, sizeof *made);
    if (made) made->sql = strdup(sql);
    if (!made || !made->sql) {
        query_free(made);
        return ERR_NOMEM;
    }
    made->db = db;
    enum err e = note(db, sqlite3_prepare_v3(db->lite, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                             &made->statement, NULL));
    if (e) {
        query_free(made);
        return e;
    }
    struct db_query **slot = cache_slot(db);
    if (slot) {
        query_free(*slot);
        *slot = made;
        made->cached = true;
    }
    *query = made;
    return ERR_OK;
}

enum err db_prepare(struct db *db, const char *sql, struct db_query **query)
{
    struct db_query *found = cache_find(db, sql);
    if (!found) {
        enum err e = query_new(db, sql, &found);
        if (e) return e;
    }
    found->busy = true;
    db->turns = 0;
    found->used = ++db->clock;
    *query = found;
    return ERR_OK;
}

void db_done(struct db_query *query)
{
    if (!query) return;
    sqlite3_reset(query->statement);
    sqlite3_clear_bindings(query->statement);
    query->busy = false;
    query->bad_bind = SQLITE_OK;
    if (!query->cached) query_free(query);
}

static int index_of(struct db_query *query, const char *name)
{
    int index = sqlite3_bind_parameter_index(query->statement, name);
    assert(index > 0 && "the statement has no such parameter");
    return index;
}

static void bound(struct db_query *query, int code)
{
    if (code != SQLITE_OK && query->bad_bind == SQLITE_OK) query->bad_bind = code;
}

void db_bind_int(struct db_query *query, const char *name, int64_t value)
{
    bound(query, sqlite3_bind_int64(query->statement, index_of(query, name), value));
}

void db_bind_real(struct db_query *query, const char *name, double value)
{
    bound(query, sqlite3_bind_double(query->statement, index_of(query, name), value));
}

void db_bind_text(struct db_query *query, const char *name, const char *value)
{
    bound(query,
          sqlite3_bind_text(query->statement, index_of(query, name), value, -1, SQLITE_TRANSIENT));
}

void db_bind_blob(struct db_query *query, const char *name, const void *bytes, size_t len)
{
    /* SQLite takes a NULL pointer for NULL, whatever its length. */
    bound(query, sqlite3_bind_blob64(query->statement, index_of(query, name), bytes ? bytes : "",
                                     len, SQLITE_TRANSIENT));
}

void db_bind_null(struct db_query *query, const char *name)
{
    bound(query, sqlite3_bind_null(query->statement, index_of(query, name)));
}

enum err db_step(struct db_query *query, bool *row)
{
    if (query->bad_bind != SQLITE_OK) return note(query->db, query->bad_bind);
    int code = sqlite3_step(query->statement);
    enum err e = note(query->db, code);
    if (!e) *row = code == SQLITE_ROW;
    return e;
}

enum err db_run(struct db_query *query, int64_t *changed)
{
    bool row;
    enum err e = db_step(query, &row);
    if (!e && changed) *changed = sqlite3_changes64(query->db->lite);
    db_done(query);
    return e;
}

enum err db_each(struct db_query *query, enum err (*row)(struct db_query *query, void *user),
                 void *user)
{
    struct each each = {.query = query, .row = row, .user = user};
    bool end;
    assert(!query->db->each && "db_each inside of db_each");
    query->db->each = &each;
    enum err e = db_step(query, &end);
    query->db->each = NULL;
    db_done(query);
    return each.e ? each.e : e;
}

int64_t db_int(struct db_query *query, int column)
{
    if (query->values) return sqlite3_value_int64(query->values[column]);
    return sqlite3_column_int64(query->statement, column);
}

double db_real(struct db_query *query, int column)
{
    if (query->values) return sqlite3_value_double(query->values[column]);
    return sqlite3_column_double(query->statement, column);
}

const char *db_text(struct db_query *query, int column)
{
    const unsigned char *text = query->values ? sqlite3_value_text(query->values[column])
                                              : sqlite3_column_text(query->statement, column);
    return text ? (const char *)text : "";
}

const void *db_blob(struct db_query *query, int column, size_t *len)
{
    sqlite3_value *value = query->values ? query->values[column] : NULL;
    const void *bytes =
        value ? sqlite3_value_blob(value) : sqlite3_column_blob(query->statement, column);
    *len = (size_t)(value ? sqlite3_value_bytes(value)
                          : sqlite3_column_bytes(query->statement, column));
    return bytes ? bytes : "";
}

bool db_is_null(struct db_query *query, int column)
{
    if (query->values) return sqlite3_value_type(query->values[column]) == SQLITE_NULL;
    return sqlite3_column_type(query->statement, column) == SQLITE_NULL;
}

int64_t db_last_id(const struct db *db)
{
    return sqlite3_last_insert_rowid(db->lite);
}

/* --- transactions --- */

static enum err take_turn(struct db *db)
{
    bool in_memory = db->path[0] == ':'; /* no one else sees it */
    enum err e = in_memory ? ERR_OK : turn_take(&db->turn, db->path, BUSY_MS);
    if (e)
        (void)snprintf(db->error, sizeof db->error, "%s",
                       e == ERR_BUSY ? "another writer did not finish in time"
                                     : "cannot open the writers' lock beside the database");
    return e;
}

static enum err transaction(struct db *db, const char *begin,
                            enum err (*work)(struct db *db, void *user), void *user)
{
    enum err e = db_exec(db, begin);
    if (e) return e;
    db->in_transaction = true;
    e = work(db, user);
    if (!e) e = db_exec(db, "COMMIT");
    /* The sentence of what failed is worth more than what ROLLBACK has to say; some failures have
     * already rolled back. */
    if (e && !sqlite3_get_autocommit(db->lite))
        sqlite3_exec(db->lite, "ROLLBACK", NULL, NULL, NULL);
    db->in_transaction = false;
    return e;
}

enum err db_write(struct db *db, enum err (*work)(struct db *db, void *user), void *user)
{
    assert(!db->in_transaction && "db_write inside a transaction");
    enum err e = take_turn(db);
    if (e) return e;
    e = transaction(db, "BEGIN IMMEDIATE", work, user);
    turn_give(&db->turn);
    return e;
}

enum err db_read(struct db *db, enum err (*work)(struct db *db, void *user), void *user)
{
    assert(!db->in_transaction && "db_read inside a transaction");
    return transaction(db, "BEGIN", work, user);
}
