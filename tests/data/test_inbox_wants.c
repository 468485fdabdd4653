#include "tests/data/store.h"

#include "data/inbox_wants.h"

static int64_t somebody(struct store *s)
{
    struct why why = {""};
    int64_t id = 0;
    assert_ok(people_add(s->db, NULL, NULL, "wang", "wang", NULL, &id, &why));
    return id;
}

TEST(without_a_choice_all_is_told_in_the_inbox_and_nothing_by_wechat)
{
    struct store s = store_fresh();
    struct inbox_wants wants;
    assert_ok(inbox_wants_read(s.db, somebody(&s), &wants));
    for (int g = 0; g < INBOX_GROUP_COUNT; g++) {
        assert_true(wants.wanted[g][INBOX_WANTS_inbox]);
        assert_false(wants.wanted[g][INBOX_WANTS_wechat]);
        assert_false(wants.refused[g]);
    }
    store_close(&s);
    scratch_remove();
}

TEST(a_choice_is_of_one_group_and_channel_and_can_be_taken_back)
{
    struct store s = store_fresh();
    struct inbox_wants wants;
    struct why why = {""};
    const bool off = false, on = true;
    struct inbox_wants_put put = {.person = somebody(&s), .group = INBOX_posts, .now_ms = 1};
    put.wanted[INBOX_WANTS_inbox] = &off;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    assert_ok(inbox_wants_read(s.db, put.person, &wants));
    assert_false(wants.wanted[INBOX_posts][INBOX_WANTS_inbox]);
    assert_true(wants.wanted[INBOX_votes][INBOX_WANTS_inbox]);
    put.wanted[INBOX_WANTS_inbox] = NULL;
    put.wanted[INBOX_WANTS_wechat] = &on;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    put.wanted[INBOX_WANTS_wechat] = NULL;
    put.wanted[INBOX_WANTS_inbox] = &on;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    assert_ok(inbox_wants_read(s.db, put.person, &wants));
    assert_true(wants.wanted[INBOX_posts][INBOX_WANTS_inbox]);
    assert_true(wants.wanted[INBOX_posts][INBOX_WANTS_wechat]);
    store_close(&s);
    scratch_remove();
}

TEST(what_guards_the_account_cannot_be_turned_off_in_the_inbox)
{
    struct store s = store_fresh();
    struct why why = {""};
    const bool off = false;
    struct inbox_wants_put put = {.person = somebody(&s), .group = INBOX_account, .now_ms = 1};
    put.wanted[INBOX_WANTS_inbox] = &off;
    assert_err(inbox_wants_put(s.db, &put, &why), ERR_CONFLICT);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_preferences"), 0);
    put.wanted[INBOX_WANTS_inbox] = NULL;
    put.wanted[INBOX_WANTS_wechat] = &off;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    store_close(&s);
    scratch_remove();
}

static enum err refuse(struct db *db, void *user)
{
    return inbox_wants_refuse(db, *(const int64_t *)user, INBOX_points, 4, 5);
}

TEST(what_wechat_refuses_stays_off_until_it_is_wanted_again)
{
    struct store s = store_fresh();
    struct inbox_wants wants;
    struct why why = {""};
    const bool on = true;
    struct inbox_wants_put put = {.person = somebody(&s), .group = INBOX_points, .now_ms = 1};
    put.wanted[INBOX_WANTS_wechat] = &on;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    assert_ok(db_write(s.db, refuse, &put.person));
    assert_ok(inbox_wants_read(s.db, put.person, &wants));
    assert_false(wants.wanted[INBOX_points][INBOX_WANTS_wechat]);
    assert_true(wants.refused[INBOX_points]);
    assert_ok(inbox_wants_put(s.db, &put, &why));
    assert_ok(inbox_wants_read(s.db, put.person, &wants));
    assert_true(wants.wanted[INBOX_points][INBOX_WANTS_wechat]);
    assert_false(wants.refused[INBOX_points]);
    /* What was sent before they said so again does not undo it. */
    put.now_ms = 6;
    assert_ok(inbox_wants_put(s.db, &put, &why));
    assert_ok(db_write(s.db, refuse, &put.person));
    assert_ok(inbox_wants_read(s.db, put.person, &wants));
    assert_true(wants.wanted[INBOX_points][INBOX_WANTS_wechat]);
    /* Who said nothing, or is not there any more, is not noted. */
    assert_ok(db_exec(s.db, "DELETE FROM inbox_preferences"));
    assert_ok(db_write(s.db, refuse, &put.person));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_preferences"), 0);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(without_a_choice_all_is_told_in_the_inbox_and_nothing_by_wechat),
    cmocka_unit_test(a_choice_is_of_one_group_and_channel_and_can_be_taken_back),
    cmocka_unit_test(what_guards_the_account_cannot_be_turned_off_in_the_inbox),
    cmocka_unit_test(what_wechat_refuses_stays_off_until_it_is_wanted_again))
