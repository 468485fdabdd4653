#include "tests/data/members_scene.h"

#include "data/guesses.h"

#include <stdio.h>

static enum err verify(struct store *s, const char *code, int64_t now_ms,
                       struct memberships_membership *found, struct why *why)
{
    const struct member_card_check check = {
        .code = code, .by = 9, .key = members_key, .now_ms = now_ms};
    return member_card_verify(s->db, &check, &s->arena, found, why);
}

TEST(a_code_is_good_in_its_half_minute_and_the_one_after)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin");
    struct branches_branch b = members_branch(&s, admin, "一", false);
    struct memberships_membership m = members_member(&s, admin, b.id, members_person(&s, "wang"));
    struct memberships_membership other = members_member(&s, admin, b.id, members_person(&s, "li"));
    struct memberships_membership found;
    struct why why = {""};
    char code[MEMBER_CARD_SIZE], later[MEMBER_CARD_SIZE], theirs[MEMBER_CARD_SIZE];
    int64_t until = 0, next = 0;
    member_card_code(members_key, &m, members_now, code, &until);
    assert_true(until > members_now && until <= members_now + 30000);
    member_card_code(members_key, &m, until, later, &next);
    member_card_code(members_key, &other, members_now, theirs, &next);
    assert_memory_not_equal(code, later, 9); /* not even the number of the card is told */
    assert_string_not_equal(code, theirs);
    assert_ok(verify(&s, code, members_now, &found, &why));
    assert_string_equal(found.public_id, m.public_id);
    assert_ok(verify(&s, theirs, members_now, &found, &why));
    assert_string_equal(found.public_id, other.public_id);
    code[4] = ' ';
    assert_ok(verify(&s, code, until + 29999, &found, &why));
    assert_err(verify(&s, code, until + 30000, &found, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "too old"));
    assert_err(verify(&s, later, until - 1, &found, &why), ERR_NOTFOUND); /* not yet */
    const unsigned char other_key[SECRETS_KEY_BYTES] = {1};
    const struct member_card_check wrong = {
        .code = later, .by = 9, .key = other_key, .now_ms = until};
    assert_err(member_card_verify(s.db, &wrong, &s.arena, &found, &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

static long first_half(const struct memberships_membership *m, int64_t now_ms)
{
    char code[MEMBER_CARD_SIZE];
    int64_t until = 0;
    member_card_code(members_key, m, now_ms, code, &until);
    return strtol(code, NULL, 10) * 10000 + strtol(code + 5, NULL, 10);
}

/* Who checks cards may have one: what theirs became says nothing of another's. */
TEST(one_card_does_not_give_another_away)
{
    const struct memberships_membership own = {.card = 12345678, .public_id = "a"},
                                        other = {.card = 12345679, .public_id = "b"};
    long seen[50];
    for (int i = 0; i < 50; i++) {
        int64_t at_ms = members_now + i * (MEMBER_CARD_STEP_S * (int64_t)1000);
        seen[i] = (first_half(&other, at_ms) - first_half(&own, at_ms) + 100000000) % 100000000;
        for (int j = 0; j < i; j++)
            assert_int_not_equal(seen[i], seen[j]);
    }
}

TEST(who_leaves_has_no_card_and_who_guesses_is_stopped)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct branches_branch b = members_branch(&s, admin, "一", false);
    struct memberships_membership m = members_member(&s, admin, b.id, wang), found;
    struct why why = {""};
    char code[MEMBER_CARD_SIZE], guess[MEMBER_CARD_SIZE];
    int64_t until = 0;
    member_card_code(members_key, &m, members_now, code, &until);
    static const char *const none[] = {"", "1234", "1234-5678-9012-345x", "1234-5678-9012-34567"};
    for (size_t i = 0; i < 4; i++)
        assert_err(verify(&s, none[i], members_now, &found, &why), ERR_NOTFOUND);
    assert_ok(verify(&s, code, members_now, &found, &why)); /* a good one ends the count */
    for (int i = 0; i < GUESSES_MAX; i++) {
        (void)snprintf(guess, sizeof guess, "1111-2222-3333-44%02u", (unsigned)i % 100);
        assert_err(verify(&s, guess, members_now, &found, &why), ERR_NOTFOUND);
    }
    assert_err(verify(&s, code, members_now, &found, &why), ERR_LIMIT);
    assert_ok(membership_join_leave(s.db, m.public_id, wang, members_now, &s.arena, &m, &why));
    assert_int_equal(m.state, MEMBERSHIPS_left);
    const struct member_card_check check = {
        .code = code, .by = 8, .key = members_key, .now_ms = members_now};
    assert_err(member_card_verify(s.db, &check, &s.arena, &found, &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_code_is_good_in_its_half_minute_and_the_one_after),
    cmocka_unit_test(one_card_does_not_give_another_away),
    cmocka_unit_test(who_leaves_has_no_card_and_who_guesses_is_stopped))
