#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/blobs_doomed.h"
#include "data/pictures.h"

#include <unistd.h>

enum { HOUR_MS = 3600000 };

static enum err nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

static struct store scene(void)
{
    struct store s = store_fresh();
    assert_ok(db_exec(s.db, "INSERT INTO people (id, login, created_ms, updated_ms) "
                            "VALUES (7, 'a', 0, 0), (8, 'b', 0, 0)"));
    return s;
}

static enum err try_bring(struct store *s, int64_t person, uint64_t mark, int64_t now_ms,
                          const char *key, struct pictures_picture *made)
{
    unsigned char bytes[64];
    const struct photos_clean photo = store_photo(bytes, mark);
    const struct pictures_new fresh = {person, now_ms, &photo};
    const struct answers_reply reply = {
        .request = {.scope = "POST", .key = key}, .status = 201, .render = nothing};
    struct idempotency_answer answer;
    return pictures_add(s->db, s->dir, &fresh, &reply, &s->arena, made, &answer, NULL);
}

static struct pictures_picture bring(struct store *s, uint64_t mark)
{
    struct pictures_picture made;
    assert_ok(try_bring(s, 7, mark, 1000, NULL, &made));
    return made;
}

/* ---- one act within a transaction ------------------------------------------------------------ */

struct act {
    enum { CLAIM, PUT, DROP, FORGET } verb;
    enum pictures_owner owner;
    int64_t id, by; /* 0: who brings them here */
    const char *public_id[3];
    size_t count;
    size_t wrong;
};

static enum err act(struct db *db, void *user)
{
    struct act *a = user;
    const struct pictures_showing showing = {.owner = a->owner,
                                             .owner_id = a->id,
                                             .by = a->by ? a->by : 7,
                                             .ids = a->public_id,
                                             .count = a->count,
                                             .now_ms = 5000};
    switch (a->verb) {
    case CLAIM:
        return pictures_claim(db, a->public_id[0], a->owner, a->id, showing.by);
    case PUT:
        return pictures_put(db, &showing, &a->wrong);
    case DROP:
        return pictures_drop(db, a->owner, a->id);
    default:
        return pictures_forget(db, a->id);
    }
}

static enum err does(struct store *s, struct act a)
{
    return db_write(s->db, act, &a);
}

static void shows(struct store *s, enum pictures_owner owner, int64_t id, size_t count,
                  const char *const *ids)
{
    const struct pictures_picture *list;
    size_t n = 99;
    assert_ok(pictures_of(s->db, owner, id, &s->arena, &list, &n));
    assert_int_equal(n, count);
    for (size_t i = 0; i < n; i++)
        assert_string_equal(list[i].public_id, ids[i]);
}

static bool has_file(struct store *s, const char *blob)
{
    char path[4096];
    assert_ok(blobs_path(s->dir, blob, path, sizeof path));
    return access(path, F_OK) == 0;
}

/* ---------------------------------------------------------------------------------------------- */

