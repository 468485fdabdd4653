#include "tests/check.h"

#include "geo/base/pace.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    TURNS = 64,
    FIRST = SCHED_RR | SCHED_RESET_ON_FORK,
    IN_LINE = SCHED_OTHER | SCHED_RESET_ON_FORK,
    NOBODY = 65534
};

static int64_t worked_ns(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void work(int64_t ns)
{
    int64_t end = worked_ns() + ns;
    while (worked_ns() < end)
        ;
}

/* Of a prompt thread: how it stood at first, when it had never rested, and when it had. */
struct stand {
    int policy[3];
    uint64_t slice_ns[3];
};

static void look(struct stand *stand, int i)
{
    stand->policy[i] = sched_getscheduler(0);
    stand->slice_ns[i] = pace_slice_ns();
}

static void *be_prompt(void *user)
{
    struct stand *stand = user;
    pace_prompt();
    look(stand, 0);
    for (int i = 0; i < TURNS; i++) {
        work(300000);
        pace_turn();
    }
    look(stand, 1);
    for (int i = 0; i < TURNS; i++) {
        usleep(300);
        pace_turn();
    }
    look(stand, 2);
    return NULL;
}

TEST(a_prompt_thread_comes_first_while_it_mostly_rests_and_others_are_as_before)
{
    pthread_t thread;
    struct stand stand;
    uint64_t usual = pace_slice_ns();
    assert_int_equal(pthread_create(&thread, NULL, be_prompt, &stand), 0);
    pthread_join(thread, NULL);
    assert_int_equal(pace_slice_ns(), usual);
    assert_int_equal(sched_getscheduler(0), SCHED_OTHER);
    assert_int_equal(stand.policy[1], IN_LINE);
    if (usual)
        assert_int_equal(stand.slice_ns[1], 100000);
    else
        printf("# SKIPPED: this kernel has no slices of one's own\n");
    if (stand.policy[0] == FIRST)
        assert_int_equal(stand.policy[2], FIRST);
    else
        printf("# SKIPPED: to come first is not granted here\n");
}

/* 0: it stands in line though it has no privilege any more, as a service has none; 2: it never came
 * first. */
static int work_as_nobody(void)
{
    pace_prompt();
    if (sched_getscheduler(0) != FIRST) return 2;
    if (setuid(NOBODY)) return 3;
    for (int i = 0; i < TURNS; i++) {
        work(300000);
        pace_turn();
    }
    return sched_getscheduler(0) == IN_LINE ? 0 : 1;
}

TEST(a_prompt_thread_without_privilege_stands_in_line_too)
{
    int status;
    if (geteuid() != 0) {
        printf("# SKIPPED: only root can give up what it has\n");
        return;
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) _exit(work_as_nobody());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 2)
        printf("# SKIPPED: to come first is not granted here\n");
    else
        assert_int_equal(WEXITSTATUS(status), 0);
}

TEST(a_patient_process_gives_way)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        int before = getpriority(PRIO_PROCESS, 0);
        pace_patient();
        _exit(sched_getscheduler(0) == SCHED_BATCH &&
                      getpriority(PRIO_PROCESS, 0) == (before > 9 ? 19 : before + 10)
                  ? 0
                  : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_not_equal(sched_getscheduler(0), SCHED_BATCH);
}

RUN(cmocka_unit_test(a_prompt_thread_comes_first_while_it_mostly_rests_and_others_are_as_before),
    cmocka_unit_test(a_prompt_thread_without_privilege_stands_in_line_too),
    cmocka_unit_test(a_patient_process_gives_way))
