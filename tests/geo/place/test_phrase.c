#include "tests/check.h"

#include "geo/place/phrase.h"

#include <string.h>

static void add_term(char *to, size_t size, const struct term *term)
{
    for (size_t i = 0; i < term->count; i++) {
        size_t len = strlen(to);
        const char *format = term->chars[i] < 0x80 ? "%c" : "<%x>";
        (void)snprintf(to + len, size - len, format, (int)term->chars[i]);
    }
}

TEST(a_phrase_is_cut_into_terms_at_blanks_and_before_numbers)
{
    static const char *const rows[][2] = {
        {"gc", "gc"},
        {"天桥 gc", "<5929><6865>/gc"},
        {"天桥gc", "<5929><6865>gc"},
        {"福长街12号", "<798f><957f><8857>/12<53f7>"},
        {"  Public,toilet! ", "public/toilet"},
        {"7-Eleven", "7/eleven"},
        {"7eleven", "7eleven"},
        {"b2", "b/2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phrase phrase;
        char told[200] = "", joined[200] = "", expected[200] = "";
        assert_ok(phrase_read(rows[i][0], strlen(rows[i][0]), &phrase, NULL));
        for (size_t t = 0; t < phrase.count; t++) {
            if (t) strncat(told, "/", 2);
            add_term(told, sizeof told, &phrase.terms[t]);
        }
        assert_string_equal(told, rows[i][1]);
        add_term(joined, sizeof joined, &phrase.joined);
        for (size_t k = 0, n = 0; rows[i][1][k]; k++)
            if (rows[i][1][k] != '/') expected[n++] = rows[i][1][k];
        assert_string_equal(joined, expected);
    }
}

TEST(a_phrase_without_letters_and_one_that_is_too_long_are_refused)
{
    static const struct {
        const char *text, *why;
        enum err e;
    } rows[] = {
        {"", "it has neither a letter nor a digit", ERR_INVALID},
        {" -!🚻", "it has neither a letter nor a digit", ERR_INVALID},
        {"a b c d e f g h i", "at most 8 words are looked for", ERR_LIMIT},
        {"abcdefghijklmnopqrstuvwxyzabcde bcdefghijklmnopqrstuvwxyzabcdef",
         "at most 60 characters are looked for", ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phrase phrase = {.count = 77};
        struct why why = {""};
        assert_err(phrase_read(rows[i].text, strlen(rows[i].text), &phrase, &why), rows[i].e);
        assert_string_equal(why.text, rows[i].why);
        assert_int_equal(phrase.count, 77);
    }
}

RUN(cmocka_unit_test(a_phrase_is_cut_into_terms_at_blanks_and_before_numbers),
    cmocka_unit_test(a_phrase_without_letters_and_one_that_is_too_long_are_refused))
