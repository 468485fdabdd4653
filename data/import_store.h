/* Rows that were checked, stored together in one transaction and told line by line: the half of an
 * import that knows the database. */
#ifndef YZ_DATA_IMPORT_STORE_H
#define YZ_DATA_IMPORT_STORE_H

#include "data/areas.h"
#include "data/import_ogr.h"
#include "data/places.h"

/* A row as it goes into the database. */
struct import_kept {
    uint64_t line;
    const char *note; /* about what of it was not taken, or "" */
    unsigned said;    /* of a place: the fields that the file has columns for, as bits */
    union {
        struct places_row place;
        struct areas_row area;
    } as;
};

/* All of it is borrowed; the items' positions may be changed to those that are stored already. */
struct import_store {
    enum import_ogr_kind kind;
    const struct import_ogr_options *options;
    struct import_report *report;
    struct import_kept *items;
    size_t count;
    const char *const *refused; /* ids of rows that cannot be used: not missing for that */
    size_t refused_count;
    bool unsure;      /* a row cannot be used, and does not tell what it is about */
    const char *file; /* for people to read */
    const struct progress *progress;
    struct why *why;
    bool undone; /* a dry run came to its end */
};

/* Stores the items as import_ogr.h tells. Lines are added to the report in their order, then what
 * has vanished. */
enum err import_store_run(struct import_store *store, struct db *db);

#endif
