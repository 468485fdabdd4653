#include "data/db_lite.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct each {
    struct db_query *query;
    enum err (*row)(struct db_query *query, void *user);
    void *user;
    enum err e; /* what it failed with */
};

enum err db_exec(struct db *db, const char *sql)
{
    return db_lite_note(db, sqlite3_exec(db->lite, sql, NULL, NULL, NULL));
}

static void query_free(struct db_query *query)
{
    if (!query) return;
    sqlite3_finalize(query->statement);
    free(query->sql);
    free(query);
}

void db_query_forget(struct db *db)
{
    for (size_t i = 0; i < DB_LITE_CACHED; i++)
        query_free(db->queries[i]);
}

/* A place in the cache: an empty one, or the one that was idle longest; NULL if all are busy. */
static struct db_query **cache_slot(struct db *db)
{
    struct db_query **best = NULL;
    for (size_t i = 0; i < DB_LITE_CACHED; i++) {
        struct db_query **slot = &db->queries[i];
        if (!*slot) return slot;
        if (!(*slot)->busy && (!best || (*slot)->used < (*best)->used)) best = slot;
    }
    return best;
}

static struct db_query *cache_find(struct db *db, const char *sql)
{
    for (size_t i = 0; i < DB_LITE_CACHED && db->queries[i]; i++)
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
    enum err e = db_lite_note(db, sqlite3_prepare_v3(db->lite, sql, -1, SQLITE_PREPARE_PERSISTENT,
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
    if (query->bad_bind != SQLITE_OK) return db_lite_note(query->db, query->bad_bind);
    int code = sqlite3_step(query->statement);
    enum err e = db_lite_note(query->db, code);
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

int db_query_offer_each(struct db *db)
{
    return sqlite3_create_function_v2(db->lite, "each_row", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, db,
                                      NULL, each_step, each_end, NULL);
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
