#include "tests/data/store.h"

#include "data/people_profile.h"

static const unsigned char key[SECRETS_KEY_BYTES] = {1, 2, 3}, other_key[SECRETS_KEY_BYTES] = {9};

TEST(a_phone_number_is_read_as_people_type_it_and_nothing_else_is)
{
    static const struct {
        const char *typed, *phone; /* NULL: it is none */
    } rows[] = {{"13812345678", "13812345678"},
                {" 138 1234-5678 ", "13812345678"},
                {"+86 138 1234 5678", "+8613812345678"},
                {"010-6512345", "0106512345"},
                {"123456789012345", "123456789012345"},
                {"1234567890123456", NULL},
                {"123456", NULL},
                {"", NULL},
                {"+", NULL},
                {"138+12345678", NULL},
                {"++8613812345678", NULL},
                {"1381234567x", NULL},
                {"１３８１２３４５６７８", NULL},
                {"13812345678\n", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char phone[PEOPLE_PROFILE_PHONE_SIZE] = "before";
        assert_int_equal(people_profile_phone(rows[i].typed, phone), rows[i].phone != NULL);
        assert_string_equal(phone, rows[i].phone ? rows[i].phone : "before");
    }
}

TEST(a_masked_number_hides_what_is_in_its_middle)
{
    static const char *const rows[][2] = {{"13812345678", "138****5678"},
                                          {"+8613812345678", "+86138****5678"},
                                          {"123456789012345", "1234567****2345"},
                                          {"1234567", "*****67"},
                                          {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char masked[PEOPLE_PROFILE_PHONE_SIZE];
        people_profile_mask(rows[i][0], masked);
        assert_string_equal(masked, rows[i][1]);
    }
}

static int64_t somebody(struct store *s, const char *login)
{
    struct why why = {""};
    int64_t id = 0;
    assert_ok(people_add(s->db, NULL, NULL, login, login, NULL, &id, &why));
    return id;
}

TEST(a_number_is_kept_sealed_for_its_owner_and_the_key_of_the_data)
{
    struct store s = store_fresh();
    struct people_profile profile;
    struct why why = {""};
    const int64_t wang = somebody(&s, "wang"), li = somebody(&s, "li");
    const struct people_by by = {wang, "PUT /v1/me"};
    struct people_profile_put put = {
        .version = 1, .phone = "+8613812345678", .key = key, .now_ms = 1};
    assert_ok(people_profile_put(s.db, &by, &put, &why));
    assert_ok(people_profile_read(s.db, wang, key, &profile));
    assert_string_equal(profile.phone, "+8613812345678");
    assert_int_equal(value_of(s.db, "SELECT instr(hex(phone_sealed), hex('13812345678')) FROM "
                                    "people_profiles"),
                     0);
    assert_err(people_profile_read(s.db, wang, other_key, &profile), ERR_CHECKSUM);
    assert_ok(people_profile_read(s.db, wang, NULL, &profile));
    assert_true(profile.has_phone);
    assert_string_equal(profile.phone, "");
    const struct people_by other = {li, "PUT /v1/me"};
    put.phone = NULL;
    assert_ok(people_profile_put(s.db, &other, &put, &why));
    assert_ok(db_exec(s.db, "UPDATE people_profiles SET phone_sealed = (SELECT phone_sealed FROM "
                            "people_profiles WHERE phone_sealed IS NOT NULL)"));
    assert_err(people_profile_read(s.db, li, key, &profile), ERR_CHECKSUM);
    put.phone = "";
    put.version = 2;
    assert_ok(people_profile_put(s.db, &by, &put, &why));
    assert_ok(people_profile_read(s.db, wang, key, &profile));
    assert_false(profile.has_phone);
    store_close(&s);
    scratch_remove();
}

TEST(what_is_not_named_stays_and_who_saw_an_older_version_is_refused)
{
    struct store s = store_fresh();
    struct people_profile profile;
    struct why why = {""};
    const bool hidden = true;
    const enum people_profile_language english = PEOPLE_PROFILE_EN;
    const int64_t wang = somebody(&s, "wang");
    const struct people_by by = {wang, "PUT /v1/me"};
    struct people_profile_put put = {
        .version = 1, .language = &english, .phone = "13812345678", .key = key, .now_ms = 1};
    assert_ok(people_profile_put(s.db, &by, &put, &why));
    assert_err(people_profile_put(s.db, &by, &put, &why), ERR_CONFLICT);
    put = (struct people_profile_put){
        .version = 2, .name = "王师傅", .ranking_hidden = &hidden, .key = key, .now_ms = 2};
    assert_ok(people_profile_put(s.db, &by, &put, &why));
    assert_ok(people_profile_read(s.db, wang, key, &profile));
    assert_int_equal(profile.version, 3);
    assert_int_equal(profile.language, PEOPLE_PROFILE_EN);
    assert_string_equal(profile.phone, "13812345678");
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM people WHERE name = '王师傅'"), 1);
    assert_int_equal(value_of(s.db, "SELECT hidden FROM points_names"), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb = 'person_renamed'"), 1);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_phone_number_is_read_as_people_type_it_and_nothing_else_is),
    cmocka_unit_test(a_masked_number_hides_what_is_in_its_middle),
    cmocka_unit_test(a_number_is_kept_sealed_for_its_owner_and_the_key_of_the_data),
    cmocka_unit_test(what_is_not_named_stays_and_who_saw_an_older_version_is_refused))
