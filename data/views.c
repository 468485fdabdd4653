#include "data/views.h"

#include "data/people_token.h"

struct writing {
    const struct views_view *view;
    int64_t now_ms, id;
    struct why *why;
};

static enum err number(struct db *db, const char *sql, const char *name, int64_t value,
                       int64_t *number)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, name, value);
    if (!(e = db_step(q, &row))) *number = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

static enum err tell_taken(const struct writing *w, enum err e)
{
    if (e != ERR_CONFLICT) return e;
    return err_say(w->why, e, "you have a view that is called \"%s\" already", w->view->name);
}

static void bind(struct db_query *q, const struct writing *w)
{
    const struct views_view *v = w->view;
    db_bind_int(q, ":person", v->person);
    db_bind_text(q, ":name", v->name);
    db_bind_text(q, ":kind", v->kind);
    db_bind_text(q, ":query", v->query);
    db_bind_int(q, ":shared", v->shared);
    db_bind_int(q, ":area", v->area_id);
    db_bind_int(q, ":now", w->now_ms);
}

static enum err add(struct db *db, void *user)
{
    struct writing *w = user;
    struct db_query *q;
    int64_t count = 0;
    enum err e = number(db, "SELECT count(*) FROM views WHERE person_id = :person", ":person",
                        w->view->person, &count);
    if (!e && count >= VIEWS_OF_PERSON)
        e = err_say(w->why, ERR_LIMIT, "you keep %d views already: delete one of them",
                    VIEWS_OF_PERSON);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO views (person_id, name, kind, query, shared, area_id, version, "
                       "created_ms, updated_ms) VALUES (:person, :name, :kind, :query, :shared, "
                       "NULLIF(:area, 0), 1, :now, :now)",
                       &q);
    if (e) return e;
    bind(q, w);
    e = tell_taken(w, db_run(q, NULL));
    if (!e) w->id = db_last_id(db);
    return e;
}

enum err views_add(struct db *db, const struct views_view *fresh, int64_t now_ms, int64_t *id,
                   struct why *why)
{
    struct writing w = {.view = fresh, .now_ms = now_ms, .why = why};
    enum err e = people_token_tell(db, db_write(db, add, &w), why);
    if (!e) *id = w.id;
    return e;
}

/* What is wrong where nothing was changed. */
static enum err tell_missed(struct db *db, int64_t id, struct why *why)
{
    int64_t version = 0;
    enum err e = number(db, "SELECT version FROM views WHERE id = :id", ":id", id, &version);
    if (e) return e;
    if (!version) return err_say(why, ERR_NOTFOUND, "there is no such view");
    return err_say(why, ERR_CONFLICT, "the view is at version %lld now: read it again",
                   (long long)version);
}

static enum err put(struct db *db, void *user)
{
    struct writing *w = user;
    struct db_query *q;
    int64_t changed = 0;
    enum err e = db_prepare(db,
                            "UPDATE views SET name = :name, kind = :kind, query = :query, shared = "
                            ":shared, area_id = NULLIF(:area, 0), version = version + 1, "
                            "updated_ms = :now WHERE id = :id AND person_id = :person AND version "
                            "= :version",
                            &q);
    if (e) return e;
    bind(q, w);
    db_bind_int(q, ":id", w->view->id);
    db_bind_int(q, ":version", w->view->version);
    e = tell_taken(w, db_run(q, &changed));
    return e || changed ? e : tell_missed(db, w->view->id, w->why);
}

enum err views_put(struct db *db, const struct views_view *view, int64_t now_ms, struct why *why)
{
    struct writing w = {.view = view, .now_ms = now_ms, .why = why};
    return people_token_tell(db, db_write(db, put, &w), why);
}

static enum err delete (struct db *db, void *user) {
    struct writing *w = user; struct db_query * q; int64_t changed = 0;
    enum err e = db_prepare(db, "DELETE FROM views WHERE id = :id AND version = :version", &q);
    if (e) return e;
    db_bind_int(q, ":id", w->view->id);
    db_bind_int(q, ":version", w->view->version);
    e = db_run(q, &changed);
    return e || changed ? e : tell_missed(db, w->view->id, w->why);
}

enum err views_delete(struct db *db, int64_t id, int64_t version, struct why *why)
{
    const struct views_view view = {.id = id, .version = version};
    struct writing w = {.view = &view, .why = why};
    return people_token_tell(db, db_write(db, delete, &w), why);
}

#define COLUMNS "SELECT id, person_id, name, kind, query, shared, area_id, version FROM views "

static enum err read_row(struct db_query *q, struct arena *arena, struct views_view *v)
{
    *v = (struct views_view){.id = db_int(q, 0),
                             .person = db_int(q, 1),
                             .name = arena_strdup(arena, db_text(q, 2)),
                             .kind = arena_strdup(arena, db_text(q, 3)),
                             .query = arena_strdup(arena, db_text(q, 4)),
                             .shared = db_int(q, 5) != 0,
                             .area_id = db_int(q, 6),
                             .version = db_int(q, 7)};
    return v->name && v->kind && v->query ? ERR_OK : ERR_NOMEM;
}

enum err views_get(struct db *db, int64_t id, struct arena *arena, struct views_view *view)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, view) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err views_list(struct db *db, int64_t person,
                    bool (*shows)(void *user, const struct views_view *view), void *user,
                    struct arena *arena, const struct views_view **views, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct views_view *list = arena_calloc(arena, VIEWS_LISTED, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            COLUMNS "WHERE person_id = :person OR shared = 1 ORDER BY person_id <> "
                                    ":person, name, id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    while (!e && n < VIEWS_LISTED && !(e = db_step(q, &row)) && row) {
        e = read_row(q, arena, &list[n]);
        if (!e && (list[n].person == person || shows(user, &list[n]))) n++;
    }
    db_done(q);
    if (e) return e;
    *views = list;
    *count = n;
    return ERR_OK;
}
