#include "tests/check.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/db.h"
#include "data/writer.h"
#include "geo/base/clock.h"
#include "geo/base/file.h"

#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static char path[PATH_MAX];

struct scene {
    struct writer *writer;
    struct db *db; /* reads, and is led to the writer */
};

static struct db *reader(struct writer *writer)
{
    struct db *db;
    assert_ok(db_open(path, DB_READ, &db, NULL));
    writer_serve(writer, db);
    return db;
}

static struct scene begin(void)
{
    struct scene s;
    struct db *db;
    scratch_make();
    assert_ok(file_join(path, sizeof path, scratch_path, "test.db"));
    assert_ok(db_open(path, DB_CREATE, &db, NULL));
    assert_ok(db_exec(db, "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a INTEGER NOT "
                          "NULL, filler BLOB); CREATE TABLE other (id INTEGER PRIMARY KEY, t "
                          "INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED)"));
    assert_ok(writer_start(db, &s.writer));
    s.db = reader(s.writer);
    return s;
}

static void end(struct scene *s)
{
    db_close(s->db);
    writer_stop(s->writer);
    scratch_remove();
}

static struct writer_counts counts(const struct scene *s)
{
    struct writer_counts c;
    writer_count(s->writer, &c);
    return c;
}

static void nap(long ms)
{
    const struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&t, NULL);
}

/* --- pieces of work --- */

static enum err insert(struct db *db, int64_t a, size_t filler)
{
    static const unsigned char zeros[100000];
    struct db_query *q;
    enum err e = db_prepare(db, "INSERT INTO t (a, filler) VALUES (:a, :filler)", &q);
    if (e) return e;
    db_bind_int(q, ":a", a);
    db_bind_blob(q, ":filler", zeros, filler);
    return db_run(q, NULL);
}

static enum err put(struct db *db, void *user)
{
    const int64_t *a = user;
    return insert(db, *a, 0);
}

static enum err put_and_refuse(struct db *db, void *user)
{
    enum err e = put(db, user);
    return e ? e : ERR_INVALID;
}

static enum err put_nothing(struct db *db, void *user)
{
    (void)user;
    return db_exec(db, "INSERT INTO t (a) VALUES (NULL)");
}

static enum err point_nowhere(struct db *db, void *user)
{
    enum err e = put(db, user);
    return e ? e : db_exec(db, "INSERT INTO other (t) VALUES (99999)");
}

static enum err put_large(struct db *db, void *user)
{
    const int64_t *a = user;
    return insert(db, *a, 100000);
}

/* Holds the writer until told, so that others come to wait. */
struct hold {
    atomic_bool begun, go_on;
};

static enum err hold(struct db *db, void *user)
{
    struct hold *h = user;
    (void)db;
    atomic_store(&h->begun, true);
    while (!atomic_load(&h->go_on))
        nap(1);
    return ERR_OK;
}

/* --- callers --- */

struct caller {
    struct db *db;
    enum err (*work)(struct db *db, void *user);
    void *user;
    enum err e;
    char said[200];
    pthread_t thread;
};

static void *call(void *user)
{
    struct caller *c = user;
    c->e = db_write(c->db, c->work, c->user);
    if (c->e) (void)snprintf(c->said, sizeof c->said, "%s", db_error(c->db));
    return NULL;
}

static void start(struct scene *s, struct caller *c)
{
    c->db = reader(s->writer);
    assert_int_equal(pthread_create(&c->thread, NULL, call, c), 0);
}

static void finish(struct caller *callers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        pthread_join(callers[i].thread, NULL);
        db_close(callers[i].db);
    }
}

static void start_hold(struct scene *s, struct caller *c, struct hold *h)
{
    *c = (struct caller){.work = hold, .user = h};
    start(s, c);
    while (!atomic_load(&h->begun))
        nap(1);
}

/* Until so many have come, however long a busy machine takes to let them. */
static void await_callers(struct scene *s, unsigned count)
{
    while (counts(s).inside < count)
        nap(1);
}

/* --- what it promises --- */

TEST(what_is_written_is_there_for_the_one_who_wrote_it)
{
    struct scene s = begin();
    int64_t a = 7;
    assert_ok(db_write(s.db, put, &a));
    assert_int_equal(value_of(s.db, "SELECT a FROM t"), 7);
    assert_err(db_exec(s.db, "INSERT INTO t (a) VALUES (8)"), ERR_READONLY);
    assert_int_equal(counts(&s).commits, 1);
    assert_int_equal(counts(&s).works, 1);
    end(&s);
}

TEST(what_fails_leaves_nothing_and_its_sentence_reaches_the_one_who_called)
{
    struct scene s = begin();
    int64_t a = 1;
    assert_err(db_write(s.db, put_and_refuse, &a), ERR_INVALID);
    assert_err(db_write(s.db, put_nothing, NULL), ERR_CONFLICT);
    assert_non_null(strstr(db_error(s.db), "NOT NULL constraint failed: t.a"));
    assert_err(db_write(s.db, point_nowhere, &a), ERR_CONFLICT);
    assert_non_null(strstr(db_error(s.db), "FOREIGN KEY"));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), 0);
    assert_int_equal(counts(&s).failed, 3);
    end(&s);
}

