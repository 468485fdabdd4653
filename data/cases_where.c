#include "data/cases_where.h"

#include <stdio.h>
#include <string.h>

void cases_where_add(struct cases_where_sql *sql, const char *text)
{
    size_t n = strlen(text);
    if (sql->len + n >= sizeof sql->text) n = sizeof sql->text - 1 - sql->len;
    memcpy(sql->text + sql->len, text, n);
    sql->len += n;
    sql->text[sql->len] = '\0';
}

/* ":p0, :p1, ..." with the count rounded up to a power of two, so that a few statements serve all
 * counts; the names left over stay NULL, which nothing equals. */
static void add_names(struct cases_where_sql *sql, char prefix, size_t count)
{
    size_t rounded = 1;
    while (rounded < count)
        rounded *= 2;
    for (size_t i = 0; i < rounded; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s:%c%zu", i ? ", " : "", prefix, i);
        cases_where_add(sql, name);
    }
}

static size_t open_states(const struct kinds_kind *kind, const char **codes)
{
    size_t n = 0;
    for (size_t i = 0; i < kind->state_count; i++)
        if (kind->states[i].open) codes[n++] = kind->states[i].code;
    return n;
}

/* Of every kind at once: a state's name means the same wherever it is used. */
static enum err all_open_states(const struct kinds *kinds, struct arena *arena, const char ***codes,
                                size_t *count)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        room += kinds_at(kinds, i)->state_count;
    const char **list = arena_calloc(arena, room, sizeof *list);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        n += open_states(kinds_at(kinds, i), list + n);
    *codes = list;
    *count = n;
    return ERR_OK;
}

enum err cases_where_init(struct cases_where *where, const struct cases_filter *filter,
                          const struct kinds *kinds, struct arena *arena)
{
    *where = (struct cases_where){.filter = filter};
    if (filter->area_count > CASES_WHERE_AREAS) return ERR_LIMIT;
    if (!filter->only_open) return ERR_OK;
    return all_open_states(kinds, arena, &where->open, &where->open_count);
}

static bool given(const char *text)
{
    return text && text[0];
}

/* A sum or a joined text is no column, so that no index of it is used. */
static void add_column(struct cases_where_sql *sql, const struct cases_where *where,
                       const char *column, const char *unlike)
{
    cases_where_add(sql, column);
    if (where->leaves_index) cases_where_add(sql, unlike);
}

static void write_areas(struct cases_where_sql *sql, const struct cases_where *where)
{
    cases_where_add(sql, " AND ");
    add_column(sql, where, "c.area_id", " + 0");
    cases_where_add(sql, " IN (WITH RECURSIVE below (id) AS (SELECT id FROM areas WHERE id IN (");
    add_names(sql, 'a', where->filter->area_count);
    cases_where_add(sql, ") UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = b.id) "
                         "SELECT id FROM below)");
}

void cases_where_write(struct cases_where_sql *sql, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    if (given(f->kind)) cases_where_add(sql, " AND c.kind = :kind");
    if (given(f->state)) {
        cases_where_add(sql, " AND ");
        add_column(sql, where, "c.state", " || ''");
        cases_where_add(sql, " = :state");
    }
    if (given(f->category)) {
        cases_where_add(sql, " AND ");
        add_column(sql, where, "c.category", " || ''");
        cases_where_add(sql, " = :category");
    }
    if (f->only_open) {
        cases_where_add(sql, " AND ");
        add_column(sql, where, "c.state", " || ''");
        cases_where_add(sql, " IN (");
        add_names(sql, 's', where->open_count);
        cases_where_add(sql, ")");
    }
    if (f->place) cases_where_add(sql, " AND c.place_id = :place");
    if (f->due_upto_ms)
        cases_where_add(sql, " AND c.due_ms > :due_after AND c.due_ms <= :due_upto");
    if (f->areas_limited) write_areas(sql, where);
}

static void bind_names(struct db_query *q, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    char name[32];
    for (size_t i = 0; f->only_open && i < where->open_count; i++) {
        (void)snprintf(name, sizeof name, ":s%zu", i);
        db_bind_text(q, name, where->open[i]);
    }
    for (size_t i = 0; f->areas_limited && i < f->area_count; i++) {
        (void)snprintf(name, sizeof name, ":a%zu", i);
        db_bind_int(q, name, f->area_ids[i]);
    }
}

void cases_where_bind(struct db_query *q, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    if (given(f->kind)) db_bind_text(q, ":kind", f->kind);
    if (given(f->state)) db_bind_text(q, ":state", f->state);
    if (given(f->category)) db_bind_text(q, ":category", f->category);
    if (f->place) db_bind_int(q, ":place", f->place);
    if (f->due_upto_ms) {
        db_bind_int(q, ":due_after", f->due_after_ms);
        db_bind_int(q, ":due_upto", f->due_upto_ms);
    }
    bind_names(q, where);
}