TEST(a_picture_is_brought_once_and_shown_by_one_thing)
{
    struct store s = scene();
    struct pictures_picture a, again = {0}, b = bring(&s, 2);
    assert_ok(try_bring(&s, 7, 1, 1000, "k", &a));
    assert_true(a.is_loose);
    assert_ok(try_bring(&s, 7, 1, 1001, "k", &again));
    assert_null(again.public_id); /* the answer was kept, and nothing made */
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM pictures"), 2);
    assert_true(has_file(&s, a.blobs[PHOTOS_LARGE]));

    struct act claim = {.verb = CLAIM, .owner = PICTURES_post, .id = 3, .public_id = {a.public_id}};
    assert_ok(does(&s, claim));
    assert_ok(does(&s, claim));
    claim.id = 4;
    assert_err(does(&s, claim), ERR_CONFLICT);
    claim.owner = PICTURES_deed;
    claim.id = 3;
    assert_err(does(&s, claim), ERR_CONFLICT);
    claim.public_id[0] = "2222222222222222222222";
    assert_err(does(&s, claim), ERR_NOTFOUND);
    claim =
        (struct act){.verb = CLAIM, .owner = PICTURES_post, .id = 3, .public_id = {b.public_id}};
    assert_ok(does(&s, claim));
    shows(&s, PICTURES_post, 3, 2, (const char *[]){a.public_id, b.public_id});
    /* Nor by anybody's hand in the database. */
    assert_err(db_exec(s.db, "UPDATE pictures SET owner_id = 4"), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

TEST(a_thing_shows_what_it_is_given_in_that_order_and_lets_go_of_the_rest)
{
    struct store s = scene();
    const char *a = bring(&s, 1).public_id, *b = bring(&s, 2).public_id,
               *c = bring(&s, 3).public_id;
    struct act put = {
        .verb = PUT, .owner = PICTURES_post, .id = 3, .public_id = {a, b, c}, .count = 3};
    assert_ok(does(&s, put));
    put.public_id[0] = c;
    put.public_id[1] = a;
    put.count = 2;
    assert_ok(does(&s, put));
    shows(&s, PICTURES_post, 3, 2, (const char *[]){c, a});
    struct pictures_picture found;
    assert_ok(pictures_find(s.db, b, &s.arena, &found));
    assert_true(found.is_loose);
    put.public_id[1] = c;
    assert_err(does(&s, put), ERR_INVALID);
    shows(&s, PICTURES_post, 3, 2, (const char *[]){c, a});
    put.id = 4;
    put.count = 1;
    assert_err(does(&s, put), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

TEST(nobody_shows_or_deletes_what_another_brought_but_who_changes_what_shows_it_keeps_it)
{
    struct store s = scene();
    struct pictures_picture mine = bring(&s, 1), theirs, found;
    assert_ok(try_bring(&s, 8, 2, 1000, NULL, &theirs));
    struct act claim = {
        .verb = CLAIM, .owner = PICTURES_deed, .id = 3, .by = 8, .public_id = {mine.public_id}};
    assert_err(does(&s, claim), ERR_NOTFOUND);
    struct act put = {.verb = PUT,
                      .owner = PICTURES_deed,
                      .id = 3,
                      .by = 8,
                      .public_id = {theirs.public_id, mine.public_id},
                      .count = 2};
    static struct why why;
    const struct pictures_showing bare = {
        .owner = PICTURES_deed, .owner_id = 3, .by = 8, .ids = put.public_id, .count = 2};
    assert_err(pictures_show(s.db, &bare, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "pictures/1:"));
    assert_err(does(&s, put), ERR_NOTFOUND);
    shows(&s, PICTURES_deed, 3, 0, NULL);
    assert_ok(does(&s, (struct act){.verb = DROP, .owner = PICTURES_deed, .id = 3}));
    assert_ok(pictures_find(s.db, mine.public_id, &s.arena, &found));

    put.owner = PICTURES_post;
    put.by = 7;
    put.public_id[0] = mine.public_id;
    put.count = 1;
    assert_ok(does(&s, put));
    put.by = 8;
    put.public_id[1] = theirs.public_id;
    put.count = 2;
    assert_ok(does(&s, put)); /* a colleague adds one, and keeps what is there */
    shows(&s, PICTURES_post, 3, 2, put.public_id);
    put.public_id[0] = theirs.public_id;
    put.count = 1;
    assert_ok(does(&s, put));
    put.public_id[0] = mine.public_id;
    assert_err(does(&s, put), ERR_NOTFOUND); /* what was let go of is its bringer's again */
    /* Of what another thing shows one learns no more than of what is not there. */
    put.by = 7;
    put.id = 4;
    put.public_id[0] = theirs.public_id;
    assert_err(does(&s, put), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(what_nothing_shows_for_a_day_is_deleted_with_its_files_and_nothing_else_is)
{
    struct store s = scene();
    struct pictures_picture a = bring(&s, 1), b = bring(&s, 2), same;
    assert_ok(try_bring(&s, 8, 1, 1000 + 20 * HOUR_MS, NULL, &same)); /* the picture of `a` */
    struct pictures_picture lone = bring(&s, 3);
    struct act claim = {.verb = CLAIM, .owner = PICTURES_post, .id = 3, .public_id = {b.public_id}};
    size_t count = 99;
    assert_ok(does(&s, claim));
    assert_ok(pictures_sweep(s.db, s.dir, 999 + 24 * HOUR_MS, 20, &count, NULL));
    assert_int_equal(count, 0);
    assert_ok(pictures_sweep(s.db, s.dir, 1000 + 24 * HOUR_MS, 20, &count, NULL));
    assert_int_equal(count, 2);
    assert_err(pictures_find(s.db, a.public_id, &s.arena, &a), ERR_NOTFOUND);
    assert_false(has_file(&s, lone.blobs[PHOTOS_LARGE]));
    assert_true(has_file(&s, same.blobs[PHOTOS_LARGE]));
    assert_true(has_file(&s, b.blobs[PHOTOS_SMALL]));
    assert_ok(does(&s, (struct act){.verb = DROP, .owner = PICTURES_post, .id = 3}));
    assert_ok(blobs_doomed_erase(s.db, s.dir, NULL, NULL));
    assert_false(has_file(&s, b.blobs[PHOTOS_SMALL]));
    store_close(&s);
    scratch_remove();
}

TEST(a_start_of_the_server_sets_no_picture_aside)
{
    struct store s = scene();
    struct pictures_picture a = bring(&s, 1);
    struct blobs_swept swept;
    assert_ok(blobs_sweep(s.dir, s.db, &swept, NULL));
    assert_int_equal(swept.set_aside, 0);
    assert_int_equal(swept.kept, 3);
    assert_true(has_file(&s, a.blobs[PHOTOS_MIDDLE]));
    store_close(&s);
    scratch_remove();
}

TEST(so_many_that_nothing_shows_may_somebody_bring)
{
    struct store s = scene();
    struct pictures_picture made = {0};
    for (uint64_t i = 0; i < PICTURES_LOOSE_MAX; i++)
        made = bring(&s, i);
    assert_err(try_bring(&s, 7, 1000, 1000, NULL, &made), ERR_LIMIT);
    assert_ok(try_bring(&s, 8, 1000, 1000, NULL, &made));
    assert_err(pictures_remove(s.db, s.dir, made.public_id, 7, NULL), ERR_NOTFOUND);
    assert_ok(pictures_remove(s.db, s.dir, made.public_id, 8, NULL));
    assert_false(has_file(&s, made.blobs[PHOTOS_LARGE]));
    store_close(&s);
    scratch_remove();
}

TEST(who_is_forgotten_leaves_what_is_shown_without_a_name)
{
    struct store s = scene();
    struct pictures_picture a = bring(&s, 1), b = bring(&s, 2);
    struct act claim = {.verb = CLAIM, .owner = PICTURES_post, .id = 3, .public_id = {a.public_id}};
    assert_ok(does(&s, claim));
    assert_err(pictures_remove(s.db, s.dir, a.public_id, 7, NULL), ERR_CONFLICT);
    assert_ok(does(&s, (struct act){.verb = FORGET, .id = 7}));
    assert_ok(pictures_find(s.db, a.public_id, &s.arena, &a));
    assert_int_equal(a.person, 0);
    assert_err(pictures_find(s.db, b.public_id, &s.arena, &b), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_picture_is_brought_once_and_shown_by_one_thing),
    cmocka_unit_test(a_thing_shows_what_it_is_given_in_that_order_and_lets_go_of_the_rest),
    cmocka_unit_test(
        nobody_shows_or_deletes_what_another_brought_but_who_changes_what_shows_it_keeps_it),
    cmocka_unit_test(what_nothing_shows_for_a_day_is_deleted_with_its_files_and_nothing_else_is),
    cmocka_unit_test(a_start_of_the_server_sets_no_picture_aside),
    cmocka_unit_test(so_many_that_nothing_shows_may_somebody_bring),
    cmocka_unit_test(who_is_forgotten_leaves_what_is_shown_without_a_name))
