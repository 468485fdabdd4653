#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/blobs_doomed.h"
#include "data/cases_blur.h"
#include "data/photo_files.h"
#include "geo/base/file.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static struct cases_case sent(struct store *s, uint64_t mark)
{
    unsigned char bytes[64];
    const struct photos_clean photo = store_photo(bytes, mark);
    struct cases_new fresh = store_report();
    fresh.photos = &photo;
    fresh.photo_count = 1;
    return store_created(s, &fresh);
}

static enum err blur(struct store *s, const struct cases_case *c, uint64_t mark,
                     struct cases_case *after, struct why *why)
{
    unsigned char bytes[64];
    const struct photos_clean clean = store_photo(bytes, mark);
    const struct cases_blurring blurring = {.actor = {KINDS_ROLE(area_staff), 0},
                                            .photo = c->photos[0].public_id,
                                            .large = c->photos[0].blobs[PHOTOS_LARGE],
                                            .clean = &clean,
                                            .version = c->version,
                                            .now_ms = 5000};
    return cases_blur(s->db, s->dir, &blurring, &s->arena, after, why);
}

static bool is_on_disk(struct store *s, const char *name)
{
    char path[PATH_MAX], aside[PATH_MAX];
    assert_ok(blobs_path(s->dir, name, path, sizeof path));
    assert_ok(blobs_path_aside(s->dir, name, aside, sizeof aside));
    return access(path, F_OK) == 0 || access(aside, F_OK) == 0;
}

TEST(what_is_blurred_is_gone_from_the_disk_and_has_another_address)
{
    struct store s = store_fresh();
    struct blobs_swept swept;
    struct cases_case after;
    struct why why = {""};
    struct cases_case c = sent(&s, 1);
    assert_ok(blur(&s, &c, 2, &after, &why));
    for (int i = 0; i < PHOTOS_SIZES; i++) {
        assert_false(is_on_disk(&s, c.photos[0].blobs[i]));
        assert_true(is_on_disk(&s, after.photos[0].blobs[i]));
    }
    assert_string_not_equal(after.photos[0].public_id, c.photos[0].public_id);
    assert_int_equal(after.version, c.version + 1);
    assert_int_equal(after.updated_ms, 5000);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes WHERE verb = 'blurred'"), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    assert_int_equal(swept.set_aside + swept.missing + swept.returned, 0);
    store_close(&s);
}

TEST(who_saw_an_older_version_or_another_photo_changes_nothing)
{
    struct store s = store_fresh();
    struct cases_case after = {0};
    struct why why = {""};
    struct cases_case c = sent(&s, 1), old = c;
    old.version = 7;
    assert_err(blur(&s, &old, 2, &after, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "at version 1 now, not at version 7"));
    assert_true(is_on_disk(&s, c.photos[0].blobs[PHOTOS_LARGE]));
    assert_ok(blur(&s, &c, 2, &after, &why));
    assert_err(blur(&s, &c, 3, &after, &why), ERR_NOTFOUND); /* that id is no longer */
    store_close(&s);
}

TEST(a_file_that_another_report_shows_stays)
{
    struct store s = store_fresh();
    struct cases_case after;
    struct why why = {""};
    struct cases_case c = sent(&s, 1), twin = sent(&s, 1);
    assert_ok(blur(&s, &c, 2, &after, &why));
    assert_true(is_on_disk(&s, twin.photos[0].blobs[PHOTOS_LARGE]));
    assert_ok(blur(&s, &twin, 2, &after, &why));
    assert_false(is_on_disk(&s, twin.photos[0].blobs[PHOTOS_LARGE]));
    store_close(&s);
}

static enum err doom(struct db *db, void *user)
{
    return photo_files_doom(db, user);
}

TEST(a_blur_is_done_though_the_old_file_cannot_be_deleted_yet)
{
    struct store s = store_fresh();
    struct cases_case after = {0};
    struct why why = {""};
    char path[PATH_MAX];
    struct cases_case c = sent(&s, 1);
    const char *old = c.photos[0].blobs[PHOTOS_LARGE];
    assert_ok(blobs_path(s.dir, old, path, sizeof path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0); /* not even root can unlink it */
    assert_ok(blur(&s, &c, 2, &after, &why));
    assert_non_null(strstr(why.text, "cannot delete "));
    assert_int_equal(after.version, c.version + 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 1);
    assert_false(is_on_disk(&s, c.photos[0].blobs[PHOTOS_SMALL]));
    store_close(&s);
}

TEST(what_a_crash_leaves_doomed_goes_at_the_next_start_wherever_it_is)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct blobs_swept swept;
    char path[PATH_MAX], aside[PATH_MAX], folder[PATH_MAX];
    uint64_t erased = 0;
    struct cases_case c = sent(&s, 1);
    const char *blobs[PHOTOS_SIZES];
    memcpy(blobs, c.photos[0].blobs, sizeof blobs);
    assert_ok(db_exec(s.db, "DELETE FROM photos"));
    assert_ok(db_write(s.db, doom, blobs));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.set_aside, 0);
    assert_ok(blobs_path(s.dir, blobs[0], path, sizeof path));
    assert_ok(blobs_path_aside(s.dir, blobs[0], aside, sizeof aside));
    assert_ok(file_join(folder, sizeof folder, datadir_path(s.dir, DATADIR_BLOBS), "orphans"));
    assert_ok(file_make_dir(folder, &why));
    assert_int_equal(rename(path, aside), 0); /* as an older program does */
    assert_true(is_on_disk(&s, blobs[0]));
    assert_ok(blobs_doomed_erase(s.db, s.dir, &erased, &why));
    assert_int_equal(erased, PHOTOS_SIZES);
    for (int i = 0; i < PHOTOS_SIZES; i++)
        assert_false(is_on_disk(&s, blobs[i]));
    store_close(&s);
}

struct late {
    struct store *s;
    const struct photos_clean *photo;
    const struct photo_files *files;
};

static enum err keep(struct db *db, void *user)
{
    const struct late *late = user;
    return photo_files_keep(db, late->s->dir, late->photo, late->files, 1);
}

TEST(a_picture_that_is_sent_while_its_twin_is_deleted_is_not_lost)
{
    struct store s = store_fresh();
    struct cases_case after;
    struct why why = {""};
    unsigned char bytes[64];
    struct photo_files files;
    const struct photos_clean photo = store_photo(bytes, 1);
    struct cases_case c = sent(&s, 1);
    struct late late = {&s, &photo, &files};
    assert_ok(photo_files_put(s.dir, &photo, 1, &files, &why)); /* finds them there */
    assert_ok(blur(&s, &c, 2, &after, &why));
    assert_false(is_on_disk(&s, files.blobs[PHOTOS_LARGE]));
    assert_ok(db_write(s.db, keep, &late));
    for (int i = 0; i < PHOTOS_SIZES; i++)
        assert_true(is_on_disk(&s, files.blobs[i]));
    store_close(&s);
}

RUN(cmocka_unit_test(what_is_blurred_is_gone_from_the_disk_and_has_another_address),
    cmocka_unit_test(who_saw_an_older_version_or_another_photo_changes_nothing),
    cmocka_unit_test(a_file_that_another_report_shows_stays),
    cmocka_unit_test(a_blur_is_done_though_the_old_file_cannot_be_deleted_yet),
    cmocka_unit_test(what_a_crash_leaves_doomed_goes_at_the_next_start_wherever_it_is),
    cmocka_unit_test(a_picture_that_is_sent_while_its_twin_is_deleted_is_not_lost))
