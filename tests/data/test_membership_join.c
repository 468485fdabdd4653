#include "tests/data/members_scene.h"

#include "data/members.h"

TEST(one_branch_at_a_time_and_a_move_leaves_the_other_when_it_is_approved)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct branches_branch one = members_branch(&s, admin, "一", false),
                           two = members_branch(&s, admin, "二", false),
                           club = members_branch(&s, admin, "俱乐部", true);
    struct memberships_membership first = members_member(&s, admin, one.id, wang), second, third;
    struct why why = {""};
    bool is = false;
    assert_err(members_apply(&s, one.id, wang, false, &second, &why), ERR_CONFLICT);
    assert_err(members_apply(&s, two.id, wang, false, &second, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "move"));
    assert_ok(members_apply(&s, two.id, wang, true, &second, &why));
    assert_ok(members_apply(&s, club.id, wang, false, &third, &why));
    assert_ok(members_judge(&s, admin, MEMBERSHIPS_member, &third, &why));
    assert_ok(members_is(s.db, one.id, wang, &is));
    assert_true(is);
    assert_ok(members_judge(&s, admin, MEMBERSHIPS_member, &second, &why));
    assert_ok(memberships_find(s.db, first.public_id, &s.arena, &first));
    assert_int_equal(first.state, MEMBERSHIPS_moved);
    assert_null(first.sealed);
    assert_ok(members_is(s.db, two.id, wang, &is));
    assert_true(is);
    assert_ok(members_is(s.db, club.id, wang, &is));
    assert_true(is);
    store_close(&s);
    scratch_remove();
}

TEST(who_is_approved_elsewhere_meanwhile_and_does_not_move_is_refused_here)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct branches_branch one = members_branch(&s, admin, "一", false),
                           two = members_branch(&s, admin, "二", false);
    struct memberships_membership first, second;
    struct why why = {""};
    assert_ok(members_apply(&s, one.id, wang, false, &first, &why));
    assert_ok(members_apply(&s, two.id, wang, false, &second, &why));
    struct memberships_membership seen = first;
    assert_ok(members_judge(&s, admin, MEMBERSHIPS_member, &first, &why));
    assert_err(members_judge(&s, admin, MEMBERSHIPS_member, &second, &why), ERR_CONFLICT);
    assert_err(members_judge(&s, admin, MEMBERSHIPS_refused, &seen, &why), ERR_CONFLICT);
    assert_err(members_judge(&s, admin, MEMBERSHIPS_removed, &second, &why), ERR_CONFLICT);
    assert_ok(members_judge(&s, admin, MEMBERSHIPS_refused, &second, &why));
    assert_string_equal(second.reason, "材料不全");
    assert_ok(members_judge(&s, admin, MEMBERSHIPS_removed, &first, &why));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM memberships WHERE answers IS NOT NULL OR "
                                    "card IS NOT NULL"),
                     0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb IN ('member_approved', "
                                    "'member_refused', 'member_removed')"),
                     3);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_messages"), 3);
    store_close(&s);
    scratch_remove();
}

TEST(nobody_judges_their_own_and_nobody_changes_what_is_anothers)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct branches_branch b = members_branch(&s, admin, "一", false);
    struct memberships_membership m, now;
    struct why why = {""};
    assert_ok(members_apply(&s, b.id, admin, false, &m, &why));
    assert_err(members_judge(&s, admin, MEMBERSHIPS_member, &m, &why), ERR_DENIED);
    assert_err(membership_join_leave(s.db, m.public_id, wang, members_now, &s.arena, &now, &why),
               ERR_NOTFOUND);
    const struct membership_answers answers = members_answers(&s);
    struct membership_join_wish wish = {.branch = b.id,
                                        .person = wang,
                                        .form = 1,
                                        .answers = &answers,
                                        .key = members_key,
                                        .now_ms = members_now + 5};
    assert_err(membership_join_change(s.db, m.public_id, 1, &wish, &s.arena, &now, &why),
               ERR_NOTFOUND);
    wish.person = admin;
    wish.form = 2;
    assert_err(membership_join_change(s.db, m.public_id, 1, &wish, &s.arena, &now, &why),
               ERR_CONFLICT);
    wish.form = 1;
    assert_ok(membership_join_change(s.db, m.public_id, 1, &wish, &s.arena, &now, &why));
    assert_int_equal(now.consented_ms, members_now + 5);
    assert_int_equal(now.version, 2);
    assert_ok(membership_join_leave(s.db, m.public_id, admin, members_now, &s.arena, &now, &why));
    assert_int_equal(now.state, MEMBERSHIPS_withdrawn);
    assert_ok(membership_join_leave(s.db, m.public_id, admin, members_now, &s.arena, &now, &why));
    assert_int_equal(now.version, 3);
    store_close(&s);
    scratch_remove();
}

TEST(a_few_applications_wait_at_a_time_and_no_more)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct memberships_membership m;
    struct why why = {""};
    for (int i = 0; i < MEMBERSHIP_JOIN_WAITING_MAX; i++) {
        struct branches_branch b = members_branch(&s, admin, "工会", false);
        assert_ok(members_apply(&s, b.id, wang, false, &m, &why));
    }
    struct branches_branch more = members_branch(&s, admin, "工会", true);
    assert_err(members_apply(&s, more.id, wang, false, &m, &why), ERR_CONFLICT);
    assert_err(members_apply(&s, 999, wang, false, &m, &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(one_branch_at_a_time_and_a_move_leaves_the_other_when_it_is_approved),
    cmocka_unit_test(who_is_approved_elsewhere_meanwhile_and_does_not_move_is_refused_here),
    cmocka_unit_test(nobody_judges_their_own_and_nobody_changes_what_is_anothers),
    cmocka_unit_test(a_few_applications_wait_at_a_time_and_no_more))
