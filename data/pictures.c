#include "data/pictures.h"

#include "data/blobs_doomed.h"
#include "data/changes.h"
#include "data/photo_files.h"
#include "geo/base/text.h"

#include <string.h>

static const char *const owners[PICTURES_OWNER_COUNT] = {
#define PICTURES_NAME(name) #name,
    PICTURES_OWNERS(PICTURES_NAME)
#undef PICTURES_NAME
};

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT id, person_id, public_id, owner = '', owner_id, large, middle, small, width, height, " \
    "created_ms, owner FROM pictures "

static enum err read_row(struct db_query *q, struct arena *arena, struct pictures_picture *picture)
{
    struct pictures_picture p = {.id = db_int(q, 0),
                                 .person = db_int(q, 1),
                                 .public_id = arena_strdup(arena, db_text(q, 2)),
                                 .is_loose = db_int(q, 3) != 0,
                                 .owner_id = db_int(q, 4),
                                 .width = (int)db_int(q, 8),
                                 .height = (int)db_int(q, 9),
                                 .created_ms = db_int(q, 10)};
    for (int i = 0; i < PICTURES_OWNER_COUNT; i++)
        if (strcmp(owners[i], db_text(q, 11)) == 0) p.owner = (enum pictures_owner)i;
    for (int size = 0; size < PHOTOS_SIZES; size++)
        if (!(p.blobs[size] = arena_strdup(arena, db_text(q, 5 + size)))) return ERR_NOMEM;
    if (!p.public_id) return ERR_NOMEM;
    *picture = p;
    return ERR_OK;
}

enum err pictures_find(struct db *db, const char *public_id, struct arena *arena,
                       struct pictures_picture *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE public_id = :public", &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

/* Rows of a statement whose values are bound; `room` of them at most. */
static enum err read_rows(struct db_query *q, struct arena *arena, struct pictures_picture *list,
                          size_t room, size_t *count)
{
    enum err e = ERR_OK;
    bool row = false;
    size_t n = 0;
    while (n < room && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &list[n++]))) break;
    db_done(q);
    if (!e) *count = n;
    return e;
}

static enum err begin_of(struct db *db, const char *sql, enum pictures_owner owner, int64_t id,
                         struct db_query **q)
{
    enum err e = db_prepare(db, sql, q);
    if (e) return e;
    db_bind_text(*q, ":owner", owners[owner]);
    db_bind_int(*q, ":id", id);
    return ERR_OK;
}

enum err pictures_of(struct db *db, enum pictures_owner owner, int64_t owner_id,
                     struct arena *arena, const struct pictures_picture **list, size_t *count)
{
    struct pictures_picture *made = arena_calloc(arena, PICTURES_MAX, sizeof *made);
    struct db_query *q;
    if (!made) return ERR_NOMEM;
    enum err e =
        begin_of(db, COLUMNS "WHERE owner = :owner AND owner_id = :id ORDER BY place, pictures.id",
                 owner, owner_id, &q);
    if (!e) e = read_rows(q, arena, made, PICTURES_MAX, count);
    if (!e) *list = made;
    return e;
}

enum err pictures_mine(struct db *db, int64_t person, int64_t before, size_t limit,
                       struct arena *arena, const struct pictures_picture **list, size_t *count,
                       bool *more)
{
    struct pictures_picture *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db, COLUMNS "WHERE person_id = :person AND id < :before ORDER BY id DESC LIMIT :limit", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    if ((e = read_rows(q, arena, made, limit + 1, &n))) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}

/* ---- of what shows them ---------------------------------------------------------------------- */

/* How many it shows, and the place behind them. */
static enum err count_of(struct db *db, enum pictures_owner owner, int64_t owner_id, int64_t *count,
                         int64_t *place)
{
    struct db_query *q;
    bool row = false;
    enum err e = begin_of(db,
                          "SELECT count(*), COALESCE(max(place) + 1, 0) FROM pictures WHERE owner "
                          "= :owner AND owner_id = :id",
                          owner, owner_id, &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) {
        *count = db_int(q, 0);
        *place = db_int(q, 1);
    }
    db_done(q);
    return e;
}

