/* The conditions of a filter in SQL: what lists and maps of cases share. */
#ifndef YZ_DATA_CASES_WHERE_H
#define YZ_DATA_CASES_WHERE_H

#include "data/cases.h"

enum { CASES_WHERE_AREAS = 256, CASES_WHERE_SQL = 8192 };

/* Text of a statement, of a bounded size. */
struct cases_where_sql {
    char text[CASES_WHERE_SQL];
    size_t len;
};
void cases_where_add(struct cases_where_sql *sql, const char *text);

struct cases_where {
    const struct cases_filter *filter;
    const char **open; /* states, where only those that are open, or listed, are wanted */
    size_t open_count;
    const char *like;  /* a pattern for the text; NULL: none */
    bool leaves_index; /* to one that something else in the statement asks for */
};

/* ERR_LIMIT above CASES_WHERE_AREAS areas; ERR_NOMEM. Borrows the filter. */
enum err cases_where_init(struct cases_where *where, const struct cases_filter *filter,
                          const struct kinds *kinds, struct arena *arena);

/* Adds " AND ..." for all but the filter's page, about cases c; then the values to the statement.
 */
void cases_where_write(struct cases_where_sql *sql, const struct cases_where *where);
void cases_where_bind(struct db_query *q, const struct cases_where *where);

#endif
