#include "data/branches.h"

#include <stdio.h>
#include <string.h>

static const char *const types[BRANCHES_TYPE_COUNT] = {
#define BRANCHES_NAME(name) [BRANCHES_##name] = #name,
    BRANCHES_TYPES(BRANCHES_NAME)
#undef BRANCHES_NAME
};

const char *branches_type_name(enum branches_type type)
{
    return types[type];
}

#define COLUMNS                                                                                    \
    "SELECT id, version, name, name_en, area_id, place_id, alongside, form, code, ended_ms, "      \
    "created_ms, updated_ms FROM branches "

static enum err read_row(struct db_query *q, struct arena *arena, struct branches_branch *branch)
{
    struct branches_branch b = {.id = db_int(q, 0),
                                .version = db_int(q, 1),
                                .name = arena_strdup(arena, db_text(q, 2)),
                                .name_en = arena_strdup(arena, db_text(q, 3)),
                                .area_id = db_int(q, 4),
                                .place_id = db_int(q, 5),
                                .alongside = db_int(q, 6) != 0,
                                .form = db_int(q, 7),
                                .ended_ms = db_int(q, 9),
                                .created_ms = db_int(q, 10),
                                .updated_ms = db_int(q, 11)};
    (void)snprintf(b.code, sizeof b.code, "%s", db_text(q, 8));
    if (!b.name || !b.name_en) return ERR_NOMEM;
    *branch = b;
    return ERR_OK;
}

static enum err read_one(struct db_query *q, struct arena *arena, struct branches_branch *found)
{
    bool row = false;
    enum err e = db_step(q, &row);
    if (!e) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err branches_find(struct db *db, int64_t id, struct arena *arena,
                       struct branches_branch *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    return read_one(q, arena, found);
}

enum err branches_find_code(struct db *db, const char *code, struct arena *arena,
                            struct branches_branch *found)
{
    struct db_query *q;
    enum err e = db_prepare(db, COLUMNS "WHERE code = :code", &q);
    if (e) return e;
    db_bind_text(q, ":code", code);
    return read_one(q, arena, found);
}

enum err branches_list(struct db *db, const struct branches_filter *filter, struct arena *arena,
                       const struct branches_branch **list, size_t *count, bool *more)
{
    struct branches_branch *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        COLUMNS "WHERE id < :before AND (:ended OR ended_ms IS NULL) AND (:area = 0 OR area_id IN "
                "(WITH RECURSIVE below (id) AS (SELECT :area UNION SELECT a.id FROM areas a JOIN "
                "below b ON a.parent_id = b.id) SELECT id FROM below)) ORDER BY id DESC LIMIT "
                ":limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":before", filter->before ? filter->before : INT64_MAX);
    db_bind_int(q, ":ended", filter->ended);
    db_bind_int(q, ":area", filter->area_id);
    db_bind_int(q, ":limit", (int64_t)filter->limit + 1);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

/* ---- forms ----------------------------------------------------------------------------------- */

/* Lines as a list. */
static enum err read_choices(const char *lines, struct arena *arena, struct branches_field *field)
{
    const char **choices = arena_calloc(arena, BRANCHES_CHOICES_MAX, sizeof *choices);
    size_t n = 0;
    if (!choices) return ERR_NOMEM;
    while (*lines && n < BRANCHES_CHOICES_MAX) {
        size_t len = strcspn(lines, "\n");
        if (!(choices[n++] = arena_strndup(arena, lines, len))) return ERR_NOMEM;
        lines += len + (lines[len] == '\n');
    }
    field->choices = choices;
    field->choice_count = n;
    return ERR_OK;
}

static enum err read_field(struct db_query *q, struct arena *arena, struct branches_field *field)
{
    struct branches_field f = {.code = arena_strdup(arena, db_text(q, 0)),
                               .label = arena_strdup(arena, db_text(q, 1)),
                               .label_en = arena_strdup(arena, db_text(q, 2)),
                               .type = BRANCHES_text,
                               .required = db_int(q, 4) != 0};
    for (int i = 0; i < BRANCHES_TYPE_COUNT; i++)
        if (strcmp(types[i], db_text(q, 3)) == 0) f.type = (enum branches_type)i;
    if (!f.code || !f.label || !f.label_en) return ERR_NOMEM;
    enum err e = read_choices(db_text(q, 5), arena, &f);
    if (!e) *field = f;
    return e;
}

static enum err read_fields(struct db *db, int64_t branch, struct arena *arena,
                            struct branches_form *form)
{
    struct branches_field *fields = arena_calloc(arena, BRANCHES_FIELDS_MAX, sizeof *fields);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!fields) return ERR_NOMEM;
    enum err e =
        db_prepare(db,
                   "SELECT code, label, label_en, type, required, choices FROM branch_fields WHERE "
                   "branch_id = :branch AND form = :form ORDER BY place",
                   &q);
    if (e) return e;
    db_bind_int(q, ":branch", branch);
    db_bind_int(q, ":form", form->version);
    while (n < BRANCHES_FIELDS_MAX && !(e = db_step(q, &row)) && row)
        if ((e = read_field(q, arena, &fields[n++]))) break;
    db_done(q);
    form->fields = fields;
    form->field_count = n;
    return e;
}

enum err branches_form(struct db *db, int64_t branch, int64_t version, struct arena *arena,
                       struct branches_form *form)
{
    struct branches_form made = {.version = version};
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT consent FROM branch_forms WHERE branch_id = :branch AND version = :version",
        &q);
    if (e) return e;
    db_bind_int(q, ":branch", branch);
    db_bind_int(q, ":version", version);
    if (!(e = db_step(q, &row)) && row) made.consent = arena_strdup(arena, db_text(q, 0));
    db_done(q);
    if (e) return e;
    if (!row) return ERR_NOTFOUND;
    if (!made.consent) return ERR_NOMEM;
    if (!(e = read_fields(db, branch, arena, &made))) *form = made;
    return e;
}
