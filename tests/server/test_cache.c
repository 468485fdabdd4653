#include "tests/check.h"

#include "server/cache.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static struct cache_key key_of(uint64_t number)
{
    return (struct cache_key){{number, 7}};
}

static struct cache_stamp stamp_of(uint64_t number)
{
    return (struct cache_stamp){{number}};
}

/* An answer that can be told from any other: its bytes say for which key and stamp it was made. */
static struct cache_answer answer_of(uint64_t key, uint64_t stamp, size_t len, char *bytes)
{
    struct cache_answer answer = {.bytes = bytes, .len = len};
    memset(bytes, (int)((key * 31 + stamp) & 0xff), len);
    (void)snprintf(answer.tag, sizeof answer.tag, "W/\"%llx-%llx\"", (unsigned long long)key,
                   (unsigned long long)stamp);
    return answer;
}

static void expect(const struct cache_entry *entry, uint64_t key, uint64_t stamp)
{
    char tag[CACHE_TAG_SIZE];
    const struct cache_answer *answer = cache_answer(entry);
    (void)snprintf(tag, sizeof tag, "W/\"%llx-%llx\"", (unsigned long long)key,
                   (unsigned long long)stamp);
    assert_string_equal(answer->tag, tag);
    for (size_t i = 0; i < answer->len; i++)
        assert_int_equal((unsigned char)answer->bytes[i], (key * 31 + stamp) & 0xff);
}

/* Claims, and makes what is not there; whether it had to. */
static bool ask(struct cache *cache, uint64_t number, uint64_t version, size_t len)
{
    char bytes[4096];
    const struct cache_key key = key_of(number);
    const struct cache_stamp stamp = stamp_of(version);
    struct cache_entry *entry = cache_claim(cache, &key, &stamp);
    bool made = !entry;
    if (made) {
        struct cache_answer answer = answer_of(number, version, len, bytes);
        entry = cache_fulfil(cache, &key, &stamp, &answer);
        assert_non_null(entry);
    }
    expect(entry, number, version);
    cache_give_back(entry);
    return made;
}

TEST(what_was_made_is_found_until_it_is_made_of_something_else)
{
    struct cache *cache;
    struct cache_figures figures;
    const struct cache_key key = key_of(1);
    const struct cache_stamp old = stamp_of(1), fresh = stamp_of(2);
    assert_ok(cache_new(1 << 20, &cache));
    assert_null(cache_find(cache, &key, &old));
    assert_true(ask(cache, 1, 1, 100));
    assert_false(ask(cache, 1, 1, 100));
    assert_true(ask(cache, 2, 1, 0)); /* an empty answer is one, too */
    assert_false(ask(cache, 2, 1, 0));

    struct cache_entry *held = cache_find(cache, &key, &old);
    assert_null(cache_find(cache, &key, &fresh));
    assert_true(ask(cache, 1, 2, 100));
    assert_null(cache_find(cache, &key, &old));
    expect(held, 1, 1); /* who holds it keeps it */
    cache_figures(cache, &figures);
    assert_int_equal(figures.entries, 2);
    assert_int_equal(figures.misses, 3);
    assert_int_equal(figures.hits, 3);
    cache_free(cache);
    expect(held, 1, 1);
    cache_give_back(held);
}

TEST(an_answer_that_could_not_be_made_leaves_no_trace)
{
    struct cache *cache;
    struct cache_figures figures;
    const struct cache_key key = key_of(1);
    const struct cache_stamp stamp = stamp_of(1);
    assert_ok(cache_new(1 << 20, &cache));
    assert_null(cache_claim(cache, &key, &stamp));
    assert_null(cache_fulfil(cache, &key, &stamp, NULL));
    cache_figures(cache, &figures);
    assert_int_equal(figures.entries, 0);
    assert_true(ask(cache, 1, 1, 10));
    cache_free(cache);
}

TEST(bytes_stay_below_the_bound_and_what_is_asked_for_stays)
{
    enum { BOUND = 1 << 20, ANSWERS = 5000 };
    struct cache *cache;
    struct cache_figures figures;
    assert_ok(cache_new(BOUND, &cache));
    (void)ask(cache, 0, 1, 1000);
    for (uint64_t i = 1; i < ANSWERS; i++) {
        assert_true(ask(cache, i, 1, 1000));
        assert_false(ask(cache, 0, 1, 1000)); /* the one that is always asked for */
        cache_figures(cache, &figures);
        assert_true(figures.bytes <= BOUND);
    }
    assert_in_range(figures.entries, 700, 1048);
    assert_int_equal(figures.entries + figures.evictions, ANSWERS);
    cache_free(cache);
}

