#include "tests/check.h"

#include "geo/place/openings.h"

#include <string.h>

static const char *const words[] = {
    "", "24/7", "off", "Mo-Fr 08:00-18:00", "around noon perhaps", "PH 10:00-12:00"};
enum { WORDS = sizeof words / sizeof *words };

/* 2026-11-24, a Tuesday. */
static struct hours_moment tuesday(uint32_t minute)
{
    return hours_moment_of(NULL, hours_day_of(2026, 11, 24), minute);
}

TEST(either_way_in_is_enough_and_what_nobody_knows_is_unknown)
{
    static const struct {
        uint32_t staffed, self;
        enum hours_state morning, night;
    } rows[] = {
        {0, 0, HOURS_UNKNOWN, HOURS_UNKNOWN}, {1, 0, HOURS_OPEN, HOURS_OPEN},
        {0, 1, HOURS_OPEN, HOURS_OPEN},       {2, 1, HOURS_OPEN, HOURS_OPEN},
        {2, 0, HOURS_CLOSED, HOURS_CLOSED},   {0, 3, HOURS_OPEN, HOURS_CLOSED},
        {3, 2, HOURS_OPEN, HOURS_CLOSED},     {3, 4, HOURS_OPEN, HOURS_UNKNOWN},
        {4, 2, HOURS_UNKNOWN, HOURS_UNKNOWN}, {4, 0, HOURS_UNKNOWN, HOURS_UNKNOWN},
    };
    enum { ROWS = sizeof rows / sizeof *rows };
    struct openings_texts texts[ROWS];
    struct openings *openings;
    const struct hours_moment morning = tuesday(9 * 60), night = tuesday(23 * 60);
    for (size_t i = 0; i < ROWS; i++)
        texts[i] = (struct openings_texts){words[rows[i].staffed], words[rows[i].self]};
    assert_ok(openings_new(texts, ROWS, &openings));
    for (uint32_t i = 0; i < ROWS; i++) {
        assert_int_equal(openings_at(openings, i, &morning), rows[i].morning);
        assert_int_equal(openings_at(openings, i, &night), rows[i].night);
        const struct hours *staffed = NULL, *self = NULL;
        assert_int_equal(openings_hours(openings, i, OPENINGS_STAFFED, &staffed),
                         rows[i].staffed != 0);
        assert_int_equal(openings_hours(openings, i, OPENINGS_SELF, &self), rows[i].self != 0);
        assert_int_equal(staffed == NULL, rows[i].staffed == 0 || rows[i].staffed == 4);
        assert_int_equal(hours_at(staffed, &morning, NULL) == HOURS_OPEN,
                         rows[i].staffed == 1 || rows[i].staffed == 3);
    }
    openings_free(openings);
}

TEST(many_places_with_few_texts_get_those_of_their_own)
{
    enum { PLACES = 3000 };
    static char different[PLACES][16];
    static struct openings_texts texts[PLACES];
    struct openings *openings;
    uint64_t seed = random_seed();
    for (uint32_t i = 0; i < PLACES; i++) {
        (void)snprintf(different[i], sizeof different[i], "%02u:00-%02u:00", i % 12, i % 12 + 1);
        texts[i] = (struct openings_texts){
            i % 2 ? different[random_below(&seed, i + 1)] : words[random_below(&seed, WORDS)], ""};
    }
    assert_ok(openings_new(texts, PLACES, &openings));
    for (uint32_t i = 0; i < PLACES; i++) {
        struct hours *hours = NULL;
        const struct hours_moment now = tuesday(random_below(&seed, HOURS_MINUTES));
        (void)hours_parse(texts[i].staffed, strlen(texts[i].staffed), &hours, NULL);
        assert_int_equal(openings_at(openings, i, &now), hours_at(hours, &now, NULL));
        hours_free(hours);
    }
    openings_free(openings);
    assert_ok(openings_new(NULL, 0, &openings));
    openings_free(openings);
    openings_free(NULL);
}

static const char *text_of(const void *user, uint32_t place, enum openings_kind kind)
{
    const struct openings_texts *texts = user;
    return kind == OPENINGS_STAFFED ? texts[place].staffed : texts[place].self;
}

TEST(numbers_and_texts_make_the_same_again_and_a_number_before_its_turn_does_not)
{
    enum { PLACES = 500 };
    static struct openings_texts texts[PLACES];
    struct openings *openings, *again;
    uint64_t seed = random_seed();
    for (uint32_t i = 0; i < PLACES; i++)
        texts[i] = (struct openings_texts){words[random_below(&seed, WORDS)],
                                           words[random_below(&seed, WORDS)]};
    assert_ok(openings_new(texts, PLACES, &openings));
    const uint32_t *numbers = openings_numbers(openings);
    assert_ok(openings_renew(numbers, PLACES, text_of, texts, &again));
    for (uint32_t i = 0; i < PLACES; i++) {
        const struct hours_moment now = tuesday(random_below(&seed, HOURS_MINUTES));
        assert_int_equal(openings_at(again, i, &now), openings_at(openings, i, &now));
    }
    assert_memory_equal(openings_numbers(again), numbers,
                        PLACES * OPENINGS_KINDS * sizeof *numbers);
    openings_free(again);
    openings_free(openings);
    const uint32_t early[] = {0, UINT32_MAX, 2, 1};
    texts[0] = texts[1] = (struct openings_texts){"24/7", "24/7"};
    assert_err(openings_renew(early, 2, text_of, texts, &again), ERR_FORMAT);
    assert_ok(openings_renew(NULL, 0, text_of, NULL, &again));
    openings_free(again);
}

RUN(cmocka_unit_test(numbers_and_texts_make_the_same_again_and_a_number_before_its_turn_does_not),
    cmocka_unit_test(either_way_in_is_enough_and_what_nobody_knows_is_unknown),
    cmocka_unit_test(many_places_with_few_texts_get_those_of_their_own))
