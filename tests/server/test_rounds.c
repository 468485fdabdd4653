#include "tests/check.h"

#include "geo/base/clock.h"
#include "server/rounds.h"

#include <sched.h>
#include <stdatomic.h>

enum { LONG_MS = 3600 * 1000, SHORT_MS = 5 };

struct walk {
    struct rounds rounds;
    int64_t wait_ms;
    atomic_uint begun, timed, poked; /* rounds by what called for them */
};

static void *go(void *user)
{
    struct walk *w = user;
    enum rounds_call call;
    atomic_fetch_add(&w->begun, 1);
    while ((call = rounds_wait(&w->rounds, w->wait_ms)))
        atomic_fetch_add(call == ROUNDS_poked ? &w->poked : &w->timed, 1);
    return NULL;
}

static void wait_until(atomic_uint *count, unsigned least)
{
    while (atomic_load(count) < least)
        sched_yield();
}

TEST(who_is_not_poked_goes_by_the_clock)
{
    struct walk w = {.wait_ms = SHORT_MS};
    int64_t begun_ms = clock_ms();
    assert_ok(rounds_start(&w.rounds, go, &w));
    wait_until(&w.timed, 4);
    assert_true(clock_ms() - begun_ms >= 4 * SHORT_MS);
    rounds_end(&w.rounds);
    assert_int_equal(atomic_load(&w.poked), 0);
}

TEST(a_poke_ends_a_long_wait_at_once)
{
    struct walk w = {.wait_ms = LONG_MS};
    assert_ok(rounds_start(&w.rounds, go, &w));
    for (unsigned i = 1; i <= 20; i++) {
        rounds_poke(&w.rounds);
        wait_until(&w.poked, i);
    }
    rounds_end(&w.rounds);
    assert_int_equal(atomic_load(&w.poked), 20);
    assert_int_equal(atomic_load(&w.timed), 0);
}

/* A poke before the first wait is not lost, nor is the end. */
TEST(what_came_before_a_wait_ends_it)
{
    struct walk w = {.wait_ms = LONG_MS};
    assert_ok(rounds_start(&w.rounds, go, &w));
    rounds_poke(&w.rounds);
    wait_until(&w.poked, 1);
    rounds_stop(&w.rounds);
    rounds_end(&w.rounds);
    struct walk at_once = {.wait_ms = LONG_MS};
    assert_ok(rounds_start(&at_once.rounds, go, &at_once));
    rounds_end(&at_once.rounds);
    assert_int_equal(atomic_load(&at_once.begun), 1);
}

static void *count_without_waiting(void *user)
{
    struct walk *w = user;
    while (rounds_wait(&w->rounds, 0) == ROUNDS_time)
        atomic_fetch_add(&w->timed, 1);
    return NULL;
}

TEST(no_time_is_no_wait)
{
    struct walk w = {0};
    assert_ok(rounds_start(&w.rounds, count_without_waiting, &w));
    wait_until(&w.timed, 1000);
    rounds_end(&w.rounds);
}

RUN(cmocka_unit_test(who_is_not_poked_goes_by_the_clock),
    cmocka_unit_test(a_poke_ends_a_long_wait_at_once),
    cmocka_unit_test(what_came_before_a_wait_ends_it), cmocka_unit_test(no_time_is_no_wait))
