#include "data/db_write.h"

#include "data/db_lite.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static enum err take_turn(struct db *db, int64_t wait_ms)
{
    bool in_memory = db->path[0] == ':'; /* no one else sees it */
    enum err e = in_memory ? ERR_OK : turn_take(&db->turn, db->path, wait_ms);
    if (e)
        (void)snprintf(db->error, sizeof db->error, "%s",
                       e == ERR_BUSY ? "another writer did not finish in time"
                                     : "cannot open the writers' lock beside the database");
    return e;
}

static enum err begin(struct db *db, const char *sql)
{
    enum err e = db_exec(db, sql);
    db->in_transaction = !e;
    db->lost = ERR_OK;
    return e;
}

/* The sentence of what failed is worth more than what ROLLBACK has to say; some failures have
 * already rolled back. */
static enum err end(struct db *db, enum err e)
{
    if (!e) e = db->lost;
    if (!e) e = db_exec(db, "COMMIT");
    if (e && !sqlite3_get_autocommit(db->lite))
        sqlite3_exec(db->lite, "ROLLBACK", NULL, NULL, NULL);
    db->in_transaction = false;
    return e;
}

enum err db_write_begin(struct db *db, int64_t wait_ms)
{
    assert(!db->in_transaction && "db_write inside a transaction");
    enum err e = take_turn(db, wait_ms);
    if (e) return e;
    e = begin(db, "BEGIN IMMEDIATE");
    if (e) turn_give(&db->turn);
    return e;
}

/* Constraints that wait for the end of the transaction; those of earlier parts hold. */
static enum err check_keys(struct db *db)
{
    int broken = 0, most;
    (void)sqlite3_db_status(db->lite, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &most, 0);
    if (!broken) return ERR_OK;
    (void)snprintf(db->error, sizeof db->error, "FOREIGN KEY constraint failed");
    return ERR_CONFLICT;
}

enum err db_write_part(struct db *db, enum err (*work)(struct db *db, void *user), void *user)
{
    static const char undo[] = "ROLLBACK TO part; RELEASE part";
    enum err e = db_exec(db, "SAVEPOINT part");
    if (!e) {
        e = work(db, user);
        if (!e) e = check_keys(db);
        if (!e) e = db_exec(db, "RELEASE part");
        if (e && sqlite3_exec(db->lite, undo, NULL, NULL, NULL) != SQLITE_OK) db->lost = e;
    }
    if (sqlite3_get_autocommit(db->lite)) db->lost = e ? e : ERR_DB;
    return e;
}

bool db_write_is_lost(const struct db *db)
{
    return db->lost != ERR_OK;
}

enum err db_write_end(struct db *db)
{
    enum err e = end(db, ERR_OK);
    turn_give(&db->turn);
    return e;
}

enum err db_write(struct db *db, enum err (*work)(struct db *db, void *user), void *user)
{
    assert(!db->in_transaction && "db_write inside a transaction");
    if (db->door.write)
        return db->door.write(db->door.user, work, user, db->error, sizeof db->error);
    enum err e = db_write_begin(db, DB_LITE_BUSY_MS);
    if (e) return e;
    e = end(db, work(db, user));
    turn_give(&db->turn);
    return e;
}

enum err db_write_said(struct db *db, enum err (*work)(struct db *db, void *user), void *user,
                       struct why **said, struct why *why)
{
    struct why sentence = {""};
    *said = &sentence;
    enum err e = db_write(db, work, user);
    *said = NULL;
    if (e && !sentence.text[0]) (void)err_say(&sentence, e, "cannot store it: %s", db_error(db));
    return e ? err_say(why, e, "%s", sentence.text) : ERR_OK;
}

static bool log_is_empty(const struct db *db)
{
    char path[PATH_MAX + 4];
    struct stat st;
    (void)snprintf(path, sizeof path, "%s-wal", db->path);
    return stat(path, &st) == 0 ? st.st_size == 0 : errno == ENOENT;
}

/* Whether all that was in the log is where it belongs. */
static enum err checkpoint(struct db *db, const char *sql, bool *done)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *done = row && db_int(q, 0) == 0 && db_int(q, 1) == db_int(q, 2);
    db_done(q);
    return e;
}

/* TRUNCATE holds writers up while it waits for readers: hence not for long, and only once the pages
 * are where they belong, which holds up nobody and does not come about as long as somebody reads
 * what was before. */
enum err db_wash(struct db *db, bool *done)
{
    bool moved = false, emptied = false;
    assert(!db->in_transaction && "db_wash inside a transaction");
    if (log_is_empty(db)) {
        *done = true;
        return ERR_OK;
    }
    enum err e = db_exec(db, "PRAGMA busy_timeout = 50");
    if (!e) e = checkpoint(db, "PRAGMA wal_checkpoint(PASSIVE)", &moved);
    if (!e && moved) e = take_turn(db, 200);
    if (!e && moved) {
        e = checkpoint(db, "PRAGMA wal_checkpoint(TRUNCATE)", &emptied);
        turn_give(&db->turn);
    }
    if (e && e != ERR_BUSY) return e;
    *done = !e && emptied;
    return ERR_OK;
}

enum err db_read(struct db *db, enum err (*work)(struct db *db, void *user), void *user)
{
    assert(!db->in_transaction && "db_read inside a transaction");
    enum err e = begin(db, "BEGIN");
    return e ? e : end(db, work(db, user));
}

void db_lead(struct db *db, const struct db_door *door)
{
    db->door = *door;
}
