#include "tests/check.h"
#include "tests/scratch.h"

#include "data/datadir.h"
#include "data/migrate.h"

#include <string.h>
#include <sys/stat.h>

static char path[128];

TEST(a_directory_is_made_with_all_its_parts)
{
    struct datadir *dir = NULL;
    struct why why = {""};
    struct stat st;
    scratch_make();
    scratch_in(path, sizeof path, "deep/down/");
    assert_ok(datadir_open(path, DATADIR_SERVE, &dir, &why));
    assert_int_equal(stat(datadir_path(dir, DATADIR_TMP), &st), 0);
    assert_null(strstr(datadir_path(dir, DATADIR_TMP), "//"));
    scratch_in(path, sizeof path, "deep/down/blobs/ff");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    datadir_close(dir);
    scratch_remove();
}

TEST(one_server_at_a_time_and_commands_beside_it)
{
    struct datadir *first = NULL, *second = NULL, *visitor = NULL;
    struct why why = {""};
    char pid[32];
    scratch_make();
    assert_ok(datadir_open(scratch_path, DATADIR_SERVE, &first, &why));
    assert_err(datadir_open(scratch_path, DATADIR_SERVE, &second, &why), ERR_LOCKED);
    (void)snprintf(pid, sizeof pid, "(process %ld)", (long)getpid());
    assert_non_null(strstr(why.text, pid));
    assert_ok(datadir_open(scratch_path, DATADIR_VISIT, &visitor, &why));
    datadir_close(visitor);
    datadir_close(first);
    assert_ok(datadir_open(scratch_path, DATADIR_SERVE, &second, &why));
    datadir_close(second);
    scratch_remove();
}

TEST(a_path_that_cannot_be_a_folder_is_told)
{
    struct datadir *dir = NULL;
    struct why why = {""};
    scratch_make();
    FILE *file = fopen(scratch_in(path, sizeof path, "file"), "w");
    fclose(file);
    assert_err(datadir_open(path, DATADIR_VISIT, &dir, &why), ERR_FORMAT);
    assert_non_null(strstr(why.text, "is a file and not a folder"));
    scratch_in(path, sizeof path, "file/below");
    assert_err(datadir_open(path, DATADIR_VISIT, &dir, &why), ERR_FORMAT);
    assert_err(datadir_open("", DATADIR_VISIT, &dir, &why), ERR_INVALID);
    assert_null(dir);
    scratch_remove();
}

TEST(a_folder_that_cannot_be_written_is_told_with_what_mends_it)
{
    struct datadir *dir = NULL;
    struct why why = {""};
    scratch_make();
    if (geteuid() == 0) {
        /* root may write what permission bits forbid: /proc refuses even root. */
        assert_int_not_equal(datadir_open("/proc/yizhan", DATADIR_VISIT, &dir, &why), ERR_OK);
        assert_non_null(strstr(why.text, "/proc/yizhan"));
        scratch_remove();
        return;
    }
    assert_int_equal(chmod(scratch_path, 0500), 0);
    assert_err(datadir_open(scratch_path, DATADIR_VISIT, &dir, &why), ERR_DENIED);
    assert_non_null(strstr(why.text, "chown -R"));
    assert_int_equal(chmod(scratch_path, 0700), 0);
    scratch_remove();
}

struct told {
    int count, bad;
    char all[2000];
};

static void tell(void *user, const struct datadir_finding *finding)
{
    struct told *told = user;
    size_t used = strlen(told->all);
    told->count++;
    told->bad += !finding->good;
    (void)snprintf(told->all + used, sizeof told->all - used, "%s %s: %s (%s)\n",
                   finding->good ? "good" : "bad", finding->subject, finding->text, finding->mend);
}

TEST(a_check_tells_what_is_missing_and_changes_nothing)
{
    struct told told = {0};
    struct datadir *dir = NULL;
    struct db *db = NULL;
    int bad = 0;
    scratch_make();
    scratch_in(path, sizeof path, "none");
    assert_ok(datadir_check(path, tell, &told, &bad));
    assert_int_equal(bad, 1);
    assert_non_null(strstr(told.all, "does not exist yet"));
    assert_int_not_equal(access(path, F_OK), 0);

    assert_ok(datadir_open(path, DATADIR_VISIT, &dir, NULL));
    assert_ok(datadir_database(dir, DB_CREATE, &db, NULL));
    memset(&told, 0, sizeof told);
    assert_ok(datadir_check(path, tell, &told, &bad));
    assert_int_equal(bad, 1); /* no roads yet */
    assert_int_equal(told.bad, bad);
    assert_non_null(strstr(told.all, "good database"));
    assert_non_null(strstr(told.all, "bad roads"));
    db_close(db);
    datadir_close(dir);
    scratch_remove();
}

TEST(a_database_of_another_shape_is_refused_except_where_it_is_mended)
{
    struct datadir *dir = NULL;
    struct db *db = NULL;
    struct why why = {""};
    scratch_make();
    assert_ok(datadir_open(scratch_path, DATADIR_SERVE, &dir, &why));
    assert_err(datadir_database(dir, DB_WRITE, &db, &why), ERR_NOTFOUND);
    assert_ok(db_open(datadir_path(dir, DATADIR_DATABASE), DB_CREATE, &db, &why));
    db_close(db);
    db = NULL;
    assert_err(datadir_database(dir, DB_WRITE, &db, &why), ERR_VERSION);
    assert_ok(datadir_database(dir, DB_CREATE, &db, &why));
    assert_ok(db_exec(db, "INSERT INTO schema_migrations VALUES (999, 'later', 0, 0)"));
    db_close(db);
    db = NULL;
    assert_err(datadir_database(dir, DB_CREATE, &db, &why), ERR_VERSION);
    assert_non_null(strstr(why.text, "newer program"));
    assert_null(db);
    datadir_close(dir);
    scratch_remove();
}

RUN(cmocka_unit_test(a_directory_is_made_with_all_its_parts),
    cmocka_unit_test(one_server_at_a_time_and_commands_beside_it),
    cmocka_unit_test(a_path_that_cannot_be_a_folder_is_told),
    cmocka_unit_test(a_folder_that_cannot_be_written_is_told_with_what_mends_it),
    cmocka_unit_test(a_check_tells_what_is_missing_and_changes_nothing),
    cmocka_unit_test(a_database_of_another_shape_is_refused_except_where_it_is_mended))