/* `*own`: this owner shows it already. Of somebody else's, `s->by` learns not even that it is
 * there.
 */
static enum err look(struct db *db, const char *public_id, const struct pictures_showing *s,
                     bool *own)
{
    struct db_query *q;
    bool row = false;
    enum err e = begin_of(db,
                          "SELECT owner = '', owner = :owner AND owner_id = :id, person_id = :by "
                          "FROM pictures WHERE public_id = :public",
                          s->owner, s->owner_id, &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":by", s->by);
    if (!(e = db_step(q, &row)) && !row) e = ERR_NOTFOUND;
    if (!e) {
        *own = db_int(q, 1) != 0;
        if (!*own && !db_int(q, 2))
            e = ERR_NOTFOUND;
        else if (!*own && !db_int(q, 0))
            e = ERR_CONFLICT;
    }
    db_done(q);
    return e;
}

static enum err show_at(struct db *db, const char *public_id, enum pictures_owner owner, int64_t id,
                        int64_t place)
{
    struct db_query *q;
    enum err e = begin_of(db,
                          "UPDATE pictures SET owner = :owner, owner_id = :id, place = :place, "
                          "loose_ms = NULL WHERE public_id = :public",
                          owner, id, &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":place", place);
    return db_run(q, NULL);
}

enum err pictures_claim(struct db *db, const char *public_id, enum pictures_owner owner,
                        int64_t owner_id, int64_t by)
{
    const struct pictures_showing showing = {.owner = owner, .owner_id = owner_id, .by = by};
    int64_t count = 0, place = 0;
    bool own = false;
    enum err e = look(db, public_id, &showing, &own);
    if (e || own) return e;
    e = count_of(db, owner, owner_id, &count, &place);
    if (!e && count >= PICTURES_MAX) e = ERR_LIMIT;
    return e ? e : show_at(db, public_id, owner, owner_id, place);
}

/* Whether each may be shown; before any is let go of. */
static enum err check_all(struct db *db, const struct pictures_showing *s, size_t *wrong)
{
    enum err e = s->count > PICTURES_MAX ? ERR_LIMIT : ERR_OK;
    for (size_t i = 0; i < s->count && !e; i++) {
        bool own = false;
        e = look(db, s->ids[i], s, &own);
        for (size_t j = 0; j < i && !e; j++)
            if (strcmp(s->ids[i], s->ids[j]) == 0) e = ERR_INVALID;
        if (e) *wrong = i;
    }
    return e;
}

/* All of it, so that those that are named are taken back in their order. */
static enum err loosen(struct db *db, const struct pictures_showing *s)
{
    struct db_query *q;
    enum err e = begin_of(db,
                          "UPDATE pictures SET owner = '', owner_id = NULL, place = 0, loose_ms = "
                          ":now WHERE owner = :owner AND owner_id = :id",
                          s->owner, s->owner_id, &q);
    if (e) return e;
    db_bind_int(q, ":now", s->now_ms);
    return db_run(q, NULL);
}

enum err pictures_put(struct db *db, const struct pictures_showing *s, size_t *wrong)
{
    size_t at = 0;
    enum err e = check_all(db, s, &at);
    if (e && wrong) *wrong = at;
    if (!e) e = loosen(db, s);
    for (size_t i = 0; i < s->count && !e; i++)
        e = show_at(db, s->ids[i], s->owner, s->owner_id, (int64_t)i);
    return e;
}

enum err pictures_show(struct db *db, const struct pictures_showing *showing, struct why *why)
{
    size_t wrong = 0;
    enum err e = pictures_put(db, showing, &wrong);
    switch (e) {
    case ERR_NOTFOUND:
        return err_say(why, ERR_INVALID, "pictures/%zu: there is no such picture of yours", wrong);
    case ERR_INVALID:
        return err_say(why, e, "pictures/%zu: it is named twice", wrong);
    case ERR_CONFLICT:
        return err_say(why, e, "pictures/%zu: something else shows it", wrong);
    case ERR_LIMIT:
        return err_say(why, ERR_INVALID, "pictures: at most %d are shown", PICTURES_MAX);
    default:
        return e;
    }
}

