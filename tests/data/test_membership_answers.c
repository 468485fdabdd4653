#include "tests/data/members_scene.h"

TEST(answers_are_held_against_their_fields)
{
    static const struct {
        const char *code, *value, *kept; /* NULL: refused; "": none */
    } rows[] = {{"name", "  王小二 ", "王小二"},
                {"name", " ", ""},
                {"phone", "+86 (138) 0013-8000", "+8613800138000"},
                {"phone", "1380013", "1380013"},
                {"phone", "1234", NULL},
                {"phone", "138x0013800", NULL},
                {"phone", "138+0013800", NULL},
                {"phone", "123456789012345678901", NULL},
                {"born", "1990-05-21", "1990-05-21"},
                {"born", "1990-02-30", NULL},
                {"born", "21.5.1990", NULL},
                {"age", "-3", "-3"},
                {"age", "3.5", NULL},
                {"platform", "快递", "快递"},
                {"platform", "出租", NULL},
                {"salary", "1", NULL}};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct membership_answers answers = {.count = 0};
        struct why why = {""};
        enum err e = membership_answers_add(&answers, &members_form, rows[i].code, rows[i].value,
                                            &arena, &why);
        assert_int_equal(e, rows[i].kept ? ERR_OK : ERR_INVALID);
        const char *kept = membership_answers_get(&answers, rows[i].code);
        if (rows[i].kept && rows[i].kept[0])
            assert_string_equal(kept, rows[i].kept);
        else
            assert_null(kept);
        assert_int_equal(why.text[0] != '\0', !rows[i].kept);
    }
    struct membership_answers none = {.count = 0};
    assert_string_equal(membership_answers_owed(&none, &members_form)->code, "name");
    arena_fini(&arena);
}

TEST(what_is_sealed_opens_for_its_own_membership_alone)
{
    struct store s = store_fresh();
    int64_t admin = members_person(&s, "admin"), wang = members_person(&s, "wang");
    struct branches_branch b = members_branch(&s, admin, "一", false);
    struct memberships_membership m, moved;
    struct membership_answers read;
    struct why why = {""};
    assert_ok(members_apply(&s, b.id, wang, false, &m, &why));
    assert_null(memmem(m.sealed, m.sealed_len, "138", 3));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM memberships WHERE instr(answers, "
                                    "'13800138000')"),
                     0);
    assert_ok(membership_answers_open(&m, members_key, &s.arena, &read));
    assert_int_equal(read.count, 2);
    assert_string_equal(membership_answers_get(&read, "name"), "王小二");
    assert_string_equal(membership_answers_get(&read, "phone"), "+8613800138000");
    assert_string_equal(membership_answers_name(&m, &members_form, &read), "王小二");
    moved = m;
    moved.public_id[3] = moved.public_id[3] == 'a' ? 'b' : 'a';
    assert_err(membership_answers_open(&moved, members_key, &s.arena, &read), ERR_CHECKSUM);
    moved = m;
    moved.person++;
    assert_err(membership_answers_open(&moved, members_key, &s.arena, &read), ERR_CHECKSUM);
    moved = m;
    moved.sealed_len = 3;
    assert_err(membership_answers_open(&moved, members_key, &s.arena, &read), ERR_CHECKSUM);
    store_close(&s);
    scratch_remove();
}

TEST(names_and_numbers_are_masked)
{
    struct arena arena = {0};
    static const char *const names[][2] = {
        {"王小二", "王**"}, {"王", "王"}, {"", ""}, {"John Smithson", "J*****"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal(membership_answers_mask_name(&arena, names[i][0]), names[i][1]);
    assert_string_equal(membership_answers_mask_phone(&arena, "13800138000"), "138****8000");
    assert_string_equal(membership_answers_mask_phone(&arena, "12345"), "****");
    arena_fini(&arena);
}

RUN(cmocka_unit_test(answers_are_held_against_their_fields),
    cmocka_unit_test(what_is_sealed_opens_for_its_own_membership_alone),
    cmocka_unit_test(names_and_numbers_are_masked))
