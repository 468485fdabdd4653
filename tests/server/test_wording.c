#include "tests/check.h"

#include "geo/place/seek.h"
#include "server/wording.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

static const char list[] = "categories:\n"
                           "  - {code: toilet, zh: 公共卫生间, en: Toilet, aliases: [公厕, wc], "
                           "sign: {zh: 厕, en: WC}}\n"
                           "  - {code: fuel, zh: 加油站, en: Fuel}\n"
                           "amenities:\n"
                           "  - {code: wifi, zh: 无线网络, en: Wi-Fi, aliases: [wlan]}\n";

static struct placeset_builder *builder_of(uint32_t count, const char *name)
{
    struct placeset_builder *builder;
    assert_ok(placeset_builder_new(count, &builder));
    for (uint32_t i = 0; i < count; i++) {
        const struct place place = {.id = i + 1, .at = {116 + i * 1e-4, 39}, .name = name};
        assert_ok(placeset_add(builder, &place));
    }
    return builder;
}

static struct placeset *set_of(uint32_t count, const char *name)
{
    struct placeset_builder *builder = builder_of(count, name);
    struct placeset *set;
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

static struct placeset *edited(const struct placeset *before, const char *name)
{
    struct placeset_builder *builder = builder_of(1, name);
    const int64_t id = 1;
    struct placeset *set;
    assert_ok(placeset_patch(before, builder, &id, 1, &set));
    placeset_builder_free(builder);
    return set;
}

static void count_up(void *user)
{
    atomic_fetch_add((atomic_int *)user, 1);
}

/* Looks until the words of a base have come. */
static struct lexicon *await_base(struct wording *wording, const struct snapshot *shown)
{
    for (;;) {
        struct snapshot_parts parts = {.places = NULL};
        assert_ok(wording_follow(wording, shown, &parts));
        assert_null(parts.words[PLACESET_DELTA]);
        if (parts.words[PLACESET_BASE]) return parts.words[PLACESET_BASE];
        (void)sched_yield();
    }
}

TEST(a_base_is_read_beside_and_what_was_edited_at_once)
{
    atomic_int done = 0;
    struct wording *wording;
    assert_ok(wording_new(count_up, &done, &wording));
    struct snapshot shown = {.places = NULL};
    struct snapshot_parts parts = {.places = set_of(2000, "公厕")};
    assert_ok(wording_follow(wording, &shown, &parts));
    assert_non_null(parts.words[PLACESET_DELTA]);
    assert_int_equal(parts.words[PLACESET_DELTA]->doc_count, 0);
    lexicon_free(parts.words[PLACESET_DELTA]);
    struct placeset *first = parts.places;
    shown.places = first;
    struct lexicon *base = await_base(wording, &shown);
    assert_int_equal(base->doc_count, 2000);
    assert_int_equal(base->text_count, 1);
    lexicon_free(base);
    assert_int_equal(done, 1);

    parts = (struct snapshot_parts){.places = edited(first, "蓝天书屋")};
    assert_ok(wording_follow(wording, &shown, &parts));
    assert_null(parts.words[PLACESET_BASE]); /* it is what it was */
    assert_int_equal(parts.words[PLACESET_DELTA]->doc_count, 1);
    lexicon_free(parts.words[PLACESET_DELTA]);
    placeset_free(first);
    shown.places = parts.places;

    struct placeset *second = parts.places;
    parts = (struct snapshot_parts){.places = set_of(3, "加油站")};
    assert_ok(wording_follow(wording, &shown, &parts));
    lexicon_free(parts.words[PLACESET_DELTA]);
    placeset_free(second);
    shown.places = parts.places;
    base = await_base(wording, &shown);
    assert_int_equal(base->doc_count, 3);
    lexicon_free(base);

    wording_forget(wording); /* it was not taken: comes once more */
    base = await_base(wording, &shown);
    assert_int_equal(base->doc_count, 3);
    lexicon_free(base);
    wording_free(wording);
    placeset_free(parts.places);
}

TEST(a_base_that_is_gone_is_not_read_to_its_end)
{
    atomic_int done = 0;
    struct wording *wording;
    struct snapshot shown = {.places = NULL};
    assert_ok(wording_new(count_up, &done, &wording));
    for (int i = 0; i < 5; i++) {
        struct snapshot_parts parts = {.places = set_of(20000, "公厕")};
        assert_ok(wording_follow(wording, &shown, &parts));
        lexicon_free(parts.words[PLACESET_DELTA]);
        lexicon_free(parts.words[PLACESET_BASE]);
        placeset_free(parts.places); /* never shown */
    }
    wording_free(wording);
    assert_int_equal(done, 5);
    wording_free(NULL);
}

TEST(the_words_for_categories_are_their_labels_signs_and_aliases)
{
    static const struct {
        const char *typed;
        uint32_t doc;
        enum term_tier tier;
    } rows[] = {
        {"公厕", 0, TERM_WHOLE},
        {"gc", 0, TERM_INITIALS},
        {"厕", 0, TERM_WHOLE},
        {"toilet", 0, TERM_WHOLE},
        {"jiayou", 1, TERM_START},
        {"wlan", LEXICON_CATEGORIES, TERM_WHOLE},
        {"wxwl", LEXICON_CATEGORIES, TERM_INITIALS},
    };
    struct categories *categories;
    struct lexicon *labels;
    assert_ok(categories_parse("list", list, sizeof list - 1, &categories, NULL));
    assert_ok(wording_labels(categories, &labels));
    assert_int_equal(labels->doc_count, LEXICON_CATEGORIES + 1);
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct phrase phrase;
        enum term_tier best = TERM_NONE;
        assert_ok(phrase_read(rows[r].typed, strlen(rows[r].typed), &phrase, NULL));
        for (uint32_t d = 0; d < labels->doc_count; d++)
            for (uint32_t t = labels->doc_first[d]; t < labels->doc_first[d + 1]; t++) {
                struct unit units[UNITS_MAX];
                size_t count = lexicon_units(labels, labels->doc_texts[t], units);
                enum term_tier tier = term_in(&phrase.terms[0], units, count);
                if (d == rows[r].doc && tier < best) best = tier;
            }
        assert_int_equal(best, rows[r].tier);
    }
    lexicon_free(labels);
    categories_free(categories);
}

RUN(cmocka_unit_test(a_base_is_read_beside_and_what_was_edited_at_once),
    cmocka_unit_test(a_base_that_is_gone_is_not_read_to_its_end),
    cmocka_unit_test(the_words_for_categories_are_their_labels_signs_and_aliases))