/* ---- deleting -------------------------------------------------------------------------------- */

struct doomed {
    int64_t id;
    char blobs[PHOTOS_SIZES][SECRETS_HEX_SIZE];
};
enum { BATCH = 30 };
_Static_assert((int)BATCH >= (int)PICTURES_MAX, "all that one thing shows is deleted at once");

/* Rows of a statement that selects id, large, middle, small, with their files; `*count`: how many
 * there were, at most BATCH. */
static enum err delete_rows(struct db *db, struct db_query *q, size_t *count)
{
    struct doomed rows[BATCH];
    enum err e = ERR_OK;
    bool row = false;
    size_t n = 0;
    for (; n < BATCH && !(e = db_step(q, &row)) && row; n++) {
        rows[n].id = db_int(q, 0);
        for (int size = 0; size < PHOTOS_SIZES; size++)
            (void)text_copy(rows[n].blobs[size], SECRETS_HEX_SIZE, db_text(q, 1 + size));
    }
    db_done(q);
    for (size_t i = 0; i < n && !e; i++) {
        const char *blobs[PHOTOS_SIZES];
        for (int size = 0; size < PHOTOS_SIZES; size++)
            blobs[size] = rows[i].blobs[size];
        if ((e = db_prepare(db, "DELETE FROM pictures WHERE id = :id", &q))) return e;
        db_bind_int(q, ":id", rows[i].id);
        if (!(e = db_run(q, NULL))) e = photo_files_doom(db, blobs);
        if (!e) e = changes_add(db, CHANGES_posts, rows[i].id, "picture_removed");
    }
    if (!e) *count = n;
    return e;
}

#define FILES "SELECT id, large, middle, small FROM pictures WHERE "

enum err pictures_drop(struct db *db, enum pictures_owner owner, int64_t owner_id)
{
    struct db_query *q;
    size_t count;
    enum err e = begin_of(db, FILES "owner = :owner AND owner_id = :id", owner, owner_id, &q);
    return e ? e : delete_rows(db, q, &count);
}

