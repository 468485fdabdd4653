#include "tests/check.h"

#include "server/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

struct talker {
    struct log *log;
    atomic_bool stop;
};

static void *talk(void *argument)
{
    struct talker *talker = argument;
    while (!atomic_load(&talker->stop)) {
        log_say(talker->log, APP_LOG_INFO, "still here");
        (void)usleep(200);
    }
    return NULL;
}

TEST(what_was_said_is_written_when_the_log_is_flushed_and_others_may_go_on)
{
    struct talker talker = {.log = NULL};
    pthread_t thread;
    char text[8192];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_ok(log_start(ends[1], APP_LOG_LOGFMT, APP_LOG_INFO, &talker.log));
    log_say(talker.log, APP_LOG_ERROR, "the last words");
    log_flush(talker.log, 10000);
    ssize_t n = read(ends[0], text, sizeof text - 1);
    assert_true(n > 0);
    text[n] = '\0';
    assert_non_null(strstr(text, "level=error msg=\"the last words\"\n"));
    assert_int_equal(pthread_create(&thread, NULL, talk, &talker), 0);
    (void)usleep(5000);
    log_flush(talker.log, 5);
    (void)usleep(5000);
    atomic_store(&talker.stop, true);
    pthread_join(thread, NULL);
    log_stop(talker.log);
    close(ends[0]);
    close(ends[1]);
}

static void *read_all(void *argument)
{
    char text[4096];
    while (read(*(int *)argument, text, sizeof text) > 0)
        ;
    return NULL;
}

TEST(a_reader_that_hangs_does_not_hold_up_a_flush)
{
    struct log *log;
    pthread_t thread;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_ok(log_start(ends[1], APP_LOG_LOGFMT, APP_LOG_INFO, &log));
    for (int i = 0; i < 2000; i++)
        log_say(log, APP_LOG_INFO, "more than a pipe takes, and nobody reads it");
    log_flush(log, 50);
    assert_int_equal(pthread_create(&thread, NULL, read_all, &ends[0]), 0);
    log_stop(log);
    close(ends[1]);
    pthread_join(thread, NULL);
    close(ends[0]);
}

RUN(cmocka_unit_test(what_was_said_is_written_when_the_log_is_flushed_and_others_may_go_on),
    cmocka_unit_test(a_reader_that_hangs_does_not_hold_up_a_flush))
