#include "tests/data/store.h"

#include "data/photo_pass.h"

static const char id[] = "23456789abcdefghjkmnpq";
enum { NOW_S = 1800000030 };
static const int64_t now_ms = (int64_t)NOW_S * 1000;

TEST(a_pass_opens_one_size_of_one_photo_for_ten_minutes)
{
    struct store s = store_fresh();
    struct photo_pass_key key, again, other = {"another"};
    char signature[SECRETS_HEX_SIZE], until[24];
    assert_ok(photo_pass_key(s.db, &key));
    assert_ok(photo_pass_key(s.db, &again));
    assert_memory_equal(&key, &again, sizeof key);
    int64_t until_s = photo_pass_until(now_ms);
    assert_true(until_s > NOW_S + 539 && until_s <= NOW_S + 600);
    photo_pass_sign(&key, id, PHOTOS_SMALL, until_s, signature);
    (void)snprintf(until, sizeof until, "%lld", (long long)until_s);
    assert_true(photo_pass_ok(&key, id, PHOTOS_SMALL, until, signature, now_ms));
    assert_true(photo_pass_ok(&key, id, PHOTOS_SMALL, until, signature, until_s * 1000 - 1));
    assert_false(photo_pass_ok(&key, id, PHOTOS_SMALL, until, signature, until_s * 1000));
    assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, until, signature, now_ms));
    assert_false(
        photo_pass_ok(&key, "qpnmkjhgfedcba98765432", PHOTOS_SMALL, until, signature, now_ms));
    assert_false(photo_pass_ok(&other, id, PHOTOS_SMALL, until, signature, now_ms));
    signature[5] ^= 1;
    assert_false(photo_pass_ok(&key, id, PHOTOS_SMALL, until, signature, now_ms));
    store_close(&s);
}

TEST(nobody_lengthens_a_pass_or_makes_a_long_one)
{
    struct photo_pass_key key = {"a key"};
    char signature[SECRETS_HEX_SIZE];
    /* Even with a good signature: what is further ahead was never given out. */
    photo_pass_sign(&key, id, PHOTOS_LARGE, NOW_S + 601, signature);
    assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, "1800000631", signature, now_ms));
    photo_pass_sign(&key, id, PHOTOS_LARGE, NOW_S + 60, signature);
    assert_true(photo_pass_ok(&key, id, PHOTOS_LARGE, "1800000090", signature, now_ms));
    static const char *const wrong[] = {
        "1800000091", "", "-5", "1800000090x", " 1800000090", "99999999999999999999999", "1.8e9"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, wrong[i], signature, now_ms));
    assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, NULL, signature, now_ms));
    assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, "1800000090", NULL, now_ms));
    assert_false(photo_pass_ok(&key, id, PHOTOS_LARGE, "1800000090", "", now_ms));
}

RUN(cmocka_unit_test(a_pass_opens_one_size_of_one_photo_for_ten_minutes),
    cmocka_unit_test(nobody_lengthens_a_pass_or_makes_a_long_one))
