#include "tests/check.h"
#include "tests/scratch.h"

#include "geo/base/clock.h"
#include "geo/base/file.h"
#include "geo/place/placepart_file.h"
#include "server/keeping.h"

#include <string.h>
#include <sys/stat.h>

static struct placeset *set_of(uint32_t count)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        const struct place place = {
            .id = i + 1, .at = {(double)i * 1e-4, 1}, .name = "站点", .hours = "24/7"};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

static bool is_there(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

static void wait_for(const char *path)
{
    const struct timespec nap = {.tv_nsec = 5000000};
    int64_t end = clock_ms() + 60000;
    while (!is_there(path) && clock_ms() < end)
        (void)nanosleep(&nap, NULL);
    assert_true(is_there(path));
}

/* Of places in the file; 0: there is none. */
static uint64_t kept(const char *path)
{
    struct placepart_file *file;
    struct why why = {""};
    if (placepart_file_open(path, &file, &why)) return 0;
    uint64_t count = placepart_file_count(file);
    placepart_file_close(file);
    return count;
}

static struct log *quiet_log(void)
{
    struct log *log;
    assert_ok(log_start(STDERR_FILENO, APP_LOG_LOGFMT, APP_LOG_ERROR, &log));
    return log;
}

static const struct places_mark mark = {.change = 7};

/* A folder with nothing in it, and who writes there. */
struct fixture {
    char path[128];
    struct log *log;
    struct keeping *keeping;
};

static void begin(struct fixture *f)
{
    f->log = quiet_log();
    scratch_make();
    assert_ok(keeping_new(scratch_in(f->path, sizeof f->path, "p"), f->log, &f->keeping));
}

static void end(struct fixture *f)
{
    keeping_free(f->keeping);
    log_stop(f->log);
    scratch_remove();
}

TEST(a_large_base_is_written_and_outlives_its_set)
{
    struct fixture f;
    begin(&f);
    struct placeset *set = set_of(PLACES_KEPT_FROM);
    keeping_write(f.keeping, set, &mark);
    placeset_free(set);
    wait_for(f.path);
    assert_int_equal(kept(f.path), PLACES_KEPT_FROM);
    end(&f);
}

TEST(a_small_base_removes_the_file_of_another)
{
    struct fixture f;
    begin(&f);
    assert_ok(file_replace(f.path, "old", 3, NULL));
    struct placeset *set = set_of(PLACES_KEPT_FROM - 1);
    keeping_write(f.keeping, set, &mark);
    assert_false(is_there(f.path));
    keeping_write(f.keeping, set, &mark); /* nor does it mind that there is none */
    placeset_free(set);
    end(&f);
}

TEST(the_last_base_wins_and_an_end_in_between_leaves_no_half)
{
    char path[128];
    struct keeping *keeping;
    struct log *log = quiet_log();
    struct placeset *a = set_of(3 * PLACES_KEPT_FROM), *b = set_of(PLACES_KEPT_FROM + 1);
    scratch_make();
    scratch_in(path, sizeof path, "p");
    for (int round = 0; round < 20; round++) {
        assert_ok(keeping_new(path, log, &keeping));
        keeping_write(keeping, a, &mark);
        if (round % 3) keeping_write(keeping, b, &mark);
        keeping_free(keeping);
        assert_true(unlink(path) == 0 || !is_there(path));
    }
    assert_int_equal(rmdir(scratch_path), 0); /* nothing is left in it */
    log_stop(log);
    struct fixture f;
    begin(&f);
    keeping_write(f.keeping, a, &mark);
    keeping_write(f.keeping, b, &mark);
    int64_t late = clock_ms() + 60000;
    while (kept(f.path) != PLACES_KEPT_FROM + 1 && clock_ms() < late)
        (void)nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    assert_int_equal(kept(f.path), PLACES_KEPT_FROM + 1);
    end(&f);
    placeset_free(a);
    placeset_free(b);
}

TEST(what_a_start_before_left_half_written_is_removed)
{
    char path[128], left[160], other[160];
    struct keeping *keeping;
    struct log *log = quiet_log();
    scratch_make();
    scratch_in(path, sizeof path, "p");
    assert_ok(file_replace(scratch_in(left, sizeof left, "p.new-aB3xYz"), "half", 4, NULL));
    assert_ok(file_replace(scratch_in(other, sizeof other, "p.backup"), "mine", 4, NULL));
    assert_ok(file_replace(path, "whole", 5, NULL));
    assert_ok(keeping_new(path, log, &keeping));
    assert_false(is_there(left));
    assert_true(is_there(other)); /* an operator's copy */
    assert_true(is_there(path));
    keeping_free(keeping);
    log_stop(log);
    scratch_remove();
}

TEST(a_place_that_cannot_be_written_to_is_only_told)
{
    struct keeping *keeping;
    struct log *log = quiet_log();
    struct placeset *set = set_of(PLACES_KEPT_FROM);
    assert_ok(keeping_new("/nowhere/at/all", log, &keeping));
    keeping_write(keeping, set, &mark);
    keeping_write(keeping, set, &mark);
    keeping_free(keeping);
    placeset_free(set);
    log_stop(log);
}

RUN(cmocka_unit_test(a_large_base_is_written_and_outlives_its_set),
    cmocka_unit_test(a_small_base_removes_the_file_of_another),
    cmocka_unit_test(the_last_base_wins_and_an_end_in_between_leaves_no_half),
    cmocka_unit_test(what_a_start_before_left_half_written_is_removed),
    cmocka_unit_test(a_place_that_cannot_be_written_to_is_only_told))
