#include "data/places_kept.h"

#include "data/changes.h"
#include "data/migrate.h"
#include "geo/place/placepart_file.h"

#include <string.h>

/* Raised when the same rows make other places than before. */
#define PLACES_KEPT_SHAPE "1\n"

enum { TEXT_MAX = 1 << 16 };

_Static_assert(sizeof(struct places_mark) <= PLACEPART_FILE_NOTE, "a mark is the file's note");
_Static_assert(sizeof(struct places_mark) == 16 + 3 * SECRETS_HASH_BYTES,
               "every byte says something");

/* --- marks --- */

static enum err say_shape(struct db *db, struct buf *text)
{
    buf_puts(text, PLACES_KEPT_SHAPE);
    buf_puts(text, places_load_sql());
    return migrate_say(db, text);
}

static void say_words(const struct categories *categories, struct buf *text)
{
    for (size_t i = 0; i < categories_count(categories); i++)
        buf_printf(text, "%s\n", categories_at(categories, i)->code);
    buf_putc(text, '\n');
    for (size_t i = 0; i < categories_amenity_count(categories); i++)
        buf_printf(text, "%s\n", categories_amenity_at(categories, i)->code);
}

static void take_hash(struct buf *text, unsigned char hash[SECRETS_HASH_BYTES])
{
    secrets_sha256(text->bytes ? text->bytes : "", text->len, hash);
    buf_reset(text);
}

enum err places_kept_mark(struct db *db, const struct categories *categories,
                          const struct places_loaded *loaded, struct places_mark *mark)
{
    struct places_mark made = {.change = loaded->change, .skipped = loaded->skipped};
    struct buf text;
    buf_init(&text, TEXT_MAX);
    enum err e = changes_say(db, loaded->change, &text);
    if (!e) take_hash(&text, made.row);
    if (!e) e = say_shape(db, &text);
    if (!e) take_hash(&text, made.shape);
    if (!e) say_words(categories, &text);
    if (!e) e = text.err;
    if (!e) take_hash(&text, made.words);
    buf_fini(&text);
    if (!e) *mark = made;
    return e;
}

enum err places_kept_write(const char *path, const struct placepart *base,
                           const struct places_mark *mark, const struct progress *progress,
                           struct why *why)
{
    return placepart_file_write(path, base, mark, sizeof *mark, progress, why);
}

/* --- loading --- */

struct looking {
    const struct categories *categories;
    struct places_mark mark; /* of the file */
    int64_t *touched;
    size_t max, count;
    struct why *why;
};

static bool same(const unsigned char *a, const unsigned char *b)
{
    return memcmp(a, b, SECRETS_HASH_BYTES) == 0;
}

/* Whether the database has gone on from where it was. */
static enum err hold_against(struct db *db, const struct looking *l, int64_t *last)
{
    const struct places_loaded then = {.change = l->mark.change};
    struct places_mark now;
    bool whole = false;
    enum err e = places_kept_mark(db, l->categories, &then, &now);
    if (!e) e = changes_last(db, last);
    if (!e) e = changes_whole(db, l->mark.change, *last, &whole);
    if (e) return err_say(l->why, e, "the database cannot be read: %s", db_error(db));
    if (!same(now.shape, l->mark.shape))
        return err_say(l->why, ERR_CONFLICT, "it is of another database, or of another program");
    if (!same(now.words, l->mark.words))
        return err_say(l->why, ERR_CONFLICT, "the list of categories and amenities has changed");
    if (!same(now.row, l->mark.row) || *last < l->mark.change)
        return err_say(l->why, ERR_CONFLICT,
                       "the database has not gone on from where it was (change %lld)",
                       (long long)l->mark.change);
    if (!whole)
        return err_say(l->why, ERR_CONFLICT, "the outbox does not hold every change since %lld",
                       (long long)l->mark.change);
    return ERR_OK;
}

/* All in one transaction. */
static enum err look(struct db *db, void *user)
{
    struct looking *l = user;
    int64_t last;
    enum err e = hold_against(db, l, &last);
    if (e) return e;
    e = changes_subjects(db, CHANGES_places, l->mark.change, last, l->touched, l->max, &l->count);
    if (e) return err_say(l->why, e, "the outbox cannot be read: %s", db_error(db));
    if (l->count && l->touched[0] == 0)
        return err_say(l->why, ERR_CONFLICT, "a list was imported since");
    if (l->count > l->max)
        return err_say(l->why, ERR_CONFLICT, "more than %zu places were touched since", l->max);
    return ERR_OK;
}

static enum err read_base(const struct placepart_file *file, const struct categories *categories,
                          struct placeset **set, struct why *why)
{
    struct placepart *base;
    enum err e = placepart_file_read(file, (unsigned)categories_count(categories),
                                     (unsigned)categories_amenity_count(categories), &base, why);
    return e ? e : placeset_of_base(base, set);
}

enum err places_kept_load(const char *path, struct db *db, const struct categories *categories,
                          int64_t *touched, size_t max, struct places_kept *kept, struct why *why)
{
    struct looking l = {.categories = categories, .touched = touched, .max = max, .why = why};
    struct placepart_file *file;
    struct placeset *base = NULL, *set = NULL;
    enum err e = placepart_file_open(path, &file, why);
    if (e) return e;
    memcpy(&l.mark, placepart_file_note(file), sizeof l.mark);
    e = db_read(db, look, &l);
    if (!e) e = read_base(file, categories, &base, why);
    placepart_file_close(file);
    /* Rows are read as they are now: what was touched meanwhile is in the outbox, and seen again.
     */
    if (!e) e = places_reload(db, categories, base, touched, l.count, &set);
    placeset_free(base);
    if (!e) *kept = (struct places_kept){.set = set, .skipped = l.mark.skipped, .count = l.count};
    return e;
}
