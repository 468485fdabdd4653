#include "data/templates.h"

#include "data/people_token.h"

#include <string.h>

#define QUOTED(name) " {" #name "}"
static const char *const placeholders[] = {
#define TEMPLATES_NAME(name) #name,
    TEMPLATES_PLACEHOLDERS(TEMPLATES_NAME)
#undef TEMPLATES_NAME
};

static bool is_placeholder(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++)
        if (strlen(placeholders[i]) == len && memcmp(placeholders[i], name, len) == 0) return true;
    return false;
}

enum err templates_check(const char *text, struct why *why)
{
    for (const char *at = text; *(at += strcspn(at, "{}"));) {
        size_t len = strcspn(at + 1, "{}");
        if (*at == '}' || at[1 + len] != '}' || !is_placeholder(at + 1, len))
            return err_say(
                why, ERR_INVALID,
                "may have these in braces and nothing else:" TEMPLATES_PLACEHOLDERS(QUOTED));
        at += len + 2;
    }
    return ERR_OK;
}

struct writing {
    const struct templates_template *one;
    int64_t now_ms, id;
    struct why *why;
};

static enum err tell_taken(const struct writing *w, enum err e)
{
    if (e != ERR_CONFLICT) return e;
    return err_say(w->why, e, "there is a template called \"%s\" for that already", w->one->name);
}

static void bind(struct db_query *q, const struct writing *w)
{
    const struct templates_template *t = w->one;
    db_bind_text(q, ":kind", t->kind);
    db_bind_text(q, ":state", t->state);
    db_bind_int(q, ":area", t->area_id);
    db_bind_text(q, ":name", t->name);
    db_bind_text(q, ":text", t->text);
    db_bind_int(q, ":now", w->now_ms);
}

/* Room for one of this kind and area, beside all but `id`. */
static enum err check_room(struct db *db, const struct writing *w)
{
    struct db_query *q;
    bool row = false;
    int64_t count = 0;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM templates WHERE kind = :kind AND "
                            "COALESCE(area_id, 0) = :area AND id <> :id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":kind", w->one->kind);
    db_bind_int(q, ":area", w->one->area_id);
    db_bind_int(q, ":id", w->one->id);
    if (!(e = db_step(q, &row)) && row) count = db_int(q, 0);
    db_done(q);
    if (e || count < TEMPLATES_OF_AREA) return e;
    return err_say(w->why, ERR_LIMIT, "there are %d templates for that already: delete one of them",
                   TEMPLATES_OF_AREA);
}

static enum err add(struct db *db, void *user)
{
    struct writing *w = user;
    struct db_query *q;
    enum err e = check_room(db, w);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO templates (kind, state, area_id, name, text, version, "
                       "created_ms, updated_ms) VALUES (:kind, :state, NULLIF(:area, 0), :name, "
                       ":text, 1, :now, :now)",
                       &q);
    if (e) return e;
    bind(q, w);
    e = tell_taken(w, db_run(q, NULL));
    if (!e) w->id = db_last_id(db);
    return e;
}

enum err templates_add(struct db *db, const struct templates_template *fresh, int64_t now_ms,
                       int64_t *id, struct why *why)
{
    struct writing w = {.one = fresh, .now_ms = now_ms, .why = why};
    enum err e = people_token_tell(db, db_write(db, add, &w), why);
    if (!e) *id = w.id;
    return e;
}

/* What is wrong where nothing was changed. */
static enum err tell_missed(struct db *db, const struct writing *w)
{
    struct db_query *q;
    bool row = false;
    int64_t version = 0;
    enum err e = db_prepare(db, "SELECT version FROM templates WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", w->one->id);
    if (!(e = db_step(q, &row)) && row) version = db_int(q, 0);
    db_done(q);
    if (e) return e;
    if (!row) return err_say(w->why, ERR_NOTFOUND, "there is no such template");
    return err_say(w->why, ERR_CONFLICT, "the template is at version %lld now: read it again",
                   (long long)version);
}

static enum err put(struct db *db, void *user)
{
    struct writing *w = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = check_room(db, w);
    if (!e)
        e = db_prepare(db,
                       "UPDATE templates SET kind = :kind, state = :state, area_id = NULLIF(:area, "
                       "0), name = :name, text = :text, version = version + 1, updated_ms = :now "
                       "WHERE id = :id AND version = :version",
                       &q);
    if (e) return e;
    bind(q, w);
    db_bind_int(q, ":id", w->one->id);
    db_bind_int(q, ":version", w->one->version);
    e = tell_taken(w, db_run(q, &changed));
    return e || changed ? e : tell_missed(db, w);
}

enum err templates_put(struct db *db, const struct templates_template *one, int64_t now_ms,
                       struct why *why)
{
    struct writing w = {.one = one, .now_ms = now_ms, .why = why};
    return people_token_tell(db, db_write(db, put, &w), why);
}

static enum err delete (struct db *db, void *user) {
    struct writing *w = user; struct db_query * q; int64_t changed = 0;
    enum err e = db_prepare(db, "DELETE FROM templates WHERE id = :id AND version = :version", &q);
    if (e) return e;
    db_bind_int(q, ":id", w->one->id);
    db_bind_int(q, ":version", w->one->version);
    e = db_run(q, &changed);
    return e || changed ? e : tell_missed(db, w);
}

enum err templates_delete(struct db *db, int64_t id, int64_t version, struct why *why)
{
    const struct templates_template one = {.id = id, .version = version};
    struct writing w = {.one = &one, .why = why};
    return people_token_tell(db, db_write(db, delete, &w), why);
}

#define COLUMNS "SELECT id, kind, state, area_id, name, text, version FROM templates "

static enum err read_row(struct db_query *q, struct arena *arena, struct templates_template *t)
{
    *t = (struct templates_template){.id = db_int(q, 0),
                                     .kind = arena_strdup(arena, db_text(q, 1)),
                                     .state = arena_strdup(arena, db_text(q, 2)),
                                     .area_id = db_int(q, 3),
                                     .name = arena_strdup(arena, db_text(q, 4)),
                                     .text = arena_strdup(arena, db_text(q, 5)),
                                     .version = db_int(q, 6)};
    return t->kind && t->state && t->name && t->text ? ERR_OK : ERR_NOMEM;
}

enum err templates_get(struct db *db, int64_t id, struct arena *arena,
                       struct templates_template *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err templates_list(struct db *db, const char *kind, const char *state,
                        bool (*shows)(void *user, const struct templates_template *one), void *user,
                        struct arena *arena, const struct templates_template **list, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct templates_template *made = arena_calloc(arena, TEMPLATES_LISTED, sizeof *made);
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            COLUMNS "WHERE :kind IN ('', kind) AND (:state = '' OR state IN ('', "
                                    ":state)) ORDER BY kind, name, id",
                            &q);
    if (e) return e;
    db_bind_text(q, ":kind", kind ? kind : "");
    db_bind_text(q, ":state", state ? state : "");
    while (!e && n < TEMPLATES_LISTED && !(e = db_step(q, &row)) && row) {
        e = read_row(q, arena, &made[n]);
        if (!e && shows(user, &made[n])) n++;
    }
    db_done(q);
    if (e) return e;
    *list = made;
    *count = n;
    return ERR_OK;
}
