#include "geo/base/pace.h"

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PROMPT_NS = 100000, PATIENT_NICE = 10, FIRST_PRIORITY = 1, TURNS = 64, RESET_ON_FORK = 1 };

/* As sched_setattr(2) has it, in its first version; there is no header that has it and glibc's
 * sched.h agrees with. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
};

/* What this thread worked and what went by until the last look. */
static _Thread_local struct {
    unsigned turns;
    bool is_first;
    int32_t nice; /* as it was: a thread that comes first has none */
    int64_t worked_ns, passed_ns;
} pace;

static bool look(struct attributes *attributes)
{
    *attributes = (struct attributes){.size = sizeof *attributes};
    return syscall(SYS_sched_getattr, 0, attributes, sizeof *attributes, 0) == 0;
}

static bool ask(const struct attributes *attributes)
{
    return syscall(SYS_sched_setattr, 0, attributes, 0) == 0;
}

static int64_t now_ns(clockid_t clock)
{
    struct timespec t = {0, 0};
    (void)clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

uint64_t pace_slice_ns(void)
{
    struct attributes attributes;
    return look(&attributes) ? attributes.runtime : 0;
}

/* With the flag that coming first has: nobody but CAP_SYS_NICE may take that back. */
static void be_short(void)
{
    if (ask(&(struct attributes){.size = sizeof(struct attributes),
                                 .policy = SCHED_OTHER,
                                 .flags = RESET_ON_FORK,
                                 .nice = pace.nice,
                                 .runtime = PROMPT_NS}))
        pace.is_first = false;
}

static void be_first(void)
{
    pace.is_first = ask(&(struct attributes){.size = sizeof(struct attributes),
                                             .policy = SCHED_RR,
                                             .flags = RESET_ON_FORK,
                                             .priority = FIRST_PRIORITY});
}

static void remember(void)
{
    pace.turns = 0;
    pace.worked_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
    pace.passed_ns = now_ns(CLOCK_MONOTONIC);
}

void pace_prompt(void)
{
    struct attributes attributes;
    if (look(&attributes)) pace.nice = attributes.nice;
    be_short();
    be_first();
    remember();
}

void pace_turn(void)
{
    if (++pace.turns < TURNS) return;
    int64_t worked_ns = pace.worked_ns, passed_ns = pace.passed_ns;
    remember();
    worked_ns = pace.worked_ns - worked_ns;
    passed_ns = pace.passed_ns - passed_ns;
    if (pace.is_first && worked_ns > passed_ns / 2)
        be_short();
    else if (!pace.is_first && worked_ns < passed_ns / 4)
        be_first();
}

void pace_patient(void)
{
    const struct sched_param none = {0};
    (void)nice(PATIENT_NICE);
    (void)sched_setscheduler(0, SCHED_BATCH, &none);
}
