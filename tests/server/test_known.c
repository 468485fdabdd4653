#include "tests/check.h"

#include "server/known.h"

#include <string.h>

static const uint64_t second = 1000000000u;

static void hash_of(uint32_t n, unsigned char hash[KNOWN_HASH_BYTES])
{
    memset(hash, 0, KNOWN_HASH_BYTES);
    memcpy(hash + 4, &n, 4); /* all of them in one set */
}

TEST(a_token_is_known_for_ten_minutes_from_the_last_time_it_was_good)
{
    unsigned char a[KNOWN_HASH_BYTES], b[KNOWN_HASH_BYTES];
    struct known *known;
    hash_of(1, a);
    hash_of(2, b);
    assert_ok(known_new(&known));
    assert_int_equal(known_person(known, a, second), 0);
    known_note(known, a, 7, second);
    assert_int_equal(known_person(known, a, second), 7);
    assert_int_equal(known_person(known, b, second), 0);
    assert_int_equal(known_person(known, a, 600 * second), 7);
    assert_int_equal(known_person(known, a, 601 * second), 0);
    known_note(known, a, 7, 601 * second);
    assert_int_equal(known_person(known, a, 600 * second), 7); /* noted by another thread since */
    assert_int_equal(known_person(known, a, 1200 * second), 7);
    known_free(known);
}

TEST(a_token_that_is_good_no_more_is_forgotten)
{
    unsigned char a[KNOWN_HASH_BYTES];
    struct known *known;
    hash_of(1, a);
    assert_ok(known_new(&known));
    known_forget(known, a);
    known_note(known, a, 7, second);
    known_forget(known, a);
    assert_int_equal(known_person(known, a, second), 0);
    known_note(known, a, 8, second);
    assert_int_equal(known_person(known, a, second), 8);
    known_free(known);
}

TEST(more_tokens_than_it_holds_only_forget_the_oldest)
{
    unsigned char hash[KNOWN_HASH_BYTES];
    struct known *known;
    assert_ok(known_new(&known));
    for (uint32_t i = 1; i <= 1000; i++) {
        hash_of(i, hash);
        known_note(known, hash, i, second + i);
        assert_int_equal(known_person(known, hash, second + i), i);
    }
    hash_of(999, hash);
    assert_int_equal(known_person(known, hash, 2 * second), 999);
    hash_of(1, hash);
    assert_int_equal(known_person(known, hash, 2 * second), 0);
    known_free(known);
}

RUN(cmocka_unit_test(a_token_is_known_for_ten_minutes_from_the_last_time_it_was_good),
    cmocka_unit_test(a_token_that_is_good_no_more_is_forgotten),
    cmocka_unit_test(more_tokens_than_it_holds_only_forget_the_oldest))
