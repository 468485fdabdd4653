#include "tests/check.h"

#include "data/secrets.h"

#include <string.h>

TEST(public_ids_have_22_plain_characters_and_do_not_repeat)
{
    char a[SECRETS_ID_SIZE], b[SECRETS_ID_SIZE];
    assert_ok(secrets_init());
    secrets_public_id(a);
    secrets_public_id(b);
    assert_int_equal(strlen(a), 22);
    assert_null(strpbrk(a, "01ilo-_/ABC"));
    assert_true(secrets_is_public_id(a));
    assert_string_not_equal(a, b);
    assert_false(secrets_is_public_id(""));
    assert_false(secrets_is_public_id("222222222222222222222"));
    assert_false(secrets_is_public_id("22222222222222222222222"));
    assert_false(secrets_is_public_id("22222222222222222222l2"));
    assert_false(secrets_is_public_id("../../../../etc/passwd"));
}

TEST(a_token_tells_what_it_is)
{
    char token[SECRETS_TOKEN_SIZE];
    secrets_token("yzk", token);
    assert_int_equal(strlen(token), SECRETS_TOKEN_SIZE - 1);
    assert_memory_equal(token, "yzk_", 4);
}

TEST(a_password_is_four_groups_of_five)
{
    char password[24];
    secrets_password(password);
    assert_int_equal(strlen(password), 23);
    assert_true(password[5] == '-' && password[11] == '-' && password[17] == '-');
}

TEST(a_hash_is_sha_256)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char hex[SECRETS_HEX_SIZE];
    /* FIPS 180-4's own example. */
    secrets_sha256("abc", 3, hash);
    secrets_hex(hash, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(a_password_is_recognised_and_another_is_not)
{
    char hash[SECRETS_PASSWORD_SIZE];
    assert_ok(secrets_password_hash("correct horse", hash));
    assert_memory_equal(hash, "$argon2id$", 10);
    assert_true(secrets_password_ok(hash, "correct horse"));
    assert_false(secrets_password_ok(hash, "correct horsf"));
    assert_false(secrets_password_ok("nonsense", "correct horse"));
}

/* "$argon2id$v=19$COST$SALT$HASH" without the last two. */
static void cost_of(const char *hash, char cost[SECRETS_PASSWORD_SIZE])
{
    (void)snprintf(cost, SECRETS_PASSWORD_SIZE, "%s", hash);
    for (int i = 0; i < 2; i++) {
        char *end = strrchr(cost, '$');
        assert_non_null(end);
        *end = '\0';
    }
}

TEST(whether_somebody_is_unknown_is_not_told_by_the_cost)
{
    char hash[SECRETS_PASSWORD_SIZE], cost[sizeof hash], of_nobody[sizeof hash];
    assert_ok(secrets_password_hash("correct horse", hash));
    cost_of(hash, cost);
    cost_of(secrets_password_of_nobody, of_nobody);
    assert_string_equal(cost, of_nobody);
    assert_int_equal(strlen(hash), strlen(secrets_password_of_nobody));
    assert_false(secrets_password_ok(secrets_password_of_nobody, ""));
}

TEST(comparing_tells_equal_from_different)
{
    assert_true(secrets_same("abcd", "abcd", 4));
    assert_false(secrets_same("abcd", "abce", 4));
}

TEST(what_is_keyed_differs_by_key_purpose_and_content)
{
    /* HMAC-SHA-256 of "a\0bc" under 32 zero bytes, by Python's hmac. */
    static const char known[] = "3f000f80654e7df093e316ef49da29fea5e77549f8150b6e327fdf8d0fe3eacb";
    const unsigned char key[SECRETS_KEY_BYTES] = {0}, other[SECRETS_KEY_BYTES] = {1};
    unsigned char mac[SECRETS_HASH_BYTES], second[SECRETS_HASH_BYTES];
    char hex[SECRETS_HEX_SIZE];
    secrets_keyed(key, "a", "bc", 2, mac);
    secrets_hex(mac, hex);
    assert_string_equal(hex, known);
    secrets_keyed(other, "a", "bc", 2, second);
    assert_memory_not_equal(mac, second, sizeof mac);
    secrets_keyed(key, "ab", "c", 1, second);
    assert_memory_not_equal(mac, second, sizeof mac);
}

RUN(cmocka_unit_test(public_ids_have_22_plain_characters_and_do_not_repeat),
    cmocka_unit_test(a_token_tells_what_it_is), cmocka_unit_test(a_password_is_four_groups_of_five),
    cmocka_unit_test(a_hash_is_sha_256),
    cmocka_unit_test(a_password_is_recognised_and_another_is_not),
    cmocka_unit_test(whether_somebody_is_unknown_is_not_told_by_the_cost),
    cmocka_unit_test(comparing_tells_equal_from_different),
    cmocka_unit_test(what_is_keyed_differs_by_key_purpose_and_content))
