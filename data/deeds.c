#include "data/deeds.h"

#include "data/audit.h"
#include "data/changes.h"
#include "data/inbox.h"
#include "data/record.h"

#include <stdio.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT d.id, d.version, d.signup_id, s.activity_id, s.person_id, s.public_id, a.kind, "       \
    "a.title, a.area_id, a.from_ms, d.words, d.name, d.agreed_ms, d.published_ms, d.created_ms, "  \
    "d.updated_ms FROM activity_deeds d JOIN activity_signups s ON s.id = d.signup_id JOIN "       \
    "activities a ON a.id = s.activity_id "

static enum err read_row(struct db_query *q, struct arena *arena, struct deeds_deed *to)
{
    struct deeds_deed d = {.id = db_int(q, 0),
                           .version = db_int(q, 1),
                           .signup = db_int(q, 2),
                           .activity = db_int(q, 3),
                           .person = db_int(q, 4),
                           .kind = arena_strdup(arena, db_text(q, 6)),
                           .title = arena_strdup(arena, db_text(q, 7)),
                           .area_id = db_int(q, 8),
                           .from_ms = db_int(q, 9),
                           .words = arena_strdup(arena, db_text(q, 10)),
                           .name = arena_strdup(arena, db_text(q, 11)),
                           .agreed_ms = db_int(q, 12),
                           .published_ms = db_int(q, 13),
                           .created_ms = db_int(q, 14),
                           .updated_ms = db_int(q, 15)};
    (void)snprintf(d.signup_id, sizeof d.signup_id, "%s", db_text(q, 5));
    if (!d.kind || !d.title || !d.words || !d.name) return ERR_NOMEM;
    *to = d;
    return ERR_OK;
}

static enum err read_pictures(struct db *db, struct arena *arena, struct deeds_deed *d)
{
    return pictures_of(db, PICTURES_deed, d->id, arena, &d->pictures, &d->picture_count);
}

static enum err read_one(struct db *db, const char *sql, int64_t id, struct arena *arena,
                         struct deeds_deed *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : read_pictures(db, arena, found);
}

enum err deeds_find(struct db *db, int64_t id, struct arena *arena, struct deeds_deed *found)
{
    return read_one(db, COLUMNS "WHERE d.id = :id", id, arena, found);
}

enum err deeds_of(struct db *db, int64_t signup, struct arena *arena, struct deeds_deed *found)
{
    return read_one(db, COLUMNS "WHERE d.signup_id = :id", signup, arena, found);
}

#define BELOW(first)                                                                               \
    "(WITH RECURSIVE below (id) AS (" first " UNION SELECT x.id FROM areas x JOIN below ON "       \
    "x.parent_id = below.id) SELECT id FROM below)"

