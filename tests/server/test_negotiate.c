#include "tests/check.h"

#include "server/negotiate.h"

static const char *const forms[] = {"application/geo+json", "application/json",
                                    "text/html; charset=utf-8", NULL};

TEST(the_form_that_a_client_likes_best_is_chosen)
{
    static const struct {
        const char *accept;
        int form;
    } cases[] = {
        {NULL, 0},
        {"", 0},
        {" ", 0},
        {"*/*", 0},
        {"application/json", 1},
        {"Application/JSON", 1},
        {"application/*", 0},
        {"text/html", 2},
        {"text/*", 2},
        {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 2},
        {"application/geo+json, application/json", 0},
        {"application/geo+json;q=0.5, application/json", 1},
        {"application/json;q=0.5,*/*;q=0.1", 1},
        {"*/*;q=0.5, application/geo+json;q=0", 1}, /* the exact one counts, not the greater */
        {"application/json;version=3.0;q=0.2, text/html ; q=0.3", 2},
        {"application/xml", -1},
        {"application/json;q=0", -1},
        {"application/json;q=x", -1},
        {"application/json;q=2", -1},
        {"json", -1},
        {"*", -1},
        {",,;,;q=1,", -1},
        {"application/jso", -1},
        {"application/", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(negotiate_media(cases[i].accept, forms), cases[i].form);
}

TEST(the_language_that_a_client_likes_best_is_chosen_and_there_is_always_one)
{
    static const char *const languages[] = {"zh", "en", NULL};
    static const struct {
        const char *accept;
        int language;
    } cases[] = {
        {NULL, 0},
        {"", 0},
        {"*", 0},
        {"en", 1},
        {"EN-gb", 1},
        {"zh-Hans-CN", 0},
        {"de", 0},
        {"de, en", 1},
        {"enx", 0},
        {"en-US,en;q=0.9,zh-CN;q=0.8", 1},
        {"zh;q=0.2,en;q=0.3", 1},
        {"en;q=0,zh", 0},
        {"en;q=0", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(negotiate_language(cases[i].accept, languages), cases[i].language);
}

RUN(cmocka_unit_test(the_form_that_a_client_likes_best_is_chosen),
    cmocka_unit_test(the_language_that_a_client_likes_best_is_chosen_and_there_is_always_one))
