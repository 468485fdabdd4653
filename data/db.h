/* The seam between the domain and a database: about a dozen verbs, spoken today by SpatiaLite
 * (db_lite.c) and made so that PostGIS can speak them too. SQL above it is the common part of both;
 * geometries travel as WKB; parameters are named (`:name`), never numbered.
 *
 * A connection and its statements belong to one thread. */
#ifndef YZ_DATA_DB_H
#define YZ_DATA_DB_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct db_query; /* a prepared statement, borrowed from its connection until db_done */

/* DB_CREATE: make the file if it is missing. DB_FOREIGN: only read a file that somebody else made,
 * which is not to be believed: without SpatiaLite, its schema calls no functions that could do
 * harm, a value has DB_FOREIGN_BYTES at most (ERR_LIMIT), and a statement that does not end soon is
 * ERR_CANCELLED. */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE, DB_FOREIGN };
enum { DB_FOREIGN_BYTES = 16 * 1024 * 1024 };

/* Opens with WAL, foreign keys on, synchronous=FULL and a busy timeout of some seconds.
 * ERR_READONLY, ERR_NOTFOUND, ERR_FORMAT (not a database) with a sentence. db_close(NULL) is fine.
 */
enum err db_open(const char *path, enum db_mode mode, struct db **db, struct why *why);
void db_close(struct db *db);

/* Another connection to the same database, for reading, for another thread. */
enum err db_twin(const struct db *db, struct db **twin, struct why *why);

/* The sentence of the connection's last failure. */
const char *db_error(const struct db *db);

/* Runs statements without parameters or results: migrations. */
enum err db_exec(struct db *db, const char *sql);

/* A statement ready for values; prepared once per connection and text, then reused. */
enum err db_prepare(struct db *db, const char *sql, struct db_query **query);

/* Values by name, with the colon: ":id". Text and blobs are copied. A name the statement does not
 * have is a bug (assert). NULL text binds NULL. */
void db_bind_int(struct db_query *query, const char *name, int64_t value);
void db_bind_real(struct db_query *query, const char *name, double value);
void db_bind_text(struct db_query *query, const char *name, const char *value);
void db_bind_blob(struct db_query *query, const char *name, const void *bytes, size_t len);
void db_bind_null(struct db_query *query, const char *name);

/* ERR_OK with *row true: a row is there; false: the end. ERR_CONFLICT for a broken constraint,
 * ERR_BUSY, ERR_FULL, ERR_READONLY, ERR_DB. */
enum err db_step(struct db_query *query, bool *row);

/* Runs a statement that gives no rows, and finishes it. `*changed` (may be NULL): rows touched. */
enum err db_run(struct db_query *query, int64_t *changed);

/* Columns of the present row, from 0. Text and blobs live until the next step; NULL reads as 0,
 * 0.0,
 * "" and an empty blob. */
int64_t db_int(struct db_query *query, int column);
double db_real(struct db_query *query, int column);
const char *db_text(struct db_query *query, int column);
const void *db_blob(struct db_query *query, int column, size_t *len);
bool db_is_null(struct db_query *query, int column);

/* Runs a statement `SELECT each_row(column, …) FROM …` and finishes it: each row goes to `row`,
 * whose columns are the arguments of each_row, read as above; text and blobs live until it returns.
 * What it fails with ends the run and is returned, otherwise as db_step. For many rows: about half
 * the price of stepping. Not inside of `row` of the same connection; a DB_FOREIGN one has no
 * each_row. */
enum err db_each(struct db_query *query, enum err (*row)(struct db_query *query, void *user),
                 void *user);

/* Ends the use of a statement: resets it and clears its values. NULL does nothing. */
void db_done(struct db_query *query);

/* The key of the last inserted row. */
int64_t db_last_id(const struct db *db);

/* Runs `work` in one write transaction: all of it is on disk when this returns ERR_OK, none of it
 * otherwise. Writers, also those of other processes, take turns here; a nested call is a bug. The
 * connection that `work` gets is the one to use: it may be another's, on another thread. */
enum err db_write(struct db *db, enum err (*work)(struct db *db, void *user), void *user);
/* As db_write, and a failure always has a sentence in `*why` (may be NULL): what `work` said there,
 * or the database. `*said` is where `work` looks for it, a member of `user`; set here. */
enum err db_write_said(struct db *db, enum err (*work)(struct db *db, void *user), void *user,
                       struct why **said, struct why *why);

/* Where a connection's db_write leads instead of its own transaction. `write` does what db_write
 * promises and, on failure, tells the sentence in `said`. */
struct db_door {
    enum err (*write)(void *user, enum err (*work)(struct db *db, void *user), void *work_user,
                      char *said, size_t size);
    void *user;
};
void db_lead(struct db *db, const struct db_door *door);

/* Empties the write-ahead log into the database: nothing is left in it of what was deleted, and in
 * the database itself deleting overwrites. Looks at the file's size alone when it is empty. For a
 * connection of its own that writes, outside of transactions. `*done` false: somebody was reading
 * or writing for too long; ask again. */
enum err db_wash(struct db *db, bool *done);

/* Runs `work` in one read transaction: it sees one state throughout. */
enum err db_read(struct db *db, enum err (*work)(struct db *db, void *user), void *user);

#endif