enum err deeds_list(struct db *db, const struct deeds_filter *f, struct arena *arena,
                    const struct deeds_deed **list, size_t *count, bool *more)
{
    struct deeds_deed *made = arena_calloc(arena, f->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        COLUMNS
        "WHERE d.id < :before AND CASE WHEN :person = 0 THEN (d.published_ms IS NULL) = "
        ":unpublished ELSE s.person_id = :person END AND (:kind IS "
        "NULL OR a.kind = :kind) AND (:activity = 0 OR a.id = :activity) AND (:area = 0 OR "
        "a.area_id IN " BELOW("SELECT :area") ") AND (:areas IS NULL OR a.area_id IN " BELOW(
            "SELECT value FROM json_each(:areas)") ") ORDER BY d.id DESC LIMIT :limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":before", f->before ? f->before : INT64_MAX);
    db_bind_int(q, ":unpublished", f->unpublished);
    db_bind_int(q, ":person", f->person);
    db_bind_text(q, ":kind", f->kind);
    db_bind_int(q, ":activity", f->activity);
    db_bind_int(q, ":area", f->area_id);
    db_bind_text(q, ":areas", f->areas);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
    while (n <= f->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    *more = n > f->limit;
    *count = *more ? f->limit : n;
    for (size_t i = 0; i < *count && !e; i++)
        e = read_pictures(db, arena, &made[i]);
    *list = made;
    return e;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct work {
    const struct activity_kinds *kinds;
    const struct deeds_writing *writing;       /* or */
    const struct deeds_publishing *publishing; /* this one */
    struct arena *arena;
    struct deeds_deed *deed;
    struct why *why;
};

/* Whether the sign-up may have a deed at all: `kinds` NULL: whatever its kind says by now. */
static enum err judge_signup(struct db *db, const struct activity_kinds *kinds, int64_t signup,
                             struct why *why)
{
    struct db_query *q;
    bool row = false, confirmed = false, has = !kinds;
    enum err e = db_prepare(db,
                            "SELECT s.state = 'confirmed' AND s.person_id IS NOT NULL, a.kind FROM "
                            "activity_signups s JOIN activities a ON a.id = s.activity_id WHERE "
                            "s.id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":id", signup);
    if (!(e = db_step(q, &row)) && row) {
        const struct activity_kinds_kind *kind =
            kinds ? activity_kinds_find(kinds, db_text(q, 1)) : NULL;
        confirmed = db_int(q, 0) != 0;
        has = !kinds || (kind && kind->deeds);
    }
    db_done(q);
    if (e) return e;
    if (!confirmed)
        return err_say(why, ERR_CONFLICT, "there is a deed of what was confirmed, once it was");
    if (!has) return err_say(why, ERR_CONFLICT, "activities of this kind have no deeds");
    return ERR_OK;
}

static enum err put(struct db *db, const struct work *w, const struct deeds_deed *was, bool stays)
{
    const struct deeds_writing *v = w->writing;
    struct db_query *q;
    enum err e = db_prepare(
        db,
        was->id ? "UPDATE activity_deeds SET version = version + 1, published_ms = CASE WHEN "
                  ":stays THEN published_ms END, published_by = CASE WHEN :stays THEN published_by "
                  "END, words = :words, name = :name, agreed_ms = :agreed, "
                  "updated_ms = :now WHERE signup_id = :signup"
                : "INSERT INTO activity_deeds (version, signup_id, words, name, agreed_ms, "
                  "published_ms, created_ms, updated_ms) VALUES (1, :signup, :words, :name, "
                  ":agreed, CASE WHEN :stays THEN NULL END, :now, :now)",
        &q);
    if (e) return e;
    db_bind_int(q, ":signup", v->signup);
    db_bind_text(q, ":words", v->words);
    db_bind_text(q, ":name", v->name ? v->name : was->id ? was->name : "");
    if (v->by_owner && v->agreed)
        db_bind_int(q, ":agreed", was->agreed_ms && stays ? was->agreed_ms : v->now_ms);
    db_bind_int(q, ":stays", stays);
    db_bind_int(q, ":now", v->now_ms);
    return db_run(q, NULL);
}

static enum err show(struct db *db, const struct work *w, int64_t id)
{
    const struct deeds_writing *v = w->writing;
    if (!v->shown) return ERR_OK;
    const struct pictures_showing showing = {.owner = PICTURES_deed,
                                             .owner_id = id,
                                             .by = v->shown->by,
                                             .ids = v->shown->ids,
                                             .count = v->shown->count,
                                             .now_ms = v->now_ms};
    return pictures_show(db, &showing, w->why);
}

static enum err tell_owner(struct db *db, const struct work *w, const struct deeds_deed *d,
                           enum inbox_verb verb)
{
    const char *about = arena_printf(w->arena, "/v1/me/signups/%s/deed", d->signup_id);
    const struct inbox_message message = {
        .person = d->person, .verb = verb, .about = about, .title = d->title};
    if (!about) return ERR_NOMEM;
    return inbox_put(db, &message, w->writing ? w->writing->now_ms : w->publishing->now_ms);
}

/* Agreeing again to the same changes nothing of what staff said. */
static bool stays(const struct deeds_writing *v, const struct deeds_deed *was)
{
    return was->id && v->by_owner && v->agreed && !v->shown && strcmp(v->words, was->words) == 0 &&
           (!v->name || strcmp(v->name, was->name) == 0);
}

static enum err write_deed(struct db *db, void *user)
{
    struct work *w = user;
    const struct deeds_writing *v = w->writing;
    struct deeds_deed was = {.version = 0};
    enum err e = judge_signup(db, w->kinds, v->signup, w->why);
    if (!e) e = deeds_of(db, v->signup, w->arena, &was);
    if (e == ERR_NOTFOUND) e = ERR_OK;
    if (!e) e = record_seen("the deed", was.version, v->version, w->why);
    if (e) return e;
    e = put(db, w, &was, stays(v, &was));
    int64_t id = was.id ? was.id : db_last_id(db);
    if (!e) e = show(db, w, id);
    if (!e) e = deeds_find(db, id, w->arena, w->deed);
    if (!e && !v->by_owner) e = tell_owner(db, w, w->deed, INBOX_deed_written);
    return e ? e : changes_add(db, CHANGES_activities, w->deed->activity, "deed_written");
}

/* ---- deleting -------------------------------------------------------------------------------- */

static enum err erase(struct db *db, int64_t id)
{
    struct db_query *q;
    enum err e = pictures_drop(db, PICTURES_deed, id);
    if (!e) e = db_prepare(db, "DELETE FROM activity_deeds WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

static enum err take_back(struct db *db, void *user)
{
    struct work *w = user;
    struct deeds_deed was;
    enum err e = deeds_of(db, w->writing->signup, w->arena, &was);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such deed");
    if (!e) e = record_seen("the deed", was.version, w->writing->version, w->why);
    if (!e) e = erase(db, was.id);
    return e ? e : changes_add(db, CHANGES_activities, was.activity, "deed_deleted");
}

/* ---- publishing ------------------------------------------------------------------------------ */

static enum err publish(struct db *db, void *user)
{
    struct work *w = user;
    const struct deeds_publishing *p = w->publishing;
    struct db_query *q;
    enum err e = deeds_find(db, p->id, w->arena, w->deed);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such deed");
    if (!e) e = record_seen("the deed", w->deed->version, p->version, w->why);
    if (!e && p->published && !w->deed->agreed_ms)
        return err_say(w->why, ERR_CONFLICT, "whose deed it is has not agreed to these words");
    if (!e && p->published) e = judge_signup(db, NULL, w->deed->signup, w->why);
    if (!e)
        e = db_prepare(db,
                       "UPDATE activity_deeds SET version = version + 1, published_ms = CASE WHEN "
                       ":published THEN COALESCE(published_ms, :now) END, published_by = CASE WHEN "
                       ":published THEN :by END, updated_ms = :now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":published", p->published);
    db_bind_int(q, ":now", p->now_ms);
    db_bind_int(q, ":by", p->by);
    db_bind_int(q, ":id", p->id);
    bool was = w->deed->published_ms != 0;
    const struct audit_row row = {.verb =
                                      p->published ? AUDIT_deed_published : AUDIT_deed_taken_off,
                                  .person = p->by,
                                  .subject = w->deed->person,
                                  .area = w->deed->area_id,
                                  .detail = arena_printf(w->arena, "deed %lld", (long long)p->id),
                                  .at_ms = p->now_ms};
    e = db_run(q, NULL);
    if (!e) e = audit_add(db, &row);
    if (!e) e = deeds_find(db, p->id, w->arena, w->deed);
    if (!e && p->published && !was) e = tell_owner(db, w, w->deed, INBOX_deed_published);
    return e ? e
             : changes_add(db, CHANGES_activities, w->deed->activity,
                           p->published ? "deed_published" : "deed_taken_off");
}

/* ---- from outside ---------------------------------------------------------------------------- */

enum err deeds_write(struct db *db, const struct activity_kinds *kinds,
                     const struct deeds_writing *writing, struct arena *arena,
                     struct deeds_deed *deed, struct why *why)
{
    struct work w = {.kinds = kinds, .writing = writing, .arena = arena, .deed = deed};
    enum err e = record_text("words", writing->words, 1, DEEDS_WORDS_MAX, why);
    if (!e && writing->name) e = record_text("name", writing->name, 0, DEEDS_NAME_MAX, why);
    return e ? e : db_write_said(db, write_deed, &w, &w.why, why);
}

enum err deeds_delete(struct db *db, int64_t signup, int64_t version, struct why *why)
{
    const struct deeds_writing writing = {.signup = signup, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.writing = &writing, .arena = &arena};
    enum err e = db_write_said(db, take_back, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}

enum err deeds_publish(struct db *db, const struct deeds_publishing *publishing,
                       struct arena *arena, struct deeds_deed *deed, struct why *why)
{
    struct work w = {.publishing = publishing, .arena = arena, .deed = deed};
    return db_write_said(db, publish, &w, &w.why, why);
}

/* ---- taking off ------------------------------------------------------------------------------ */

static enum err next_of(struct db *db, const char *sql, int64_t of, int64_t *id)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":of", of);
    if (!(e = db_step(q, &row))) *id = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

enum err deeds_forget(struct db *db, int64_t person)
{
    int64_t id = 0;
    enum err e;
    while (!(e = next_of(db,
                         "SELECT d.id FROM activity_deeds d JOIN activity_signups s ON s.id = "
                         "d.signup_id WHERE s.person_id = :of LIMIT 1",
                         person, &id)) &&
           id) {
        if ((e = erase(db, id))) break;
    }
    return e;
}

enum err deeds_take_off(struct db *db, int64_t signup, int64_t now_ms)
{
    struct db_query *q;
    int64_t id = 0;
    enum err e = next_of(db, "SELECT id FROM activity_deeds WHERE signup_id = :of", signup, &id);
    if (e || !id) return e;
    e = db_prepare(db,
                   "UPDATE activity_deeds SET version = version + 1, published_ms = NULL, "
                   "published_by = NULL, updated_ms = :now WHERE id = :id",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}
