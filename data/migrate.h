/* The database's shape, as numbered steps (data/sql/0001_….sql) that are built into the program.
 *
 * Every step runs in a transaction of its own together with its row in schema_migrations, which
 * keeps the CRC-32 of its text: a step that was edited after it ran is noticed. */
#ifndef YZ_DATA_MIGRATE_H
#define YZ_DATA_MIGRATE_H

#include "data/db.h"
#include "geo/base/buf.h"

struct migrate_step {
    int number; /* from 1, without gaps */
    const char *name, *sql;
};

/* The steps that this program was built with, in order. */
const struct migrate_step *migrate_steps(int *count);

/* Brings a DB_WRITE connection's database to this program's shape. `*ran` (may be NULL): steps that
 * ran. ERR_VERSION when it was written by a newer program, ERR_CHECKSUM when a step that ran
 * differs from this program's, each with a sentence that says what to do; nothing is changed then.
 */
enum err migrate_up(struct db *db, int *ran, struct why *why);

/* As migrate_up with the steps given: what tests use. */
enum err migrate_to(struct db *db, const struct migrate_step *steps, int count, int *ran,
                    struct why *why);

/* Whether the database has exactly this program's shape: ERR_OK, ERR_VERSION, ERR_CHECKSUM. Reads
 * only. */
enum err migrate_check(struct db *db, struct why *why);

/* Appends which steps ran in the database, and when: what tells its shape, and it from others. */
enum err migrate_say(struct db *db, struct buf *text);

#endif
