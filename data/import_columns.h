/* Which column of a stranger's table is what: guessed from its name. */
#ifndef YZ_DATA_IMPORT_COLUMNS_H
#define YZ_DATA_IMPORT_COLUMNS_H

#include <stddef.h>

/* What a table can say about a place or an area. */
#define IMPORT_COLUMNS(X)                                                                          \
    X(id)                                                                                          \
    X(name)                                                                                        \
    X(name_en)                                                                                     \
    X(category) X(lon) X(lat) X(wkt) X(address) X(phone) X(hours) X(hours_self) X(amenities)       \
        X(code) X(level)
enum import_column {
#define IMPORT_COLUMNS_ENUM(name) IMPORT_COLUMNS_##name,
    IMPORT_COLUMNS(IMPORT_COLUMNS_ENUM)
#undef IMPORT_COLUMNS_ENUM
        IMPORT_COLUMNS_COUNT
};

/* The field's own name ("hours_self"); static text. */
const char *import_columns_name(enum import_column field);

/* For each field the index of its column in `names`, or -1. Words for a field are tried in the
 * order of preference of the list in import_columns.c ("name:zh" before "title"); case, spaces,
 * underscores and hyphens do not count, nor does what stands in brackets behind ("经度(WGS84)").
 * A column serves one field at most; of two equally good ones the first is taken. */
void import_columns_guess(const char *const *names, size_t count,
                          int columns[IMPORT_COLUMNS_COUNT]);

#endif
