#include "tests/check.h"

#include "server/options.h"

#include <string.h>

static const char *file, *crs;
static bool strict;
static const struct option rows[] = {
    {"FILE", NULL, "a file", true, &file, NULL},
    {"crs", "CRS", "a system", false, &crs, NULL},
    {"strict", NULL, "a flag", false, NULL, &strict},
};

static enum err parse(const char *line, bool *help, struct why *why)
{
    static char words[256];
    char *argv[16];
    int argc = 0;
    file = crs = NULL;
    strict = false;
    (void)snprintf(words, sizeof words, "x %s", line);
    for (char *p = words; *p && argc < 16;) {
        argv[argc++] = p;
        p += strcspn(p, " ");
        if (*p) *p++ = '\0';
    }
    return options_parse(rows, 3, argc, argv, help, why);
}

TEST(options_are_taken_in_any_order_and_both_spellings)
{
    bool help;
    struct why why = {""};
    assert_ok(parse("--crs gcj02 a.csv --strict", &help, &why));
    assert_string_equal(file, "a.csv");
    assert_string_equal(crs, "gcj02");
    assert_true(strict);
    assert_ok(parse("a.csv --crs=bd09", &help, &why));
    assert_string_equal(crs, "bd09");
    assert_false(strict);
}

TEST(help_is_asked_for_without_the_rest)
{
    bool help;
    assert_ok(parse("--help", &help, NULL));
    assert_true(help);
}

TEST(a_wrong_call_is_told_in_a_sentence)
{
    static const struct {
        const char *line, *sentence;
    } cases[] = {
        {"", "FILE is missing"},
        {"a b", "\"b\" is one argument too many"},
        {"a --colour red", "there is no option --colour"},
        {"a --crs", "--crs needs a value: --crs CRS"},
        {"a --crs=", "--crs needs a value: --crs CRS"},
        {"a --strict=yes", "--strict takes no value"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool help;
        struct why why = {""};
        assert_err(parse(cases[i].line, &help, &why), ERR_INVALID);
        assert_string_equal(why.text, cases[i].sentence);
    }
}

RUN(cmocka_unit_test(options_are_taken_in_any_order_and_both_spellings),
    cmocka_unit_test(help_is_asked_for_without_the_rest),
    cmocka_unit_test(a_wrong_call_is_told_in_a_sentence))