enum err pictures_forget(struct db *db, int64_t person)
{
    struct db_query *q;
    size_t count = BATCH;
    enum err e = ERR_OK;
    while (count == BATCH && !e) {
        e = db_prepare(db, FILES "person_id = :person AND loose_ms IS NOT NULL LIMIT :most", &q);
        if (e) return e;
        db_bind_int(q, ":person", person);
        db_bind_int(q, ":most", BATCH);
        e = delete_rows(db, q, &count);
    }
    if (!e)
        e = db_prepare(db, "UPDATE pictures SET person_id = NULL WHERE person_id = :person", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    return db_run(q, NULL);
}

struct work {
    const char *public_id;
    int64_t person, now_ms;
    size_t most, count;
    struct why *why;
};

static enum err remove_one(struct db *db, void *user)
{
    struct work *w = user;
    struct db_query *q;
    bool row = false, loose = false;
    enum err e = db_prepare(db,
                            "SELECT loose_ms IS NOT NULL FROM pictures WHERE public_id = :public "
                            "AND person_id = :person",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", w->public_id);
    db_bind_int(q, ":person", w->person);
    if (!(e = db_step(q, &row))) loose = db_int(q, 0) != 0;
    db_done(q);
    if (e) return e;
    if (!row) return err_say(w->why, ERR_NOTFOUND, "you brought no such picture");
    if (!loose)
        return err_say(w->why, ERR_CONFLICT,
                       "the picture is shown somewhere: it is to be taken off there first");
    if ((e = db_prepare(db, FILES "public_id = :public", &q))) return e;
    db_bind_text(q, ":public", w->public_id);
    return delete_rows(db, q, &w->count);
}

static enum err sweep(struct db *db, void *user)
{
    struct work *w = user;
    struct db_query *q;
    enum err e = db_prepare(db, FILES "loose_ms <= :until ORDER BY loose_ms LIMIT :most", &q);
    if (e) return e;
    db_bind_int(q, ":until", w->now_ms - PICTURES_LOOSE_H * (int64_t)3600000);
    db_bind_int(q, ":most", (int64_t)w->most);
    return delete_rows(db, q, &w->count);
}

/* A failure always has a sentence; what files are left are deleted by the housekeeper. */
static enum err run(struct db *db, const struct datadir *dir, struct work *w,
                    enum err (*step)(struct db *db, void *user), struct why *why)
{
    struct why said = {""};
    w->why = &said;
    enum err e = db_write(db, step, w);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if (e) return err_say(why, e, "%s", said.text);
    if (w->count) (void)blobs_doomed_erase(db, dir, NULL, NULL);
    return ERR_OK;
}

enum err pictures_remove(struct db *db, const struct datadir *dir, const char *public_id,
                         int64_t person, struct why *why)
{
    struct work w = {.public_id = public_id, .person = person};
    return run(db, dir, &w, remove_one, why);
}

enum err pictures_sweep(struct db *db, const struct datadir *dir, int64_t now_ms, size_t most,
                        size_t *count, struct why *why)
{
    struct work w = {.now_ms = now_ms, .most = most < BATCH ? most : BATCH};
    enum err e = run(db, dir, &w, sweep, why);
    if (!e) *count = w.count;
    return e;
}

/* ---- bringing -------------------------------------------------------------------------------- */

struct adding {
    const struct datadir *dir;
    const struct pictures_new *fresh;
    const struct photo_files *files;
    const struct answers_reply *reply;
    struct arena *arena;
    struct pictures_picture *made;
    struct idempotency_answer *answer;
    bool again; /* it was answered before: the files are not needed */
    struct why *why;
};

static enum err check_room(struct db *db, const struct adding *a)
{
    struct db_query *q;
    bool row = false;
    int64_t count = 0;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM pictures WHERE person_id = :person AND loose_ms "
                            "IS NOT NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", a->fresh->person);
    if (!(e = db_step(q, &row))) count = db_int(q, 0);
    db_done(q);
    if (e || count < PICTURES_LOOSE_MAX) return e;
    return err_say(a->why, ERR_LIMIT,
                   "%d pictures that you brought are shown nowhere: use or delete some first",
                   PICTURES_LOOSE_MAX);
}

static enum err insert(struct db *db, const struct adding *a)
{
    const struct pictures_new *fresh = a->fresh;
    struct db_query *q;
    enum err e = photo_files_keep(db, a->dir, fresh->photo, a->files, fresh->now_ms);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO pictures (public_id, person_id, loose_ms, large, middle, "
                       "small, width, height, original_hash, created_ms) VALUES (:public, :person, "
                       ":now, :large, :middle, :small, :width, :height, :hash, :now)",
                       &q);
    if (e) return e;
    photo_files_bind(q, fresh->photo, a->files, fresh->now_ms);
    db_bind_int(q, ":person", fresh->person);
    return db_run(q, NULL);
}

static enum err add(struct db *db, void *user)
{
    struct adding *a = user;
    enum err e =
        answers_find(db, a->reply, a->fresh->now_ms, a->arena, a->answer, &a->again, a->why);
    if (e || a->again) return e;
    e = check_room(db, a);
    if (!e) e = insert(db, a);
    if (!e) e = pictures_find(db, a->files->public_id, a->arena, a->made);
    if (!e) e = changes_add(db, CHANGES_posts, a->made->id, "picture_added");
    return e ? e
             : answers_keep(db, a->reply, a->files->public_id, a->fresh->now_ms, a->arena,
                            a->answer);
}

enum err pictures_add(struct db *db, const struct datadir *dir, const struct pictures_new *fresh,
                      const struct answers_reply *reply, struct arena *arena,
                      struct pictures_picture *made, struct idempotency_answer *answer,
                      struct why *why)
{
    struct photo_files files = {.public_id = ""};
    struct why said = {""};
    struct adding a = {.dir = dir,
                       .fresh = fresh,
                       .files = &files,
                       .reply = reply,
                       .arena = arena,
                       .made = made,
                       .answer = answer,
                       .why = &said};
    enum err e = photo_files_put(dir, fresh->photo, 1, &files, &said);
    if (!e) e = db_write(db, add, &a);
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    if (e || a.again) photo_files_take_back(db, dir, &files, 1);
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}