TEST(what_is_too_large_is_answered_and_not_kept)
{
    struct cache *cache;
    struct cache_figures figures;
    assert_ok(cache_new(8 * 4096, &cache)); /* a shard's half is 2 KiB */
    assert_true(ask(cache, 1, 1, 4000));
    assert_true(ask(cache, 1, 1, 4000));
    cache_figures(cache, &figures);
    assert_int_equal(figures.entries, 0);
    assert_int_equal(figures.bytes, 0);
    cache_free(cache);
}

TEST(an_answer_of_an_older_moment_does_not_replace_one_that_is_being_made)
{
    struct cache *cache;
    char bytes[16];
    const struct cache_key key = key_of(1);
    const struct cache_stamp old = stamp_of(1), fresh = stamp_of(2);
    assert_ok(cache_new(1 << 20, &cache));
    assert_null(cache_claim(cache, &key, &fresh));
    assert_true(ask(cache, 1, 1, 10)); /* does not wait, is not kept */
    assert_null(cache_find(cache, &key, &old));
    struct cache_answer answer = answer_of(1, 2, 10, bytes);
    cache_give_back(cache_fulfil(cache, &key, &fresh, &answer));
    assert_false(ask(cache, 1, 2, 10));
    cache_free(cache);
}

/* ---- many threads ---------------------------------------------------------------------------- */

enum { THREADS = 6, KEYS = 64, ROUNDS = 4000 };

struct crowd {
    struct cache *cache;
    atomic_uint_fast64_t version;
    atomic_uint made[KEYS];
    uint64_t seed;
};

static void *ask_at_random(void *argument)
{
    struct crowd *crowd = argument;
    uint64_t random = crowd->seed + (uint64_t)(uintptr_t)&random;
    for (int i = 0; i < ROUNDS; i++) {
        uint64_t number = random_below(&random, KEYS);
        if (random_below(&random, 200) == 0) atomic_fetch_add(&crowd->version, 1);
        uint64_t version = atomic_load(&crowd->version);
        const struct cache_key key = key_of(number);
        const struct cache_stamp stamp = stamp_of(version);
        struct cache_entry *entry = cache_find(crowd->cache, &key, &stamp);
        if (entry) {
            expect(entry, number, version);
            cache_give_back(entry);
        } else if (random_below(&random, 20) == 0) {
            entry = cache_claim(crowd->cache, &key, &stamp);
            if (!entry) (void)cache_fulfil(crowd->cache, &key, &stamp, NULL);
            cache_give_back(entry);
        } else {
            (void)ask(crowd->cache, number, version, 100 + number * 40);
        }
    }
    return NULL;
}

TEST(many_threads_are_given_what_they_asked_for)
{
    struct crowd crowd = {.seed = random_seed()};
    pthread_t threads[THREADS];
    struct cache_figures figures;
    assert_ok(cache_new(64 * 1024, &crowd.cache)); /* room for a third of them */
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_at_random, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    cache_figures(crowd.cache, &figures);
    assert_true(figures.bytes <= 64 * 1024);
    assert_true(figures.evictions > 0 && figures.hits > 0);
    cache_free(crowd.cache);
}

static void *ask_for_each(void *argument)
{
    struct crowd *crowd = argument;
    for (uint64_t number = 0; number < KEYS; number++)
        if (ask(crowd->cache, number, 1, 1000)) atomic_fetch_add(&crowd->made[number], 1);
    return NULL;
}

TEST(what_many_want_at_once_is_made_once)
{
    struct crowd crowd = {.seed = 0};
    pthread_t threads[THREADS];
    assert_ok(cache_new(16 << 20, &crowd.cache));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_for_each, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < KEYS; i++)
        assert_int_equal(atomic_load(&crowd.made[i]), 1);
    cache_free(crowd.cache);
}

RUN(cmocka_unit_test(what_was_made_is_found_until_it_is_made_of_something_else),
    cmocka_unit_test(an_answer_that_could_not_be_made_leaves_no_trace),
    cmocka_unit_test(bytes_stay_below_the_bound_and_what_is_asked_for_stays),
    cmocka_unit_test(what_is_too_large_is_answered_and_not_kept),
    cmocka_unit_test(an_answer_of_an_older_moment_does_not_replace_one_that_is_being_made),
    cmocka_unit_test(many_threads_are_given_what_they_asked_for),
    cmocka_unit_test(what_many_want_at_once_is_made_once))
