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

static bool is_by_state(const struct cases_filter *f)
{
    return f->only_open || f->only_listed;
}

static size_t wanted_states(const struct kinds_kind *kind, const struct cases_filter *f,
                            const char **codes)
{
    size_t n = 0;
    for (size_t i = 0; i < kind->state_count; i++) {
        const struct kinds_state *state = &kind->states[i];
        if ((state->open || !f->only_open) && (!f->only_listed || kinds_is_listed(kind, state)))
            codes[n++] = state->code;
    }
    return n;
}

static bool given(const char *text)
{
    return text && text[0];
}

/* Of the kind that is asked for, else of every kind: what is open of one may be closed of another.
 */
static enum err all_states(const struct kinds *kinds, const struct cases_filter *f,
                           struct arena *arena, const char ***codes, size_t *count)
{
    size_t room = 1, n = 0;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        room += kinds_at(kinds, i)->state_count;
    const char **list = arena_calloc(arena, room, sizeof *list);
    if (!list) return ERR_NOMEM;
    for (size_t i = 0; i < kinds_count(kinds); i++)
        if (!given(f->kind) || strcmp(kinds_at(kinds, i)->code, f->kind) == 0)
            n += wanted_states(kinds_at(kinds, i), f, list + n);
    *codes = list;
    *count = n;
    return ERR_OK;
}

/* A pattern of LIKE that finds the text as it is. */
static enum err write_like(const char *text, struct arena *arena, const char **like)
{
    size_t n = 0;
    char *made = arena_alloc(arena, 2 * strlen(text) + 3);
    if (!made) return ERR_NOMEM;
    made[n++] = '%';
    for (; *text; text++) {
        if (strchr("%_!", *text)) made[n++] = '!';
        made[n++] = *text;
    }
    made[n++] = '%';
    made[n] = '\0';
    *like = made;
    return ERR_OK;
}

enum err cases_where_init(struct cases_where *where, const struct cases_filter *filter,
                          const struct kinds *kinds, struct arena *arena)
{
    *where = (struct cases_where){.filter = filter};
    if (filter->area_count > CASES_WHERE_AREAS) return ERR_LIMIT;
    if (given(filter->text)) {
        enum err e = write_like(filter->text, arena, &where->like);
        if (e) return e;
    }
    if (!is_by_state(filter)) return ERR_OK;
    return all_states(kinds, filter, arena, &where->open, &where->open_count);
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

static void write_work(struct cases_where_sql *sql, const struct cases_filter *f)
{
    if (f->assignee) cases_where_add(sql, " AND c.assignee_id = :assignee");
    if (given(f->unit)) cases_where_add(sql, " AND c.unit = :unit");
    if (f->nobody) cases_where_add(sql, " AND c.assignee_id IS NULL AND c.unit = ''");
    if (f->by_priority) cases_where_add(sql, " AND c.priority >= :priority");
    if (given(f->text))
        cases_where_add(sql, " AND (c.description LIKE :text ESCAPE '!' OR c.address LIKE :text "
                             "ESCAPE '!' OR c.public_id LIKE :text ESCAPE '!')");
    if (f->created_from_ms) cases_where_add(sql, " AND c.created_ms >= :created_from");
    if (f->created_before_ms) cases_where_add(sql, " AND c.created_ms < :created_before");
}

static void write_flags(struct cases_where_sql *sql, unsigned flags)
{
    if (flags & CASES_REUSED)
        cases_where_add(sql, " AND c.id IN (SELECT case_id FROM photos WHERE original_hash IN "
                             "(SELECT original_hash FROM photos GROUP BY original_hash HAVING "
                             "min(case_id) <> max(case_id)))");
    if (flags & CASES_CROWDED)
        cases_where_add(sql, " AND c.id IN (SELECT case_id FROM case_joins GROUP BY case_id HAVING "
                             "count(*) >= :many)");
    if (flags & CASES_INACCURATE) cases_where_add(sql, " AND c.accuracy_m >= :far");
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
        /* The index of places is not the one by which a queue is found. */
        if (!where->leaves_index && (given(f->state) || is_by_state(f)))
            cases_where_add(sql, " || ''");
        cases_where_add(sql, " = :category");
    }
    if (is_by_state(f)) {
        cases_where_add(sql, " AND ");
        add_column(sql, where, "c.state", " || ''");
        cases_where_add(sql, " IN (");
        add_names(sql, 's', where->open_count);
        cases_where_add(sql, ")");
    }
    if (f->place) cases_where_add(sql, " AND c.place_id = :place");
    if (f->due_upto_ms)
        cases_where_add(sql, " AND c.due_ms > :due_after AND c.due_ms <= :due_upto");
    if (f->answer_upto_ms)
        cases_where_add(sql, " AND c.answered_ms IS NULL AND c.answer_by_ms > :answer_after AND "
                             "c.answer_by_ms <= :answer_upto");
    write_work(sql, f);
    write_flags(sql, f->flags);
    if (f->areas_limited) write_areas(sql, where);
}

static void bind_names(struct db_query *q, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    char name[32];
    for (size_t i = 0; is_by_state(f) && i < where->open_count; i++) {
        (void)snprintf(name, sizeof name, ":s%zu", i);
        db_bind_text(q, name, where->open[i]);
    }
    for (size_t i = 0; f->areas_limited && i < f->area_count; i++) {
        (void)snprintf(name, sizeof name, ":a%zu", i);
        db_bind_int(q, name, f->area_ids[i]);
    }
}

static void bind_work(struct db_query *q, const struct cases_where *where)
{
    const struct cases_filter *f = where->filter;
    if (f->assignee) db_bind_int(q, ":assignee", f->assignee);
    if (given(f->unit)) db_bind_text(q, ":unit", f->unit);
    if (f->by_priority) db_bind_int(q, ":priority", f->priority);
    if (given(f->text)) db_bind_text(q, ":text", where->like);
    if (f->created_from_ms) db_bind_int(q, ":created_from", f->created_from_ms);
    if (f->created_before_ms) db_bind_int(q, ":created_before", f->created_before_ms);
    if (f->flags & CASES_CROWDED) db_bind_int(q, ":many", CASES_MANY);
    if (f->flags & CASES_INACCURATE) db_bind_real(q, ":far", CASES_FAR_M);
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
    if (f->answer_upto_ms) {
        db_bind_int(q, ":answer_after", f->answer_after_ms);
        db_bind_int(q, ":answer_upto", f->answer_upto_ms);
    }
    bind_work(q, where);
    bind_names(q, where);
}
