#include "tests/data/store.h"

#include "data/news_verbs.h"

TEST(every_act_is_a_verb_and_seen_as_the_act_is)
{
    for (int v = 0; v < CASES_VERB_COUNT; v++) {
        const char *name = cases_verb_name((enum cases_verb)v);
        assert_true(news_verbs_has(name));
        assert_int_equal(news_verbs_seen(name), cases_verb_seen((enum cases_verb)v));
    }
}

TEST(no_verb_is_there_twice_and_what_is_unknown_is_for_staff)
{
    size_t count = 0;
    for (const char *name; (name = news_verbs_at(count)); count++)
        for (size_t i = 0; i < count; i++)
            assert_string_not_equal(news_verbs_at(i), name);
    assert_true(count > CASES_VERB_COUNT);
    assert_null(news_verbs_at(count + 7));
    for (const char *const *name = (const char *const[]){"", "Moved", "looked", NULL}; *name;
         name++) {
        assert_false(news_verbs_has(*name));
        assert_int_equal(news_verbs_seen(*name), CASES_STAFF);
    }
    assert_int_equal(news_verbs_seen("created"), CASES_PUBLIC);
    assert_int_equal(news_verbs_seen("written"), CASES_SENDER);
    assert_int_equal(news_verbs_seen("noted"), CASES_STAFF);
    assert_int_equal(news_verbs_seen("sender_forgotten"), CASES_STAFF);
    assert_int_equal(news_verbs_seen("followed"), CASES_PUBLIC);
    assert_int_equal(news_verbs_seen("carried"), CASES_PUBLIC);
    assert_int_equal(news_verbs_seen("linked"), CASES_STAFF);
}

RUN(cmocka_unit_test(every_act_is_a_verb_and_seen_as_the_act_is),
    cmocka_unit_test(no_verb_is_there_twice_and_what_is_unknown_is_for_staff))
