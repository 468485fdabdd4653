/* The book of imports: who brought what from where, when, and what became of every line. Dry runs
 * are written down too, so that the run after one can be held against what it promised. */
#ifndef YZ_DATA_IMPORTS_H
#define YZ_DATA_IMPORTS_H

#include "data/db.h"
#include "data/import_ogr.h"
#include "data/secrets.h"
#include "geo/base/arena.h"

enum {
    IMPORTS_KEPT = 200, /* so many of the latest keep their report, and of dry runs their row */
    IMPORTS_PROMISE_MS = 24 * 3600 * 1000
};

/* What is noted of an import besides its counts; borrowed. */
struct imports_note {
    enum import_ogr_kind kind;
    bool dry_run;
    int64_t person;            /* 0: the command line */
    const char *source, *file; /* for imports_keep_dry; what was run has them in its row already */
    const unsigned char *digest; /* SECRETS_HASH_BYTES, of the file and how to read it; or NULL */
    const struct import_report *report;
};

/* Writes the note to the row that an import began, inside its transaction. */
enum err imports_seal(struct db *db, int64_t import, const struct imports_note *note);

/* Makes the row of a dry run, inside a transaction of its own; `*import` is its number. */
enum err imports_keep_dry(struct db *db, const struct imports_note *note, int64_t *import);

/* One import coming out; text in the arena. */
struct imports_import {
    int64_t id, began_ms, ended_ms; /* ended 0: of an older program */
    enum import_ogr_kind kind;
    bool dry_run;
    int64_t person; /* 0: the command line */
    const char *by; /* login; "" likewise */
    const char *source, *file, *error;
    int64_t created, updated, unchanged, refused, duplicates, vanished;
    char digest[SECRETS_HEX_SIZE]; /* "" for an older one */
    int64_t promised_by;           /* 0: no dry run of the day before had this digest */
    bool as_promised;
    const char *report, *report_csv; /* NULL when it is not kept, and in lists */
    size_t report_len, report_csv_len;
};

/* ERR_NOTFOUND. */
enum err imports_get(struct db *db, int64_t id, struct arena *arena, struct imports_import *import);

/* The latest first: those below `before` (0: all), at most `limit`, of one person (0: all). */
enum err imports_list(struct db *db, int64_t person, int64_t before, uint32_t limit,
                      struct arena *arena, const struct imports_import **imports, size_t *count);

#endif
