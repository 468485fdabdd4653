#include "tests/check.h"

#include "geo/place/finder.h"

#include <string.h>

static void assert_found(const char *query, enum term_tier tier, const char *name)
{
    struct phrase phrase;
    assert_ok(phrase_read(query, strlen(query), &phrase, NULL));
    enum term_tier own = finder_name_tier(&phrase, name, strlen(name));
    if (own != tier) print_error("\"%s\" in \"%s\": %d, not %d\n", query, name, own, tier);
    assert_int_equal(own, tier);
}

static const struct {
    const char *query, *name;
    enum term_tier tier;
} rows[] = {
    {"公厕", "公厕", TERM_WHOLE},
    {"gongce", "公厕", TERM_WHOLE},
    {"厕", "公厕", TERM_INSIDE},
    {"ce", "公厕", TERM_INSIDE},
    {"gongc", "公厕", TERM_START},
    {"gong", "公厕", TERM_START},
    {"gc", "公厕", TERM_INITIALS},
    {"gce", "公厕", TERM_INITIALS},
    {"公c", "公厕", TERM_START},
    {"cesuo", "天桥厕所", TERM_INSIDE},
    {"cs", "天桥厕所", TERM_INNER},
    {"tqcs", "天桥厕所", TERM_INITIALS},
    {"厕所", "廁所", TERM_WHOLE},
    {"廁所", "厕所", TERM_WHOLE},
    {"chongqing", "重庆银行", TERM_START},
    {"zhongqing", "重庆银行", TERM_START},
    {"yinhang", "重庆银行", TERM_INSIDE},
    {"yueqi", "乐器店", TERM_START},
    {"nv", "女厕", TERM_START},
    {"nu", "女厕", TERM_START},
    {"nü", "女厕", TERM_START},
    {"xian", "西安", TERM_WHOLE},
    {"xi'an", "西安", TERM_WHOLE},
    {"ZSH", "中石化", TERM_INITIALS},
    {"zhshh", "中石化", TERM_INITIALS},
    {"toilet", "Public Toilet", TERM_WORD},
    {"public toilet", "Public Toilet", TERM_WHOLE},
    {"toilet public", "Public Toilet", TERM_WORD},
    {"publictoi", "Public Toilet", TERM_START},
    {"tiolet", "Public Toilet", TERM_TYPO},
    {"yoilet", "Public Toilet", TERM_TYPO},
    {"restuarent", "Restaurant", TERM_TYPO},
    {"gongcw", "公厕", TERM_TYPO},
    {"gogncu", "公厕", TERM_NONE},
    {"gonggoncesou", "公共厕所", TERM_TYPO},
    {"cafe", "Café", TERM_WHOLE},
    {"ｃａｆｅ", "CAFÉ", TERM_WHOLE},
    {"7eleven", "7-Eleven", TERM_WHOLE},
    {"711", "7-11便利店", TERM_START},
    {"mcdonalds", "McDonald’s", TERM_WHOLE},
    {"天桥 gc", "天桥街道公厕", TERM_INNER},
    {"gc 天桥", "天桥街道公厕", TERM_INNER},
    {"天桥 银行", "天桥街道公厕", TERM_NONE},
    {"便利店", "罗森(便利店)", TERM_WORD},
    {"b2", "B2层", TERM_START},
    {"oilet", "Toilet", TERM_TYPO},
    {"wc", "WC", TERM_WHOLE},
    {"ce", "Cesar", TERM_START},
    {"吉", "𠮷野家", TERM_NONE},
    {"𠮷野", "𠮷野家", TERM_START},
    {"하늘", "하늘공원", TERM_START},
};

TEST(a_name_is_found_by_its_characters_its_spelling_and_its_initials)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_found(rows[i].query, rows[i].tier, rows[i].name);
}

RUN(cmocka_unit_test(a_name_is_found_by_its_characters_its_spelling_and_its_initials))
