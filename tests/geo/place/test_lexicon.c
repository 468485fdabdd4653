#include "tests/check.h"

#include "geo/place/lexicon.h"

#include <string.h>

static struct lexicon *lexicon_of(const char *const (*docs)[3], size_t count)
{
    struct lexicon_builder *builder;
    struct lexicon *lexicon;
    assert_ok(lexicon_builder_new(&builder));
    for (size_t d = 0; d < count; d++) {
        for (size_t t = 0; t < 2; t++)
            assert_ok(lexicon_add_name(builder, docs[d][t], strlen(docs[d][t])));
        assert_ok(lexicon_add_address(builder, docs[d][2], strlen(docs[d][2])));
        assert_ok(lexicon_end_doc(builder, (unsigned)d));
    }
    assert_ok(lexicon_build(builder, NULL, &lexicon));
    lexicon_builder_free(builder);
    return lexicon;
}

static const char *const docs[][3] = {
    {"天桥公厕", "Tianqiao Toilet", "福长街12号"},
    {"公厕", "toilet", "福长街14号院3号楼"},
    {"公 厕", "TOILET!", "福长街"},
    {"", "", ""},
};
enum { DOCS = sizeof docs / sizeof *docs };

TEST(equal_texts_and_streets_are_kept_once)
{
    struct lexicon *lexicon = lexicon_of(docs, DOCS);
    assert_int_equal(lexicon->doc_count, DOCS);
    /* Names: 天桥公厕, tianqiao toilet, 公厕, toilet, 公 厕; pieces: 福长街, 12号, 14号院, 3号楼.
     */
    assert_int_equal(lexicon->name_count, 5);
    assert_int_equal(lexicon->text_count, 9);
    assert_int_equal(lexicon->doc_first[DOCS] - lexicon->doc_first[3], 0);
    uint32_t shared = 0;
    for (uint32_t t = 0; t < lexicon->text_count; t++)
        if (lexicon->text_first[t + 1] - lexicon->text_first[t] == 3) shared++;
    assert_int_equal(shared, 1); /* 福长街 */
    assert_true(lexicon->bytes > sizeof *lexicon);
    lexicon_free(lexicon);
}

TEST(a_text_comes_out_as_it_was_cut)
{
    struct lexicon *lexicon = lexicon_of(docs, DOCS);
    for (uint32_t d = 0; d < 3; d++) {
        struct units cut;
        struct unit units[UNITS_MAX];
        units_cut(docs[d][0], strlen(docs[d][0]), &cut);
        size_t count = lexicon_units(lexicon, lexicon->doc_texts[lexicon->doc_first[d]], units);
        assert_int_equal(count, cut.count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(units[i].sign, cut.at[i].sign);
            assert_int_equal(units[i].gap, cut.at[i].gap);
        }
    }
    lexicon_free(lexicon);
}

struct count {
    uint32_t postings, seeds;
};

static void count_seed(void *user, const struct lexicon_seed *seed)
{
    struct count *count = user;
    count->postings += seed->count;
    count->seeds++;
}

static uint32_t postings_of(const struct lexicon *lexicon, const char *word)
{
    struct count count = {0, 0};
    const struct lexicon_visitor visitor = {count_seed, &count};
    struct units units;
    struct term term = {.count = 0};
    units_cut(word, strlen(word), &units);
    for (size_t i = 0; i < units.count; i++)
        for (size_t k = 0; k < (units.at[i].sign ? 1 : units.at[i].len); k++)
            term.chars[term.count++] =
                units.at[i].sign ? units.at[i].sign : (unsigned char)units.at[i].word[k];
    lexicon_seeds(lexicon, &term, &visitor);
    return count.postings;
}

TEST(a_term_is_looked_up_where_it_can_begin)
{
    struct lexicon *lexicon = lexicon_of(docs, DOCS);
    assert_int_equal(postings_of(lexicon, "toilet"), 2);
    assert_int_equal(postings_of(lexicon, "toi"), 2);
    assert_int_equal(postings_of(lexicon, "t"), 4); /* and tianqiao, 天 */
    assert_int_equal(postings_of(lexicon, "公厕"), 3);
    assert_int_equal(postings_of(lexicon, "gc"), 3);
    assert_int_equal(postings_of(lexicon, "福长街"), 1);
    assert_int_equal(postings_of(lexicon, "天桥公"), 1);
    assert_int_equal(postings_of(lexicon, "桥公厕天"), 0);
    assert_int_equal(postings_of(lexicon, "1"), 2);
    assert_int_equal(postings_of(lexicon, "x"), 0);
    lexicon_free(lexicon);
}

TEST(an_empty_lexicon_has_nothing)
{
    struct lexicon *lexicon = lexicon_of(docs, 0);
    assert_int_equal(lexicon->doc_count, 0);
    assert_int_equal(postings_of(lexicon, "a"), 0);
    assert_int_equal(postings_of(lexicon, "公"), 0);
    assert_int_equal(postings_of(lexicon, "公厕"), 0);
    lexicon_free(lexicon);
    lexicon_free(NULL);
    lexicon_builder_free(NULL);
}

static bool refuse(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)stage, (void)done, (void)total;
    return false;
}

TEST(building_stops_when_it_is_asked_to)
{
    const struct progress progress = {refuse, NULL};
    struct lexicon_builder *builder;
    struct lexicon *lexicon = NULL;
    assert_ok(lexicon_builder_new(&builder));
    assert_ok(lexicon_add_name(builder, "a", 1));
    assert_err(lexicon_end_doc(builder, LEXICON_CATEGORIES), ERR_RANGE);
    assert_ok(lexicon_end_doc(builder, 0));
    assert_err(lexicon_build(builder, &progress, &lexicon), ERR_CANCELLED);
    assert_null(lexicon);
    lexicon_builder_free(builder);
}

RUN(cmocka_unit_test(equal_texts_and_streets_are_kept_once),
    cmocka_unit_test(a_text_comes_out_as_it_was_cut),
    cmocka_unit_test(a_term_is_looked_up_where_it_can_begin),
    cmocka_unit_test(an_empty_lexicon_has_nothing),
    cmocka_unit_test(building_stops_when_it_is_asked_to))
