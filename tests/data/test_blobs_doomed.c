#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/blobs_doomed.h"
#include "data/photo_files.h"
#include "data/writer.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
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

static const char *path_of(struct store *s, const char *name)
{
    static char path[PATH_MAX];
    assert_ok(blobs_path(s->dir, name, path, sizeof path));
    return path;
}

static bool is_on_disk(struct store *s, const char *name)
{
    return access(path_of(s, name), F_OK) == 0;
}

/* --- what goes and what stays --- */

/* A photo's row goes, and its files are doomed. */
static enum err doom(struct db *db, void *user)
{
    const struct cases_photo *photo = user;
    const char *blobs[PHOTOS_SIZES];
    struct db_query *q;
    for (int i = 0; i < PHOTOS_SIZES; i++)
        blobs[i] = photo->blobs[i];
    enum err e = db_prepare(db, "DELETE FROM photos WHERE public_id = :public", &q);
    if (e) return e;
    db_bind_text(q, ":public", photo->public_id);
    e = db_run(q, NULL);
    return e ? e : photo_files_doom(db, blobs);
}

static struct cases_photo doomed(struct store *s, uint64_t mark)
{
    struct cases_photo photo = sent(s, mark).photos[0];
    assert_ok(db_write(s->db, doom, &photo));
    return photo;
}

/* A folder of its name is what even root cannot unlink. */
static void make_stubborn(struct store *s, const char *name)
{
    assert_int_equal(unlink(path_of(s, name)), 0);
    assert_int_equal(mkdir(path_of(s, name), 0700), 0);
}

TEST(a_file_that_cannot_be_deleted_keeps_no_other_and_is_tried_again)
{
    enum { PHOTOS = 40 }; /* several transactions */
    struct store s = store_fresh();
    struct cases_photo photos[PHOTOS];
    struct blobs_swept swept;
    struct why why = {""};
    uint64_t erased = 0;
    for (int i = 0; i < PHOTOS; i++)
        photos[i] = doomed(&s, 1 + (uint64_t)i);
    make_stubborn(&s, photos[7].blobs[0]);
    make_stubborn(&s, photos[21].blobs[1]);
    assert_int_not_equal(blobs_doomed_erase(s.db, s.dir, &erased, &why), ERR_OK);
    assert_non_null(strstr(why.text, "cannot delete "));
    assert_int_equal(erased, PHOTOS * PHOTOS_SIZES - 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 2);
    for (int i = 0; i < PHOTOS; i++)
        for (int size = 0; size < PHOTOS_SIZES; size++)
            assert_int_equal(is_on_disk(&s, photos[i].blobs[size]),
                             (i == 7 && size == 0) || (i == 21 && size == 1));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why)); /* a server starts all the same */
    assert_int_equal(swept.set_aside, 0);
    assert_int_equal(rmdir(path_of(&s, photos[7].blobs[0])), 0);
    assert_int_equal(rmdir(path_of(&s, photos[21].blobs[1])), 0);
    assert_ok(blobs_doomed_erase(s.db, s.dir, &erased, &why));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_name_that_has_a_row_again_is_spared_and_doomed_no_longer)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct cases_photo gone = doomed(&s, 1), back = sent(&s, 1).photos[0];
    uint64_t erased = 7;
    assert_string_equal(gone.blobs[0], back.blobs[0]);
    assert_ok(blobs_doomed_erase(s.db, s.dir, &erased, &why));
    assert_int_equal(erased, 0);
    assert_true(is_on_disk(&s, back.blobs[0]));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
    store_close(&s);
    scratch_remove();
}

/* --- as one of several pieces of work --- */

struct crowd {
    struct store *s;
    struct writer *writer;
    atomic_bool holds, go_on;
};

static void nap(long ms)
{
    const struct timespec t = {.tv_nsec = ms * 1000000};
    (void)nanosleep(&t, NULL);
}

/* Keeps the writer until the others wait behind it. */
static enum err hold(struct db *db, void *user)
{
    struct crowd *crowd = user;
    (void)db;
    atomic_store(&crowd->holds, true);
    while (!atomic_load(&crowd->go_on))
        nap(1);
    return ERR_OK;
}

/* The last of them: whether what the others did is in the same transaction. */
static enum err look_around(struct db *db, void *user)
{
    bool *together = user;
    *together = value_of(db, "SELECT count(*) FROM photos") == 0;
    return db_exec(db, "CREATE TABLE much AS SELECT zeroblob(1000000) AS filler");
}

struct caller {
    struct crowd *crowd;
    enum err (*work)(struct db *db, void *user); /* NULL: erases */
    void *user;
    enum err e;
    pthread_t thread;
};

static void *call(void *user)
{
    struct caller *c = user;
    const struct datadir *dir = c->crowd->s->dir;
    struct db *db = NULL;
    c->e = datadir_database(dir, DB_READ, &db, NULL);
    if (c->e) return NULL;
    writer_serve(c->crowd->writer, db);
    c->e = c->work ? db_write(db, c->work, c->user) : blobs_doomed_erase(db, dir, NULL, NULL);
    db_close(db);
    return NULL;
}

