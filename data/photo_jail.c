#include "data/photo_jail.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <seccomp.h>

enum { ARENAS = 2, FILES = 3 };

/* A progressive JPEG of 48 megapixels was seen to take 372 MB, and an interlaced PNG of 16 bits and
 * four bands has 400 MB of pixels alone. Addresses are more than memory: of a thread's stack little
 * is ever used. */
static const rlim_t data_bytes = (rlim_t)1 << 30, address_bytes = (rlim_t)2 << 30;

static enum err bound(int what, rlim_t most, struct why *why)
{
    const struct rlimit limit = {most, most};
    return setrlimit((__rlimit_resource_t)what, &limit) == 0
               ? ERR_OK
               : err_say(why, ERR_SYSTEM, "a limit cannot be set");
}

static enum err bound_all(struct why *why)
{
    const struct {
        int what;
        rlim_t most;
    } limits[] = {{RLIMIT_CORE, 0},          {RLIMIT_FSIZE, 0},
                  {RLIMIT_NOFILE, FILES},    {RLIMIT_CPU, PHOTO_JAIL_CPU_S},
                  {RLIMIT_DATA, data_bytes}, {RLIMIT_AS, address_bytes}};
    size_t count = sizeof limits / sizeof *limits;
    enum err e = ERR_OK;
    for (size_t i = 0; i < (PHOTO_JAIL_IS_WATCHED ? count - 2 : count) && !e; i++)
        e = bound(limits[i].what, limits[i].most, why);
    return e;
}

/* What a decoder, its threads, the allocator and the sanitizers call once all is loaded. */
static const int allowed[] = {SCMP_SYS(read),
                              SCMP_SYS(write),
                              SCMP_SYS(readv),
                              SCMP_SYS(writev),
                              SCMP_SYS(recvfrom),
                              SCMP_SYS(sendto),
                              SCMP_SYS(close),
                              SCMP_SYS(lseek),
                              SCMP_SYS(fstat),
                              SCMP_SYS(mmap),
                              SCMP_SYS(munmap),
                              SCMP_SYS(mremap),
                              SCMP_SYS(mprotect),
                              SCMP_SYS(madvise),
                              SCMP_SYS(brk),
                              SCMP_SYS(futex),
                              SCMP_SYS(set_robust_list),
                              SCMP_SYS(get_robust_list),
                              SCMP_SYS(rseq),
                              SCMP_SYS(sched_yield),
                              SCMP_SYS(sched_getaffinity),
                              SCMP_SYS(clock_gettime),
                              SCMP_SYS(clock_nanosleep),
                              SCMP_SYS(clock_getres),
                              SCMP_SYS(gettimeofday),
                              SCMP_SYS(nanosleep),
                              SCMP_SYS(getrandom),
                              SCMP_SYS(getpid),
                              SCMP_SYS(gettid),
                              SCMP_SYS(getrusage),
                              SCMP_SYS(sysinfo),
                              SCMP_SYS(poll),
                              SCMP_SYS(ppoll),
                              SCMP_SYS(rt_sigaction),
                              SCMP_SYS(rt_sigprocmask),
                              SCMP_SYS(rt_sigreturn),
                              SCMP_SYS(sigaltstack),
                              SCMP_SYS(restart_syscall),
                              SCMP_SYS(exit),
                              SCMP_SYS(exit_group)};

/* Threads, but no process; signals and limits for itself alone. glibc asks clone3, whose flags lie
 * in memory where no filter looks: it is told that there is none, and takes clone. */
static int allow_some(scmp_filter_ctx filter)
{
    const scmp_datum_t thread = 0x00010000 /* CLONE_THREAD */, self = 0;
    int rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
    if (!rc) rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (!rc)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                              SCMP_A0(SCMP_CMP_EQ, self, 0));
    if (!rc)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                              SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    return rc;
}

static enum err filter_calls(struct why *why)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int rc = filter ? seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed && !rc; i++)
        rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    if (!rc) rc = allow_some(filter);
    if (!rc) rc = seccomp_load(filter); /* sets PR_SET_NO_NEW_PRIVS, too */
    if (filter) seccomp_release(filter);
    return rc ? err_say(why, ERR_SYSTEM, "seccomp cannot be used: error %d", -rc) : ERR_OK;
}

static enum err lock_in(struct why *why)
{
    (void)mallopt(M_ARENA_MAX, ARENAS); /* each reserves addresses */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || prctl(PR_SET_DUMPABLE, 0))
        return err_say(why, ERR_SYSTEM, "prctl cannot be used");
    enum err e = bound_all(why);
    return e ? e : filter_calls(why);
}

static enum err fall_silent(struct why *why)
{
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    bool silent = nothing >= 0 && dup2(nothing, STDERR_FILENO) == STDERR_FILENO;
    if (nothing > STDERR_FILENO) close(nothing);
    return silent ? ERR_OK : err_say(why, ERR_SYSTEM, "/dev/null cannot be opened");
}

/* Inside nothing can be made silent any more, so it is before, and undone where that fails. */
enum err photo_jail_enter(struct why *why)
{
    if (PHOTO_JAIL_IS_WATCHED) return lock_in(why);
    int loud = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
    enum err e = fall_silent(why);
    if (!e && (e = lock_in(why)) && loud >= 0) (void)dup2(loud, STDERR_FILENO);
    if (loud >= 0) close(loud);
    return e;
}

void photo_jail_allow(unsigned seconds)
{
    struct rusage used;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &used) || getrlimit(RLIMIT_CPU, &limit)) return;
    rlim_t most = (rlim_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + seconds + 2;
    limit.rlim_cur = most < limit.rlim_max ? most : limit.rlim_max;
    (void)setrlimit(RLIMIT_CPU, &limit);
}
