#include "tests/check.h"

#include "geo/place/typo.h"
#include "tests/geo/place/plain_finder.h"

static void term_of(const char *word, struct term *term)
{
    term->count = 0;
    for (; *word; word++)
        term->chars[term->count++] = (unsigned char)*word;
}

TEST(one_error_is_allowed_from_four_letters_on_and_two_from_eight)
{
    static const struct {
        const char *typed, *word;
        bool fits;
    } rows[] = {
        {"tiolet", "toilet", true},
        {"toile", "toilet", true},
        {"toilett", "toilet", true},
        {"tailet", "toilet", true},
        {"tailot", "toilet", false},
        {"bnak", "bank", true},
        {"bak", "bank", false},
        {"restuarent", "restaurant", true},
        {"rastuarent", "restaurant", false},
        {"wc12", "wc", false},
        {"toilet", "toilets", true},
        {"tolet", "toilets", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct term term;
        struct typo typo;
        term_of(rows[i].typed, &term);
        typo_init(&term, &typo);
        bool fits = typo.allowed && typo_word(&typo, rows[i].word, strlen(rows[i].word));
        if (fits != rows[i].fits) print_error("%s %s\n", rows[i].typed, rows[i].word);
        assert_int_equal(fits, rows[i].fits);
    }
}

TEST(errors_are_counted_as_the_whole_table_counts_them)
{
    uint64_t random = random_seed();
    uint32_t fits = 0;
    for (int i = 0; i < 200000; i++) {
        char typed[32] = "", word[32] = "";
        uint32_t n = 4 + random_below(&random, 8), m = 1 + random_below(&random, 12);
        for (uint32_t k = 0; k < n; k++)
            typed[k] = (char)('a' + random_below(&random, 3));
        for (uint32_t k = 0; k < m; k++)
            word[k] = (char)(random_below(&random, 2) ? 'a' + (int)random_below(&random, 3)
                                                      : typed[k < n ? k : n - 1]);
        struct term term;
        struct typo typo;
        term_of(typed, &term);
        typo_init(&term, &typo);
        bool near = plain_distance(typed, word) <= typo.allowed;
        assert_int_equal(typo_word(&typo, word, m), near);
        fits += near;
    }
    assert_true(fits > 1000);
}

RUN(cmocka_unit_test(one_error_is_allowed_from_four_letters_on_and_two_from_eight),
    cmocka_unit_test(errors_are_counted_as_the_whole_table_counts_them))