enum { CALLERS = 40 };

TEST(a_failure_in_a_group_is_that_of_one_alone)
{
    struct scene s = begin();
    struct caller held, callers[CALLERS] = {0};
    struct hold h = {0};
    int64_t a[CALLERS];
    enum err (*const works[])(struct db * db, void *user) = {put, put_and_refuse, put_nothing,
                                                             point_nowhere};
    const enum err expected[] = {ERR_OK, ERR_INVALID, ERR_CONFLICT, ERR_CONFLICT};
    start_hold(&s, &held, &h);
    for (int i = 0; i < CALLERS; i++) {
        a[i] = 100 + i;
        callers[i] = (struct caller){.work = works[i % 4], .user = &a[i]};
        start(&s, &callers[i]);
    }
    await_callers(&s, 1 + CALLERS);
    atomic_store(&h.go_on, true);
    finish(&held, 1);
    finish(callers, CALLERS);
    for (int i = 0; i < CALLERS; i++)
        assert_int_equal(callers[i].e, expected[i % 4]);
    assert_non_null(strstr(callers[2].said, "NOT NULL"));
    assert_non_null(strstr(callers[3].said, "FOREIGN KEY"));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), CALLERS / 4);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t WHERE a % 4 = 0"), CALLERS / 4);
    assert_int_equal(counts(&s).works, CALLERS / 4 + 1);
    assert_int_equal(counts(&s).failed, CALLERS - CALLERS / 4);
    end(&s);
}

TEST(many_who_wait_cost_few_commits_and_come_in_their_order)
{
    struct scene s = begin();
    struct caller held, callers[CALLERS] = {0};
    struct hold h = {0};
    int64_t a[CALLERS];
    start_hold(&s, &held, &h);
    for (int i = 0; i < CALLERS; i++) {
        a[i] = i;
        callers[i] = (struct caller){.work = put, .user = &a[i]};
        start(&s, &callers[i]);
        await_callers(&s, 2 + (unsigned)i); /* so that they come one after the other */
    }
    atomic_store(&h.go_on, true);
    finish(&held, 1);
    finish(callers, CALLERS);
    for (int i = 0; i < CALLERS; i++)
        assert_ok(callers[i].e);
    struct writer_counts c = counts(&s);
    printf("# %d writers at once: %d commits\n", CALLERS, (int)c.commits - 1);
    assert_int_equal(c.works, CALLERS + 1);
    assert_in_range(c.commits, 2, 1 + CALLERS / 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), CALLERS);
    /* Numbers of the outbox are handed out like these: in the order of commits. */
    int64_t behind = value_of(s.db, "SELECT count(*) FROM t x JOIN t y ON y.id = x.id + 1 WHERE "
                                    "y.a < x.a");
    assert_int_equal(behind, 0);
    end(&s);
}

/* The log that commits go to cannot grow: pieces of work succeed in memory, and the commit does
 * not. */
TEST(a_commit_that_the_disk_refuses_fails_all_of_its_group_and_later_ones_go_on)
{
    struct scene s = begin();
    struct caller held, callers[8] = {0};
    struct hold h = {0};
    struct rlimit before, small;
    int64_t a[8] = {0};
    char log[PATH_MAX + 8];
    struct stat st;
    assert_ok(db_write(s.db, put, &a[0]));
    (void)snprintf(log, sizeof log, "%s-wal", path);
    assert_int_equal(stat(log, &st), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    (void)signal(SIGXFSZ, SIG_IGN);
    start_hold(&s, &held, &h);
    for (int i = 0; i < 8; i++) {
        callers[i] = (struct caller){.work = put_large, .user = &a[i]};
        start(&s, &callers[i]);
    }
    await_callers(&s, 9);
    small = (struct rlimit){(rlim_t)st.st_size + 8192, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    atomic_store(&h.go_on, true);
    finish(&held, 1);
    finish(callers, 8);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    for (int i = 0; i < 8; i++) {
        assert_true(callers[i].e == ERR_IO || callers[i].e == ERR_FULL);
        assert_true(callers[i].said[0]);
    }
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), 1);
    assert_ok(db_write(s.db, put_large, &a[0]));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), 2);
    end(&s);
}

static enum err make_small(struct db *db, void *user)
{
    char sql[64];
    const int64_t *more = user;
    int64_t pages = value_of(db, "PRAGMA page_count") + *more;
    (void)snprintf(sql, sizeof sql, "PRAGMA max_page_count = %" PRId64, pages);
    return db_exec(db, sql);
}

