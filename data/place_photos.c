#include "data/place_photos.h"

#include "data/places_work.h"

#include <string.h>

static size_t count_words(const char *text)
{
    size_t n = *text != '\0';
    for (; *text; text++)
        n += *text == ' ';
    return n;
}

/* Where a word stands among words between single blanks; NULL: nowhere. */
static const char *find_word(const char *text, const char *word, size_t len)
{
    while (*text) {
        size_t n = strcspn(text, " ");
        if (n == len && memcmp(text, word, len) == 0) return text;
        text += n + (text[n] == ' ');
    }
    return NULL;
}

/* --- adding --- */

static enum err insert(struct db *db, const struct places_work *w, size_t i)
{
    struct db_query *q;
    enum err e = photo_files_keep(db, w->dir, &w->photos[i], &w->files[i], w->by->now_ms);
    if (!e)
        e = db_prepare(
            db,
            "INSERT INTO place_photos (public_id, place_id, large, middle, small, width, height, "
            "original_hash, person_id, created_ms) VALUES (:public, :place, :large, :middle, "
            ":small, :width, :height, :hash, NULLIF(:person, 0), :now)",
            &q);
    if (e) return e;
    photo_files_bind(q, &w->photos[i], &w->files[i], w->by->now_ms);
    db_bind_int(q, ":place", w->id);
    db_bind_int(q, ":person", w->by->person);
    return db_run(q, NULL);
}

static enum err add(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = places_work_answered(db, w);
    if (e != ERR_NOTFOUND) return e;
    e = places_work_find(db, w);
    if (e) return e;
    if (count_words(w->before.photos) + w->photo_count > PLACE_PHOTOS_MAX)
        return err_say(w->why, ERR_LIMIT, "a place has at most %d photos: take some off first",
                       PLACE_PHOTOS_MAX);
    const char *all = w->before.photos;
    for (size_t i = 0; i < w->photo_count && !e; i++) {
        all = arena_printf(w->arena, "%s%s%s", all, *all ? " " : "", w->files[i].public_id);
        e = all ? insert(db, w, i) : ERR_NOMEM;
    }
    w->now.photos = all;
    if (!e) e = places_work_put(db, w, "photo_added");
    w->made.made = w->now;
    return e ? e : places_work_keep(db, w, w->files[0].public_id);
}

enum err place_photos_add(struct db *db, const struct datadir *dir,
                          const struct place_photos_adding *adding, struct arena *arena,
                          struct places_created *created, struct why *why)
{
    struct photo_files *files = arena_calloc(arena, PLACE_PHOTOS_MAX, sizeof *files);
    if (!files) return ERR_NOMEM;
    if (adding->count < 1 || adding->count > PLACE_PHOTOS_MAX)
        return err_say(why, ERR_LIMIT, "1 to %d photos are taken", PLACE_PHOTOS_MAX);
    struct places_work w = {.by = adding->by,
                            .id = adding->place,
                            .reply = adding->reply,
                            .dir = dir,
                            .photos = adding->photos,
                            .files = files,
                            .photo_count = adding->count,
                            .arena = arena};
    enum err e = photo_files_put(dir, adding->photos, adding->count, files, why);
    if (!e) e = places_work_run(db, &w, add, why);
    if (e) photo_files_take_back(db, dir, files, adding->count);
    if (!e) *created = w.made;
    return e;
}

/* --- taking off, and another order --- */

/* The row, and its files where no other photo is the same picture. */
static enum err forget(struct db *db, const struct places_work *w)
{
    struct db_query *q;
    const char *blobs[PHOTOS_SIZES] = {NULL, NULL, NULL};
    bool row = false;
    enum err e = db_prepare(
        db, "DELETE FROM place_photos WHERE public_id = :public RETURNING large, middle, small",
        &q);
    if (e) return e;
    db_bind_text(q, ":public", w->photo);
    e = db_step(q, &row);
    if (!e && row) {
        for (int i = 0; i < PHOTOS_SIZES && !e; i++)
            if (!(blobs[i] = arena_strdup(w->arena, db_text(q, i)))) e = ERR_NOMEM;
        if (!e) e = db_step(q, &row);
    }
    db_done(q);
    return e || !blobs[0] ? e : photo_files_drop(db, blobs);
}

static enum err remove_photo(struct db *db, void *user)
{
    struct places_work *w = user;
    size_t len = strlen(w->photo);
    enum err e = places_work_find(db, w);
    if (e) return e;
    const char *at = find_word(w->before.photos, w->photo, len);
    if (!at) return err_say(w->why, ERR_NOTFOUND, "the place has no such photo");
    size_t before = (size_t)(at - w->before.photos);
    const char *behind = at + len + (at[len] == ' ');
    bool is_last = !*behind && before; /* then the blank before it goes, too */
    w->now.photos =
        arena_printf(w->arena, "%.*s%s", (int)(before - is_last), w->before.photos, behind);
    e = w->now.photos ? forget(db, w) : ERR_NOMEM;
    return e ? e : places_work_put(db, w, "photo_removed");
}

enum err place_photos_remove(struct db *db, int64_t place, const char *photo,
                             const struct places_by *by, struct arena *arena,
                             struct places_row *after, struct why *why)
{
    struct places_work w = {.by = by, .id = place, .photo = photo, .arena = arena};
    return places_work_simply(db, &w, remove_photo, after, why);
}

/* The same words, each once: as many, each of them there, and none twice. */
static bool same_words(const char *a, const char *b)
{
    if (strlen(a) != strlen(b) || count_words(a) != count_words(b)) return false;
    for (const char *word = a; *word;) {
        size_t n = strcspn(word, " ");
        const char *rest = word + n + (word[n] == ' ');
        if (!n || !find_word(b, word, n) || find_word(rest, word, n)) return false;
        word = rest;
    }
    return true;
}

static enum err order(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = places_work_find(db, w);
    if (e) return e;
    if (!same_words(w->order, w->before.photos))
        return err_say(w->why, ERR_INVALID, "photos must be those that the place has, each once");
    if (strcmp(w->order, w->before.photos) == 0) return ERR_OK;
    w->now.photos = w->order;
    return places_work_put(db, w, "photos_ordered");
}

enum err place_photos_order(struct db *db, int64_t place, int64_t version, const char *wanted,
                            const struct places_by *by, struct arena *arena,
                            struct places_row *after, struct why *why)
{
    struct places_work w = {
        .by = by, .id = place, .version = version, .order = wanted, .arena = arena};
    return places_work_simply(db, &w, order, after, why);
}

/* --- reading --- */

enum err place_photos_get(struct db *db, const char *public_id, struct arena *arena,
                          struct place_photos_photo *photo)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db,
                   "SELECT f.place_id, p.vanished_ms IS NULL AND p.removed_ms IS NULL, "
                   "p.lon, p.lat, f.large, f.middle, f.small FROM place_photos f JOIN places p ON "
                   "p.id = f.place_id WHERE f.public_id = :public",
                   &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    e = db_step(q, &row);
    if (!e && !row) e = ERR_NOTFOUND;
    if (!e) {
        *photo = (struct place_photos_photo){.place = db_int(q, 0),
                                             .shown = db_int(q, 1) != 0,
                                             .at = {db_real(q, 2), db_real(q, 3)}};
        for (int i = 0; i < PHOTOS_SIZES && !e; i++)
            if (!(photo->blobs[i] = arena_strdup(arena, db_text(q, 4 + i)))) e = ERR_NOMEM;
    }
    db_done(q);
    return e;
}
