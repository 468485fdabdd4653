#include "tests/data/members_scene.h"

TEST(a_form_that_is_changed_becomes_another_and_the_old_one_stays)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin");
    struct branches_branch b = members_branch(&s, admin, "北辰骑手工会", false);
    struct branches_form form, old;
    struct why why = {""};
    assert_int_equal(b.form, 1);
    assert_ok(branches_form(s.db, b.id, 1, &s.arena, &form));
    assert_string_equal(form.consent, members_form.consent);
    assert_int_equal(form.field_count, 5);
    assert_int_equal(form.fields[4].choice_count, 2);
    assert_string_equal(form.fields[4].choices[1], "快递");
    b.name = "北辰新业态工会";
    assert_ok(branches_write_change(s.db, &members_form, members_now, &s.arena, &b, &why));
    assert_int_equal(b.form, 1);
    form.consent = "另一段";
    assert_ok(branches_write_change(s.db, &form, members_now, &s.arena, &b, &why));
    assert_int_equal(b.form, 2);
    assert_ok(branches_form(s.db, b.id, 1, &s.arena, &old));
    assert_string_equal(old.consent, members_form.consent);
    b.version = 1;
    assert_err(branches_write_change(s.db, &form, members_now, &s.arena, &b, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "faster"));
    b.version = 3;
    b.place_id = 77;
    assert_err(branches_write_change(s.db, &form, members_now, &s.arena, &b, &why), ERR_INVALID);
    store_close(&s);
    scratch_remove();
}

TEST(a_form_that_cannot_be_asked_is_refused_by_the_member_that_is_wrong)
{
    static const char *const choices[] = {"一"};
    static const struct {
        struct branches_field field;
        const char *culprit;
    } wrong[] = {{{"Name", "姓名", "", BRANCHES_text, false, NULL, 0}, "fields/1/code"},
                 {{"state", "省", "", BRANCHES_text, false, NULL, 0}, "fields/1/code"},
                 {{"first", "又一", "", BRANCHES_text, false, NULL, 0}, "fields/1/code"},
                 {{"x", "", "", BRANCHES_text, false, NULL, 0}, "fields/1/label"},
                 {{"x", "又名", "", BRANCHES_name, false, NULL, 0}, "fields/1/type"},
                 {{"x", "选", "", BRANCHES_choice, false, NULL, 0}, "fields/1/choices"},
                 {{"x", "文", "", BRANCHES_text, false, choices, 1}, "fields/1/choices"}};
    const struct branches_branch b = {.name = "工会", .name_en = ""};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct branches_field fields[] = {{"first", "姓名", "", BRANCHES_name, true, NULL, 0},
                                                wrong[i].field};
        const struct branches_form form = {1, "同意", fields, 2};
        const char *culprit = NULL;
        struct why why = {""};
        assert_err(branches_write_check(&b, &form, &arena, &culprit, &why), ERR_INVALID);
        assert_string_equal(culprit, wrong[i].culprit);
    }
    const char *culprit = NULL;
    assert_ok(branches_write_check(&b, &members_form, &arena, &culprit, NULL));
    arena_fini(&arena);
}

TEST(a_branch_that_ends_takes_memberships_along_and_erases_what_was_answered)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang"),
            li = members_person(&s, "li");
    struct branches_branch b = members_branch(&s, admin, "一", false), renewed;
    struct memberships_membership m = members_member(&s, admin, b.id, wang), waits;
    struct why why = {""};
    assert_ok(members_apply(&s, b.id, li, false, &waits, &why));
    assert_ok(branches_write_renew(s.db, b.id, 1, members_now, &s.arena, &renewed, &why));
    assert_string_not_equal(renewed.code, b.code);
    assert_err(branches_find_code(s.db, b.code, &s.arena, &b), ERR_NOTFOUND);
    assert_ok(branches_write_end(s.db, admin, b.id, 2, members_now, &why));
    assert_ok(memberships_find(s.db, m.public_id, &s.arena, &m));
    assert_int_equal(m.state, MEMBERSHIPS_removed);
    assert_null(m.sealed);
    assert_ok(memberships_find(s.db, waits.public_id, &s.arena, &waits));
    assert_int_equal(waits.state, MEMBERSHIPS_refused);
    assert_null(waits.sealed);
    assert_int_equal(
        value_of(s.db, "SELECT count(*) FROM inbox_messages WHERE verb = 'member.ended'"), 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb = 'branch_ended'"), 1);
    assert_err(members_apply(&s, b.id, wang, false, &m, &why), ERR_CONFLICT);
    assert_err(branches_write_end(s.db, admin, b.id, 3, members_now, &why), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_form_that_is_changed_becomes_another_and_the_old_one_stays),
    cmocka_unit_test(a_form_that_cannot_be_asked_is_refused_by_the_member_that_is_wrong),
    cmocka_unit_test(a_branch_that_ends_takes_memberships_along_and_erases_what_was_answered))
