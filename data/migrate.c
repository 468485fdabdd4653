#include "data/migrate.h"

#include "geo/base/zip.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct job {
    const struct migrate_step *steps;
    int count, done, ran;
    struct why *why;
};

static uint32_t checksum(const char *sql)
{
    return zip_crc32(0, sql, strlen(sql));
}

static enum err count_of(struct db *db, const char *sql, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

/* A database with tables of others and none of ours is somebody else's. */
static enum err refuse_foreign(struct db *db, struct why *why)
{
    int64_t ours = 0, foreign = 0;
    enum err e =
        count_of(db, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'", &ours);
    if (!e && !ours)
        e = count_of(db,
                     "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN "
                     "('places', 'areas', 'cases', 'people', 'changes')",
                     &foreign);
    if (!e && foreign)
        return err_say(why, ERR_FORMAT,
                       "the database belongs to another program: name another data directory");
    return e;
}

static enum err check_row(struct db_query *q, const struct job *job, int expected)
{
    int64_t number = db_int(q, 0);
    if (number > job->count)
        return err_say(job->why, ERR_VERSION,
                       "the database was written by a newer program (its shape is %lld, this "
                       "program knows %d): run that one",
                       (long long)number, job->count);
    if (number != expected)
        return err_say(job->why, ERR_CHECKSUM,
                       "the database lacks migration %d: restore it from a backup", expected);
    if (db_int(q, 1) != (int64_t)checksum(job->steps[number - 1].sql))
        return err_say(job->why, ERR_CHECKSUM,
                       "migration %04lld_%s ran in this database with another text: run the "
                       "program that wrote it, or restore a backup",
                       (long long)number, job->steps[number - 1].name);
    return ERR_OK;
}

/* How many steps have run; each is held against the program's. */
static enum err look(struct db *db, const struct job *job, int *done)
{
    struct db_query *q;
    int64_t exists = 0;
    int seen = 0;
    bool row = false;
    enum err e = count_of(db, "SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'",
                          &exists);
    if (e || !exists) {
        if (!e) *done = 0;
        return e;
    }
    e = db_prepare(db, "SELECT number, checksum FROM schema_migrations ORDER BY number", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row && !(e = check_row(q, job, seen + 1)))
        seen++;
    db_done(q);
    if (!e) *done = seen;
    return e;
}

static enum err note_step(struct db *db, const struct migrate_step *step)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO schema_migrations (number, name, checksum, ran_ms) "
                            "VALUES (:number, :name, :checksum, :now)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":number", step->number);
    db_bind_text(q, ":name", step->name);
    db_bind_int(q, ":checksum", checksum(step->sql));
    db_bind_int(q, ":now", (int64_t)time(NULL) * 1000);
    return db_run(q, NULL);
}

/* One step in its transaction. Another process may have run it while we waited for our turn. */
static enum err run_next(struct db *db, void *user)
{
    struct job *job = user;
    enum err e = db_exec(db, "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY "
                             "KEY, name TEXT NOT NULL, checksum INTEGER NOT NULL, ran_ms INTEGER "
                             "NOT NULL) STRICT");
    if (!e) e = look(db, job, &job->done);
    if (e || job->done == job->count) return e;
    const struct migrate_step *step = &job->steps[job->done];
    if ((e = db_exec(db, step->sql)) || (e = note_step(db, step)))
        return err_say(job->why, e, "migration %04d_%s failed: %s", step->number, step->name,
                       db_error(db));
    job->done++;
    job->ran++;
    return ERR_OK;
}

enum err migrate_to(struct db *db, const struct migrate_step *steps, int count, int *ran,
                    struct why *why)
{
    struct job job = {.steps = steps, .count = count, .why = why};
    enum err e = refuse_foreign(db, why);
    if (!e) e = look(db, &job, &job.done);
    while (!e && job.done < count)
        e = db_write(db, run_next, &job);
    if (!e && ran) *ran = job.ran;
    if (e && why && !why->text[0])
        return err_say(why, e, "cannot bring the database up to date: %s", db_error(db));
    return e;
}

enum err migrate_up(struct db *db, int *ran, struct why *why)
{
    int count;
    const struct migrate_step *steps = migrate_steps(&count);
    return migrate_to(db, steps, count, ran, why);
}

enum err migrate_check(struct db *db, struct why *why)
{
    struct job job = {.why = why};
    job.steps = migrate_steps(&job.count);
    enum err e = look(db, &job, &job.done);
    if (e) return e;
    if (job.done < job.count)
        return err_say(why, ERR_VERSION,
                       "the database has the shape of an older program (%d of %d): start the "
                       "server or an import once, which brings it up to date",
                       job.done, job.count);
    return ERR_OK;
}

enum err migrate_say(struct db *db, struct buf *text)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(
        db, "SELECT number, checksum, ran_ms FROM schema_migrations ORDER BY number", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row)
        buf_printf(text, "%lld %lld %lld\n", (long long)db_int(q, 0), (long long)db_int(q, 1),
                   (long long)db_int(q, 2));
    db_done(q);
    return e ? e : text->err;
}
