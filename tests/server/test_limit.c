#include "tests/check.h"

#include "server/limit.h"

#include <limits.h>
#include <string.h>

static const uint64_t second = 1000000000u;

static struct request_address address(uint32_t n)
{
    struct request_address a = {{0}};
    memcpy(a.bytes + 12, &n, 4);
    return a;
}

TEST(an_address_has_its_quota_and_gets_it_back_with_time)
{
    const unsigned quota[LIMIT_CLASSES] = {60, 6, 3};
    struct request_address a = address(1), b = address(2);
    struct limit *limit;
    struct limit_state now;
    assert_ok(limit_new(quota, &limit));
    for (int i = 0; i < 6; i++)
        assert_true(limit_take(limit, LIMIT_WRITE, &a, second, &now));
    assert_int_equal(now.remaining, 0);
    assert_false(limit_take(limit, LIMIT_WRITE, &a, second, &now));
    assert_true(now.wait_s >= 10 && now.wait_s <= 11);
    assert_true(limit_take(limit, LIMIT_READ, &a, second, &now));
    assert_true(limit_take(limit, LIMIT_WRITE, &b, second, &now));
    assert_false(limit_take(limit, LIMIT_WRITE, &a, 10 * second, &now));
    assert_true(limit_take(limit, LIMIT_WRITE, &a, 12 * second, &now));
    assert_false(limit_take(limit, LIMIT_WRITE, &a, 12 * second, &now));
    limit_free(limit);
}

TEST(nothing_is_counted_where_nothing_is_limited)
{
    const unsigned quota[LIMIT_CLASSES] = {LIMIT_NONE, 1, 1};
    struct request_address a = address(1);
    struct limit *limit;
    struct limit_state now;
    assert_ok(limit_new(quota, &limit));
    for (int i = 0; i < 1000; i++)
        assert_true(limit_take(limit, LIMIT_READ, &a, second, &now));
    limit_free(limit);
}

TEST(more_addresses_than_it_holds_only_forget_the_oldest)
{
    const unsigned quota[LIMIT_CLASSES] = {1, 1, 1};
    struct limit *limit;
    struct limit_state now;
    assert_ok(limit_new(quota, &limit));
    for (uint32_t i = 0; i < 100000; i++) {
        struct request_address a = address(i);
        assert_true(limit_take(limit, LIMIT_READ, &a, second + i, &now));
        assert_false(limit_take(limit, LIMIT_READ, &a, second + i, &now));
    }
    limit_free(limit);
}

TEST(a_client_is_told_its_share_in_the_form_of_the_draft)
{
    const unsigned quota[LIMIT_CLASSES] = {4000000000u, 2, 1};
    struct request_address a = address(1);
    struct limit *limit;
    struct limit_state now;
    char text[LIMIT_TEXT_SIZE];
    assert_ok(limit_new(quota, &limit));
    assert_true(limit_take(limit, LIMIT_SIGN_IN, &a, second, &now));
    assert_string_equal(now.policy, "\"sign-in\";q=1;w=60");
    limit_text(LIMIT_SIGN_IN, &now, text);
    assert_string_equal(text, "\"sign-in\";r=0;t=60");
    assert_false(limit_take(limit, LIMIT_SIGN_IN, &a, second + second * 50, &now));
    now.wait_s = 11;
    limit_text(LIMIT_SIGN_IN, &now, text);
    assert_string_equal(text, "\"sign-in\";r=0;t=11");
    assert_true(limit_take(limit, LIMIT_READ, &a, second, &now));
    assert_string_equal(now.policy, "\"read\";q=4000000000;w=60");
    now.remaining = UINT_MAX;
    now.wait_s = UINT_MAX;
    limit_text(LIMIT_SIGN_IN, &now, text); /* the longest there is */
    assert_string_equal(text, "\"sign-in\";r=4294967295;t=4294967295");
    limit_free(limit);
}

RUN(cmocka_unit_test(an_address_has_its_quota_and_gets_it_back_with_time),
    cmocka_unit_test(nothing_is_counted_where_nothing_is_limited),
    cmocka_unit_test(more_addresses_than_it_holds_only_forget_the_oldest),
    cmocka_unit_test(a_client_is_told_its_share_in_the_form_of_the_draft))
