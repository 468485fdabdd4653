/* Which column of a stranger's table is what, guessed from its name, and what the text in it means.
 */
#ifndef YZ_DATA_IMPORT_COLUMNS_H
#define YZ_DATA_IMPORT_COLUMNS_H

#include "geo/base/arena.h"
#include "geo/base/err.h"
#include "geo/space/coord.h"

#include <stdbool.h>
#include <stddef.h>

/* What a table can say about a place or an area, or a cell of a grid. */
/* clang-format off */
#define IMPORT_COLUMNS(X)                                                                          \
    X(id) X(name) X(name_en) X(names) X(category) X(lon) X(lat) X(wkt) X(address) X(phone)         \
    X(hours) X(hours_self) X(amenities) X(capacity) X(code) X(level) X(weight)
/* clang-format on */
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

/* A mapping that somebody gave for some of the fields: "name=站点名称,lon=经度". Separators are
 * commas, semicolons and line ends; "phone=" with nothing behind it leaves a field out. */
struct import_columns_map {
    const char *names[IMPORT_COLUMNS_COUNT]; /* NULL: guess; "": none */
    char text[2000];                         /* what they point into */
};
/* ERR_INVALID names the word that is no field, or the field that comes twice; ERR_LIMIT for more
 * text than fits. */
enum err import_columns_read_map(const char *text, struct import_columns_map *map, struct why *why);

/* As import_columns_guess, but for what the map gives: its columns are found by their whole name,
 * or as a guess compares words. ERR_NOTFOUND names the first column that is missing. `map` may be
 * NULL. */
enum err import_columns_find(const struct import_columns_map *map, const char *const *names,
                             size_t count, int columns[IMPORT_COLUMNS_COUNT], struct why *why);

/* The row among the first ones of a table that is its header: the one in which most fields find a
 * column, the first of several; the first row unless another finds two. `rows` is row after row of
 * `width` cells. */
size_t import_columns_header(const struct import_columns_map *map, const char *const *rows,
                             size_t count, size_t width);

/* Reads a position written in one column: two numbers with a comma, semicolon or space between
 * them, longitude first. */
bool import_columns_pair(const char *text, struct coord *at);

/* Reads how many find room: a whole number, as a person writes it ("30", "30个", "约30人"); "" is
 * 0. -1: not understood, or above a million. */
int import_columns_capacity(const char *text);

/* Reads an area's level: 2 to 11 as OSM counts (admin_level), or the words that official maps use
 * ("district", 街道). 0: not understood. */
int import_columns_level(const char *text);

/* Other names with a semicolon between them, whatever stood there; in the arena, or `bare` itself
 * where it is "" or NULL. NULL without memory. */
const char *import_columns_names(const char *bare, struct arena *arena);

#endif