TEST(a_full_database_fails_what_no_longer_fits_and_takes_what_does)
{
    struct scene s = begin();
    int64_t a = 5, few = 4, many = 1000000;
    assert_ok(db_write(s.db, make_small, &few));
    assert_err(db_write(s.db, put_large, &a), ERR_FULL);
    assert_string_equal(db_error(s.db), "database or disk is full");
    assert_ok(db_write(s.db, put, &a));
    assert_ok(db_write(s.db, make_small, &many));
    assert_ok(db_write(s.db, put_large, &a));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), 2);
    end(&s);
}

struct nested {
    struct db *db;
    enum err e;
    char said[200];
    int64_t took_ms;
};

static enum err write_within(struct db *db, void *user)
{
    struct nested *n = user;
    int64_t a = 1, began_ms = clock_ms();
    (void)db;
    n->e = db_write(n->db, put, &a);
    n->took_ms = clock_ms() - began_ms;
    (void)snprintf(n->said, sizeof n->said, "%s", db_error(n->db));
    return ERR_OK;
}

TEST(a_write_within_a_write_is_refused_at_once)
{
    struct scene s = begin();
    struct nested nested = {.db = reader(s.writer)};
    int64_t a = 2;
    assert_ok(db_write(s.db, write_within, &nested));
    assert_int_equal(nested.e, ERR_SYSTEM);
    assert_string_equal(nested.said, "a write began inside another");
    assert_in_range(nested.took_ms, 0, 1000);
    assert_ok(db_write(s.db, put, &a));
    assert_int_equal(value_of(s.db, "SELECT a FROM t"), 2);
    db_close(nested.db);
    end(&s);
}

static void *stop(void *user)
{
    writer_stop(user);
    return NULL;
}

TEST(a_stop_lets_those_who_wait_be_written_and_refuses_who_comes_later)
{
    struct scene s = begin();
    struct caller held, callers[8] = {0};
    struct hold h = {0};
    int64_t a[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    pthread_t stopper;
    start_hold(&s, &held, &h);
    for (int i = 0; i < 8; i++) {
        callers[i] = (struct caller){.work = put, .user = &a[i]};
        start(&s, &callers[i]);
    }
    await_callers(&s, 9);
    assert_int_equal(pthread_create(&stopper, NULL, stop, s.writer), 0);
    nap(900);
    assert_err(db_write(s.db, put, &a[0]), ERR_CANCELLED);
    assert_string_equal(db_error(s.db), "the server is stopping");
    atomic_store(&h.go_on, true);
    finish(&held, 1);
    finish(callers, 8);
    pthread_join(stopper, NULL);
    for (int i = 0; i < 8; i++)
        assert_ok(callers[i].e);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t"), 8);
    s.writer = NULL;
    end(&s);
}

/* --- beside other processes, which take their turns by the same file --- */

static enum err stay(struct db *db, void *user)
{
    (void)user;
    nap(200);
    return insert(db, -1, 0);
}

struct crowd {
    struct scene *scene;
    atomic_bool stop;
    int64_t slowest_ms;
};

static void *write_on(void *user)
{
    struct crowd *crowd = user;
    struct db *db = reader(crowd->scene->writer);
    int64_t a = 0;
    enum err e = ERR_OK;
    while (!atomic_load(&crowd->stop) && !e)
        e = db_write(db, put, &a);
    db_close(db);
    return e ? "write" : NULL;
}

TEST(a_writer_that_never_rests_lets_others_have_their_turn)
{
    struct scene s = begin();
    struct crowd crowd = {.scene = &s};
    struct db *other;
    pthread_t threads[4];
    void *failed;
    assert_ok(db_open(path, DB_WRITE, &other, NULL));
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &crowd), 0);
    int64_t slowest = 0;
    for (int i = 0; i < 10; i++) {
        int64_t before = clock_ms(), a = -1;
        nap(20);
        assert_ok(db_write(other, put, &a));
        if (clock_ms() - before > slowest) slowest = clock_ms() - before;
    }
    assert_ok(db_write(other, stay, NULL)); /* and waits for one that takes long */
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    printf("# beside %d pieces of work in %d commits another waited %d ms at most\n",
           (int)counts(&s).works, (int)counts(&s).commits, (int)slowest - 20);
    assert_in_range(slowest, 0, 2000);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM t WHERE a = -1"), 11);
    db_close(other);
    end(&s);
}

RUN(cmocka_unit_test(what_is_written_is_there_for_the_one_who_wrote_it),
    cmocka_unit_test(what_fails_leaves_nothing_and_its_sentence_reaches_the_one_who_called),
    cmocka_unit_test(a_failure_in_a_group_is_that_of_one_alone),
    cmocka_unit_test(many_who_wait_cost_few_commits_and_come_in_their_order),
    cmocka_unit_test(a_commit_that_the_disk_refuses_fails_all_of_its_group_and_later_ones_go_on),
    cmocka_unit_test(a_full_database_fails_what_no_longer_fits_and_takes_what_does),
    cmocka_unit_test(a_write_within_a_write_is_refused_at_once),
    cmocka_unit_test(a_stop_lets_those_who_wait_be_written_and_refuses_who_comes_later),
    cmocka_unit_test(a_writer_that_never_rests_lets_others_have_their_turn))