static void start_writer(struct crowd *crowd)
{
    struct db *db = NULL;
    assert_ok(datadir_database(crowd->s->dir, DB_WRITE, &db, NULL));
    assert_ok(db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)"));
    assert_ok(writer_start(db, &crowd->writer));
}

/* One after the other behind one that holds the writer: as one transaction, where they are quick
 * enough for that (WRITER_GROUP_MS). */
static void call_all(struct crowd *crowd, struct caller *callers, size_t count,
                     const struct rlimit *limit)
{
    struct caller holder = {.crowd = crowd, .work = hold, .user = crowd};
    struct writer_counts now;
    atomic_store(&crowd->holds, false);
    atomic_store(&crowd->go_on, false);
    assert_int_equal(pthread_create(&holder.thread, NULL, call, &holder), 0);
    while (!atomic_load(&crowd->holds))
        nap(1);
    for (size_t i = 0; i < count; i++) {
        callers[i].crowd = crowd;
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
        do {
            nap(1);
            writer_count(crowd->writer, &now);
        } while (now.inside < i + 2);
    }
    if (limit) assert_int_equal(setrlimit(RLIMIT_FSIZE, limit), 0);
    atomic_store(&crowd->go_on, true);
    for (size_t i = 0; i < count; i++)
        pthread_join(callers[i].thread, NULL);
    pthread_join(holder.thread, NULL);
}

TEST(a_row_that_comes_back_as_a_commit_fails_still_has_its_file)
{
    struct store s = store_fresh();
    struct crowd crowd = {.s = &s};
    struct cases_photo photo = sent(&s, 1).photos[0];
    struct rlimit old, small;
    struct blobs_swept swept;
    struct why why = {""};
    bool together = false;
    /* So that there is something to do; without a file, which would take too long. */
    assert_ok(db_exec(s.db, "INSERT INTO blobs_doomed (name) VALUES (printf('%064d', 0))"));
    start_writer(&crowd);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){8192, old.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    for (int tries = 0; tries < 30 && !together; tries++) {
        struct caller callers[] = {{.work = doom, .user = &photo},
                                   {.work = NULL},
                                   {.work = look_around, .user = &together}};
        call_all(&crowd, callers, 3, &small);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
        for (int i = 0; i < 3; i++)
            assert_int_not_equal(callers[i].e, ERR_OK);
        assert_int_equal(value_of(s.db, "SELECT count(*) FROM photos"), 1);
        for (int i = 0; i < PHOTOS_SIZES; i++)
            assert_true(is_on_disk(&s, photo.blobs[i]));
    }
    if (!together) printf("SKIPPED: this machine is too slow to write them together\n");
    writer_stop(crowd.writer);
    assert_ok(blobs_doomed_erase(s.db, s.dir, NULL, &why));
    assert_ok(blobs_sweep(s.dir, s.db, &swept, &why));
    assert_int_equal(swept.missing, 0);
    assert_int_equal(swept.kept, PHOTOS_SIZES);
    store_close(&s);
    scratch_remove();
}

struct late {
    struct store *s;
    const struct photos_clean *photo;
    struct photo_files files;
};

static enum err keep(struct db *db, void *user)
{
    const struct late *late = user;
    return photo_files_keep(db, late->s->dir, late->photo, &late->files, 1);
}

TEST(a_name_that_a_row_takes_in_the_same_transaction_is_spared_before_and_written_again_after)
{
    for (int first = 0; first < 2; first++) {
        struct store s = store_fresh();
        struct crowd crowd = {.s = &s};
        unsigned char bytes[64];
        const struct photos_clean photo = store_photo(bytes, 1);
        struct cases_photo gone = doomed(&s, 1);
        struct late late = {.s = &s, .photo = &photo};
        struct caller callers[2] = {{.work = NULL}, {.work = NULL}};
        callers[first] = (struct caller){.work = keep, .user = &late};
        for (int i = 0; i < PHOTOS_SIZES; i++)
            memcpy(late.files.blobs[i], gone.blobs[i], SECRETS_HEX_SIZE);
        start_writer(&crowd);
        call_all(&crowd, callers, 2, NULL);
        assert_ok(callers[0].e);
        assert_ok(callers[1].e);
        for (int i = 0; i < PHOTOS_SIZES; i++)
            assert_true(is_on_disk(&s, gone.blobs[i]));
        assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs"), PHOTOS_SIZES);
        assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
        writer_stop(crowd.writer);
        store_close(&s);
        scratch_remove();
    }
}

RUN(cmocka_unit_test(a_file_that_cannot_be_deleted_keeps_no_other_and_is_tried_again),
    cmocka_unit_test(a_name_that_has_a_row_again_is_spared_and_doomed_no_longer),
    cmocka_unit_test(a_row_that_comes_back_as_a_commit_fails_still_has_its_file),
    cmocka_unit_test(
        a_name_that_a_row_takes_in_the_same_transaction_is_spared_before_and_written_again_after))
