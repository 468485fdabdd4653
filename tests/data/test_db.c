#include "tests/check.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/db.h"

#include <pthread.h>
#include <string.h>

static char path[128];

static struct db *fresh(void)
{
    struct db *db = NULL;
    struct why why = {""};
    scratch_make();
    assert_ok(db_open(scratch_in(path, sizeof path, "a.db"), DB_CREATE, &db, &why));
    return db;
}

TEST(a_value_of_each_type_comes_back_as_it_went_in)
{
    struct db *db = fresh();
    struct db_query *q;
    bool row = false;
    size_t len = 0;
    assert_ok(db_prepare(db, "SELECT :i, :r, :t, :b, :n, :z", &q));
    db_bind_int(q, ":i", INT64_MIN);
    db_bind_real(q, ":r", 116.397);
    db_bind_text(q, ":t", "驿站");
    db_bind_blob(q, ":b", "a\0b", 3);
    db_bind_null(q, ":n");
    db_bind_blob(q, ":z", NULL, 0);
    assert_ok(db_step(q, &row));
    assert_true(row);
    assert_true(db_int(q, 0) == INT64_MIN);
    assert_true(db_real(q, 1) == 116.397);
    assert_string_equal(db_text(q, 2), "驿站");
    assert_memory_equal(db_blob(q, 3, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    assert_true(db_is_null(q, 4));
    assert_string_equal(db_text(q, 4), "");
    assert_false(db_is_null(q, 5));
    assert_ok(db_step(q, &row));
    assert_false(row);
    db_done(q);
    db_close(db);
    scratch_remove();
}

TEST(the_same_statement_can_be_used_inside_itself)
{
    struct db *db = fresh();
    struct db_query *outer, *inner;
    bool row = false;
    const char *sql = "SELECT :v UNION ALL SELECT :v + 1";
    assert_ok(db_prepare(db, sql, &outer));
    db_bind_int(outer, ":v", 1);
    assert_ok(db_step(outer, &row));
    assert_ok(db_prepare(db, sql, &inner));
    db_bind_int(inner, ":v", 10);
    assert_ok(db_step(inner, &row));
    assert_int_equal(db_int(inner, 0), 10);
    db_done(inner);
    assert_ok(db_step(outer, &row));
    assert_int_equal(db_int(outer, 0), 2);
    db_done(outer);
    db_close(db);
    scratch_remove();
}

TEST(more_statements_than_are_kept_still_work)
{
    struct db *db = fresh();
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 150; i++) {
            char sql[64];
            (void)snprintf(sql, sizeof sql, "SELECT %d", i);
            assert_int_equal(value_of(db, sql), i);
        }
    db_close(db);
    scratch_remove();
}

static enum err insert_then_fail(struct db *db, void *user)
{
    assert_ok(db_exec(db, "INSERT INTO t VALUES (2)"));
    return *(enum err *)user;
}

TEST(a_failed_write_leaves_nothing)
{
    struct db *db = fresh();
    enum err e = ERR_INVALID;
    assert_ok(db_exec(db, "CREATE TABLE t (a INTEGER PRIMARY KEY CHECK (a < 10))"));
    assert_err(db_write(db, insert_then_fail, &e), ERR_INVALID);
    assert_int_equal(value_of(db, "SELECT count(*) FROM t"), 0);
    e = ERR_OK;
    assert_ok(db_write(db, insert_then_fail, &e));
    assert_int_equal(value_of(db, "SELECT count(*) FROM t"), 1);
    assert_err(db_exec(db, "INSERT INTO t VALUES (11)"), ERR_CONFLICT);
    assert_non_null(strstr(db_error(db), "CHECK"));
    assert_err(db_exec(db, "nonsense"), ERR_DB);
    db_close(db);
    scratch_remove();
}

TEST(foreign_keys_are_on_and_a_commit_is_synced)
{
    struct db *db = fresh();
    assert_int_equal(value_of(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(value_of(db, "PRAGMA synchronous"), 2);
    assert_int_equal(value_of(db, "SELECT ST_X(ST_GeomFromText('POINT(7 8)', 4326)) = 7"), 1);
    db_close(db);
    scratch_remove();
}

TEST(what_cannot_be_opened_is_told_by_name)
{
    struct db *db = NULL;
    struct why why = {""};
    scratch_make();
    scratch_in(path, sizeof path, "none.db");
    assert_err(db_open(path, DB_WRITE, &db, &why), ERR_NOTFOUND);
    assert_non_null(strstr(why.text, "none.db"));
    FILE *file = fopen(scratch_in(path, sizeof path, "text.db"), "w");
    for (int i = 0; i < 1000; i++)
        (void)fputs("this is no database\n", file);
    fclose(file);
    assert_err(db_open(path, DB_WRITE, &db, &why), ERR_FORMAT);
    assert_non_null(strstr(why.text, "text.db is not a database"));
    assert_null(db);
    scratch_remove();
}

/* Whether one of the database's files has the word. */
static bool is_on_disk(const char *word)
{
    static const char *const ends[] = {"", "-wal"};
    bool found = false;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        char name[140];
        static char bytes[1 << 24];
        (void)snprintf(name, sizeof name, "%s%s", path, ends[i]);
        FILE *file = fopen(name, "rb");
        if (!file) continue;
        size_t n = fread(bytes, 1, sizeof bytes, file);
        found = found || memmem(bytes, n, word, strlen(word)) != NULL;
        (void)fclose(file);
    }
    return found;
}

TEST(what_was_deleted_is_in_no_file_once_it_is_washed)
{
    struct db *db = fresh(), *reader, *washer;
    bool done = false;
    assert_ok(db_exec(db, "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('unmistakable')"));
    assert_ok(db_open(path, DB_READ, &reader, NULL));
    assert_ok(db_open(path, DB_WRITE, &washer, NULL));
    assert_ok(db_exec(reader, "BEGIN; SELECT * FROM t"));
    assert_ok(db_exec(db, "DELETE FROM t"));
    assert_true(is_on_disk("unmistakable"));
    assert_ok(db_wash(washer, &done));
    assert_false(done); /* somebody reads what it was */
    assert_ok(db_exec(db, "INSERT INTO t VALUES ('another')"));
    assert_ok(db_exec(reader, "COMMIT"));
    assert_ok(db_wash(washer, &done));
    assert_true(done);
    assert_false(is_on_disk("unmistakable"));
    assert_true(is_on_disk("another"));
    db_close(washer);
    db_close(reader);
    db_close(db);
    scratch_remove();
}

TEST(a_reader_cannot_write)
{
    struct db *db = fresh(), *reader = NULL;
    assert_ok(db_exec(db, "CREATE TABLE t (a INTEGER)"));
    assert_ok(db_open(path, DB_READ, &reader, NULL));
    assert_int_equal(value_of(reader, "SELECT count(*) FROM t"), 0);
    assert_err(db_exec(reader, "INSERT INTO t VALUES (1)"), ERR_READONLY);
    db_close(reader);
    db_close(db);
    scratch_remove();
}

enum { WRITERS = 6, ROUNDS = 25 };

/* Reads, waits, writes what it read plus one: any two that overlap lose a count. */
static enum err increment(struct db *db, void *user)
{
    (void)user;
    int64_t n = value_of(db, "SELECT a FROM t");
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE t SET a = :n", &q);
    if (e) return e;
    db_bind_int(q, ":n", n + 1);
    return db_run(q, NULL);
}

static void *writer(void *user)
{
    struct db *db = NULL;
    (void)user;
    if (db_open(path, DB_WRITE, &db, NULL)) return "open";
    enum err e = ERR_OK;
    for (int i = 0; i < ROUNDS && !e; i++)
        e = db_write(db, increment, NULL);
    db_close(db);
    return e ? "write" : NULL;
}

TEST(writers_on_many_threads_take_turns)
{
    struct db *db = fresh();
    pthread_t threads[WRITERS];
    void *failed = NULL;
    assert_ok(db_exec(db, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (0)"));
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, writer, NULL), 0);
    for (int i = 0; i < WRITERS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(value_of(db, "SELECT a FROM t"), WRITERS * ROUNDS);
    db_close(db);
    scratch_remove();
}

struct seen {
    struct db *other;
    int64_t first, second;
};

static enum err look_twice(struct db *db, void *user)
{
    struct seen *seen = user;
    enum err e = ERR_OK;
    seen->first = value_of(db, "SELECT a FROM t");
    e = db_write(seen->other, increment, NULL);
    seen->second = value_of(db, "SELECT a FROM t");
    return e;
}

TEST(a_read_transaction_sees_one_state)
{
    struct db *db = fresh();
    struct seen seen = {.first = -1};
    assert_ok(db_exec(db, "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (0)"));
    assert_ok(db_open(path, DB_WRITE, &seen.other, NULL));
    assert_ok(db_read(db, look_twice, &seen));
    assert_int_equal(seen.first, 0);
    assert_int_equal(seen.second, 0);
    assert_int_equal(value_of(db, "SELECT a FROM t"), 1);
    db_close(seen.other);
    db_close(db);
    scratch_remove();
}

TEST(a_busy_database_is_waited_for_as_long_as_a_writer_waits_for_its_turn)
{
    struct db *db = fresh();
    assert_int_equal(value_of(db, "PRAGMA busy_timeout"), 15000);
    db_close(db);
    scratch_remove();
}

struct rows {
    struct db_query *query;
    int64_t sum, stop_at;
    size_t count, nulls;
    char texts[64];
};

static enum err take_row(struct db_query *q, void *user)
{
    struct rows *rows = user;
    size_t len;
    assert_ptr_equal(q, rows->query);
    rows->count++;
    rows->sum += db_int(q, 0);
    assert_true(db_real(q, 1) == (double)db_int(q, 0) / 2);
    if (db_is_null(q, 2)) {
        rows->nulls++;
        assert_string_equal(db_text(q, 2), "");
    }
    (void)strncat(rows->texts, db_text(q, 2), sizeof rows->texts - strlen(rows->texts) - 1);
    assert_memory_equal(db_blob(q, 3, &len), "a\0b", 3);
    assert_int_equal(len, 3);
    return db_int(q, 0) == rows->stop_at ? ERR_LIMIT : ERR_OK;
}

static enum err each_of(struct db *db, int64_t first, struct rows *rows)
{
    enum err e =
        db_prepare(db,
                   "SELECT each_row(i, i / 2.0, t, x'610062') FROM (SELECT 1 AS i, '驿' AS "
                   "t UNION ALL SELECT 2, '站' UNION ALL SELECT 3, NULL) WHERE i >= :first",
                   &rows->query);
    assert_ok(e);
    db_bind_int(rows->query, ":first", first);
    return db_each(rows->query, take_row, rows);
}

TEST(each_row_of_many_is_read_as_if_it_were_stepped_to)
{
    struct db *db = fresh();
    struct rows all = {0}, two = {0}, none = {0};
    assert_ok(each_of(db, 1, &all));
    assert_int_equal(all.count, 3);
    assert_int_equal(all.sum, 6);
    assert_int_equal(all.nulls, 1);
    assert_string_equal(all.texts, "驿站");
    assert_ok(each_of(db, 2, &two));
    assert_int_equal(two.sum, 5);
    assert_ok(each_of(db, 4, &none));
    assert_int_equal(none.count, 0);
    db_close(db);
    scratch_remove();
}

TEST(a_file_of_unknown_make_is_given_no_function_of_ours)
{
    struct db *db = fresh(), *foreign;
    struct db_query *q;
    assert_ok(db_open(path, DB_FOREIGN, &foreign, NULL));
    assert_err(db_prepare(foreign, "SELECT each_row(1)", &q), ERR_DB);
    assert_non_null(strstr(db_error(foreign), "no such function: each_row"));
    db_close(foreign);
    db_close(db);
    scratch_remove();
}

TEST(what_a_row_fails_with_ends_the_run_and_the_connection_goes_on)
{
    struct db *db = fresh();
    struct db_query *q;
    bool row = false;
    struct rows some = {.stop_at = 2}, all = {0};
    assert_int_equal(each_of(db, 1, &some), ERR_LIMIT);
    assert_int_equal(some.count, 2);
    assert_ok(each_of(db, 1, &all));
    assert_int_equal(all.count, 3);
    assert_ok(db_prepare(db, "SELECT each_row(1)", &q)); /* to nobody */
    assert_int_equal(db_step(q, &row), ERR_DB);
    db_done(q);
    db_close(db);
    scratch_remove();
}

RUN(cmocka_unit_test(each_row_of_many_is_read_as_if_it_were_stepped_to),
    cmocka_unit_test(a_file_of_unknown_make_is_given_no_function_of_ours),
    cmocka_unit_test(what_a_row_fails_with_ends_the_run_and_the_connection_goes_on),
    cmocka_unit_test(a_value_of_each_type_comes_back_as_it_went_in),
    cmocka_unit_test(the_same_statement_can_be_used_inside_itself),
    cmocka_unit_test(more_statements_than_are_kept_still_work),
    cmocka_unit_test(a_failed_write_leaves_nothing),
    cmocka_unit_test(foreign_keys_are_on_and_a_commit_is_synced),
    cmocka_unit_test(what_cannot_be_opened_is_told_by_name),
    cmocka_unit_test(what_was_deleted_is_in_no_file_once_it_is_washed),
    cmocka_unit_test(a_reader_cannot_write), cmocka_unit_test(writers_on_many_threads_take_turns),
    cmocka_unit_test(a_read_transaction_sees_one_state),
    cmocka_unit_test(a_busy_database_is_waited_for_as_long_as_a_writer_waits_for_its_turn))
