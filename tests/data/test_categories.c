#include "tests/check.h"

#include "data/categories.h"
#include "geo/base/buf.h"

#include <string.h>

#define SHIPPED HOUSE_ROOT "/data/categories"

static struct categories *parse(const char *text)
{
    struct categories *made;
    struct why why = {""};
    enum err e = categories_parse("c.yaml", text, strlen(text), &made, &why);
    if (e) print_error("%s\n", why.text);
    assert_ok(e);
    return made;
}

static void refused(const char *text, const char *sentence)
{
    struct categories *made;
    struct why why = {""};
    assert_int_not_equal(categories_parse("c.yaml", text, strlen(text), &made, &why), ERR_OK);
    assert_string_equal(why.text, sentence);
}

#define ONE "categories:\n  - code: toilet\n    zh: 厕所\n    en: Toilet\n"

/* "key=value key=value ..." against the rules. */
static int category_of(const struct categories *categories, const char *text, uint64_t *amenities)
{
    struct osm_tag tags[8];
    char copy[256];
    size_t n = 0;
    (void)snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *word; (word = strsep(&rest, " "));) {
        char *value = strchr(word, '=');
        assert_non_null(value);
        *value = '\0';
        tags[n++] = (struct osm_tag){word, value + 1};
    }
    struct osm_tags all = {tags, n};
    if (amenities) *amenities = categories_amenities_of_tags(categories, &all);
    return categories_of_tags(categories, &all);
}

TEST(the_shipped_list_knows_every_word_of_the_domain)
{
    static const char *const codes[] = {
        "rest_station",     "toilet", "fuel",   "union_branch", "battery_swap",  "charging",
        "partner_merchant", "clinic", "repair", "shelter",      "drinking_water"};
    static const char *const amenities[] = {
        "water",  "microwave",      "fridge",      "charging",         "battery_swap",
        "wifi",   "seats",          "toilet",      "air_conditioning", "first_aid",
        "aed",    "blood_pressure", "pump",        "rain_gear",        "sewing_kit",
        "books",  "nursing_room",   "counselling", "legal_aid",        "scan_entry",
        "shower", "changing_table"};
    struct categories *list;
    struct why why = {""};
    assert_ok(categories_load(SHIPPED, &list, &why));
    assert_int_equal(categories_count(list), sizeof codes / sizeof *codes);
    assert_int_equal(categories_amenity_count(list), sizeof amenities / sizeof *amenities);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_true(categories_find(list, codes[i]) >= 0);
    for (size_t i = 0; i < sizeof amenities / sizeof *amenities; i++)
        assert_true(categories_amenity_find(list, amenities[i]) >= 0);
    assert_int_equal(categories_find(list, "Toilet"), -1);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_true(*categories_at(list, i)->icon);
    for (size_t i = 0; i < sizeof amenities / sizeof *amenities; i++)
        assert_true(*categories_amenity_at(list, i)->icon);
    categories_free(list);
}

/* ---- whole files ---- */

struct sweep {
    struct categories *list;
    size_t objects, toilets, fuel, found, with_amenities;
};

static void explain(const struct osm_tags *tags, const char *found)
{
    for (size_t i = 0; i < tags->count; i++)
        print_error("%s=%s ", tags->items[i].key, tags->items[i].value);
    fail_msg("became %s", found);
}

/* Against what the object itself says to expect: "repair: pump toilet". */
static enum err hold_to_word(void *user, const struct osm_node *node)
{
    struct sweep *sweep = user;
    char found[CATEGORIES_AMENITIES_SIZE + 64], amenities[CATEGORIES_AMENITIES_SIZE];
    int category = categories_of_tags(sweep->list, &node->tags);
    categories_write_amenities(sweep->list, categories_amenities_of_tags(sweep->list, &node->tags),
                               amenities);
    (void)snprintf(found, sizeof found, "%s:%s%s",
                   category < 0 ? "none" : categories_at(sweep->list, (size_t)category)->code,
                   *amenities ? " " : "", amenities);
    if (strcmp(osm_tags_get(&node->tags, "expect"), found) != 0) explain(&node->tags, found);
    sweep->objects++;
    return ERR_OK;
}

TEST(the_rules_tell_apart_one_object_of_each_kind)
{
    struct sweep sweep = {0};
    struct osm_stats stats;
    struct why why = {""};
    assert_ok(categories_load(SHIPPED, &sweep.list, &why));
    const struct osm_sink sink = {.node = hold_to_word, .user = &sweep};
    assert_ok(osm_file_read(HOUSE_ROOT "/tests/fixtures/osm/kinds.osm", &sink, NULL, &stats, &why));
    assert_true(sweep.objects > 50);
    categories_free(sweep.list);
}

static bool tag_is(const struct osm_tags *tags, const char *key, const char *value)
{
    const char *own = osm_tags_get(tags, key);
    return own && strcmp(own, value) == 0;
}

/* What a tag alone decides, said once more without the rules; objects that nobody may use and
 * names that decide first are left to the rules. */
static enum err hold_to_tags(struct sweep *sweep, const struct osm_tags *tags)
{
    static const struct {
        const char *key, *value, *code;
    } plain[] = {
        {"amenity", "toilets", "toilet"},       {"amenity", "fuel", "fuel"},
        {"amenity", "hospital", "clinic"},      {"amenity", "pharmacy", "clinic"},
        {"amenity", "doctors", "clinic"},       {"amenity", "drinking_water", "drinking_water"},
        {"shop", "motorcycle_repair", "repair"}};
    int category = categories_of_tags(sweep->list, tags);
    const char *code = category < 0 ? "none" : categories_at(sweep->list, (size_t)category)->code;
    const bool open = !osm_tags_get(tags, "access") && !osm_tags_get(tags, "drinking_water");
    for (size_t i = 0; open && i < sizeof plain / sizeof *plain; i++)
        if (tag_is(tags, plain[i].key, plain[i].value) && strcmp(code, plain[i].code) != 0)
            explain(tags, code);
    sweep->objects++;
    sweep->found += category >= 0;
    sweep->toilets += strcmp(code, "toilet") == 0;
    sweep->fuel += strcmp(code, "fuel") == 0;
    sweep->with_amenities += categories_amenities_of_tags(sweep->list, tags) != 0;
    return ERR_OK;
}

static enum err hold_node(void *user, const struct osm_node *node)
{
    return hold_to_tags(user, &node->tags);
}

static enum err hold_way(void *user, const struct osm_way *way)
{
    return hold_to_tags(user, &way->tags);
}

TEST(real_extracts_give_the_places_that_their_tags_name)
{
    static const struct {
        const char *name;
        size_t toilets, fuel;
    } files[] = {{"monaco_osrm.osm.pbf", 28, 15},
                 {"beijing_tsinghua_2017.osm.gz", 1, 1},
                 {"beijing_cau_east.osm.gz", 1, 1}};
    const char *folder = getenv("YIZHAN_DATA");
    size_t read = 0;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[512];
        struct sweep sweep = {0};
        struct osm_stats stats;
        struct why why = {""};
        (void)snprintf(path, sizeof path, "%s/osm/%s",
                       folder ? folder : HOUSE_ROOT "/../shared/data", files[i].name);
        assert_ok(categories_load(SHIPPED, &sweep.list, &why));
        const struct osm_sink sink = {.node = hold_node, .way = hold_way, .user = &sweep};
        enum err e = osm_file_read(path, &sink, NULL, &stats, &why);
        categories_free(sweep.list);
        if (e == ERR_NOTFOUND) {
            printf("SKIPPED: %s is not here (set YIZHAN_DATA to the folder of test data)\n", path);
            continue;
        }
        assert_ok(e);
        print_message("%s: %zu objects, %zu places, %zu toilets, %zu fuel, %zu with amenities\n",
                      files[i].name, sweep.objects, sweep.found, sweep.toilets, sweep.fuel,
                      sweep.with_amenities);
        assert_true(sweep.toilets >= files[i].toilets && sweep.fuel >= files[i].fuel);
        read++;
    }
    if (!read) skip();
}

TEST(tags_find_their_category)
{
    static const struct {
        const char *tags, *code;
    } cases[] = {
        {"amenity=toilets", "toilet"},
        {"amenity=toilets access=private", NULL},
        {"amenity=toilets access=customers", "toilet"},
        {"amenity=drinking_water;toilets", "toilet"},
        {"amenity=fuel name=中国石化", "fuel"},
        {"amenity=charging_station", "charging"},
        {"amenity=charging_station battery_swap=yes", "battery_swap"},
        {"shop=bicycle", "repair"},
        {"shop=bicycle service:bicycle:repair=no", NULL},
        {"amenity=shelter shelter_type=public_transport", "shelter"},
        {"shop=bicycle service:bicycle:repair=only", "repair"},
        {"amenity=hospital", "clinic"},
        {"name=展览路街道工会驿站", "rest_station"},
        {"name=工会驿站路 highway=residential", NULL},
        {"name=西城区总工会", "union_branch"},
        {"highway=bus_stop", NULL},
    };
    struct categories *list;
    struct why why = {""};
    assert_ok(categories_load(SHIPPED "/places.yaml", &list, &why));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int found = category_of(list, cases[i].tags, NULL);
        const char *code = found < 0 ? "none" : categories_at(list, (size_t)found)->code;
        if (strcmp(code, cases[i].code ? cases[i].code : "none") != 0)
            fail_msg("%s became %s", cases[i].tags, code);
    }
    categories_free(list);
}

TEST(a_rule_needs_all_of_its_conditions_and_a_category_any_of_its_rules)
{
    struct categories *list = parse("categories:\n"
                                    "  - code: a\n    zh: 甲\n    en: A\n    osm:\n"
                                    "      - {x: [\"1\", \"2\"], \"!y\": \"*\"}\n"
                                    "      - {z: \"*mid*end\"}\n"
                                    "      - {\"k:*\": \"7\", \"!k:no*\": \"*\"}\n"
                                    "  - {code: b, zh: 乙, en: B, osm: [{x: \"*\"}]}\n");
    assert_int_equal(category_of(list, "x=1", NULL), 0);

    assert_int_equal(category_of(list, "x=9;2", NULL), 0);
    assert_int_equal(category_of(list, "x=2 y=q", NULL), 1);
    assert_int_equal(category_of(list, "z=a-mid-mid-end", NULL), 0);
    assert_int_equal(category_of(list, "z=end", NULL), -1);
    assert_int_equal(category_of(list, "q=1", NULL), -1);
    assert_int_equal(category_of(list, "k:a=5 k:b=7", NULL), 0);
    assert_int_equal(category_of(list, "k:a=5 k=7", NULL), -1);
    assert_int_equal(category_of(list, "k:b=7 k:none=x", NULL), -1);
    categories_free(list);
}

TEST(amenities_are_read_from_tags_and_from_what_people_write)
{
    struct categories *list;
    struct why why = {""};
    char text[CATEGORIES_AMENITIES_SIZE];
    uint64_t bits = 0;
    assert_ok(categories_load(SHIPPED, &list, &why));
    category_of(list, "amenity=fuel internet_access=wlan toilets=yes compressed_air=yes", &bits);
    categories_write_amenities(list, bits, text);
    assert_string_equal(text, "wifi toilet pump");
    bits = 0;
    assert_ok(categories_read_amenities(list, "饮水、WIFI， 空调 座椅;Air conditioning,,aed", &bits,
                                        &why));
    categories_write_amenities(list, bits, text);
    assert_string_equal(text, "water wifi seats air_conditioning aed");
    uint64_t again = 0;
    assert_ok(categories_read_amenities(list, text, &again, &why));
    assert_true(again == bits);
    bits = 0;
    assert_err(categories_read_amenities(list, "饮水、按摩、空调", &bits, &why), ERR_INVALID);
    assert_string_equal(why.text, "\"按摩\" is no known amenity");
    categories_write_amenities(list, bits, text);
    assert_string_equal(text, "water air_conditioning");
    categories_free(list);
}

TEST(a_word_of_a_person_finds_its_category)
{
    struct categories *list;
    struct why why = {""};
    assert_ok(categories_load(SHIPPED, &list, &why));
    int toilet = categories_find(list, "toilet");
    assert_int_equal(categories_match(list, " 公厕 ", strlen(" 公厕 ")), toilet);
    assert_int_equal(categories_match(list, "PUBLIC toilet", 13), toilet);
    assert_int_equal(categories_match(list, "WC", 2), toilet);
    assert_int_equal(categories_match(list, "nothing", 7), -1);
    categories_free(list);
}

TEST(a_category_looks_as_it_says_and_else_by_its_place_and_label)
{
    struct categories *list =
        parse("categories:\n"
              "  - {code: a, zh: 厕所, en: toilet, colour: \"#12abEF\", sign: {en: WC}}\n"
              "  - {code: b, zh: 乙, en: bike, sign: {zh: 修车}}\n"
              "  - {code: c, zh: 丙, en: Élan}\n"
              "amenities: [{code: w, zh: 水, en: Water}]\n");
    const struct category *a = categories_at(list, 0), *b = categories_at(list, 1);
    const struct category *c = categories_at(list, 2), *w = categories_amenity_at(list, 0);
    assert_string_equal(a->colour, "#12abEF");
    assert_string_equal(a->sign_zh, "厕");
    assert_string_equal(a->sign_en, "WC");
    assert_string_equal(b->sign_zh, "修车");
    assert_string_equal(b->sign_en, "B");
    assert_string_equal(c->sign_en, "É");
    assert_int_equal(strlen(b->colour), 7);
    assert_string_not_equal(b->colour, c->colour);
    assert_string_equal(w->colour, "");
    assert_string_equal(w->sign_zh, "");
    categories_free(list);
}

TEST(no_two_shipped_categories_share_a_colour_or_a_sign)
{
    struct categories *list;
    struct why why = {""};
    assert_ok(categories_load(SHIPPED, &list, &why));
    for (size_t i = 0; i < categories_count(list); i++)
        for (size_t j = 0; j < i; j++) {
            const struct category *a = categories_at(list, i), *b = categories_at(list, j);
            assert_string_not_equal(a->colour, b->colour);
            assert_string_not_equal(a->sign_zh, b->sign_zh);
            assert_string_not_equal(a->sign_en, b->sign_en);
        }
    categories_free(list);
}

TEST(mistakes_are_told_with_file_and_line)
{
    refused("", "c.yaml: has no list of categories");
    refused("categories: []\n", "c.yaml: has no list of categories");
    refused("places: []\n", "c.yaml:1: \"places\" is not known here");
    refused(ONE "    color: red\n", "c.yaml:5: \"color\" is not known here");
    refused(ONE "    colour: red\n", "c.yaml:5: colour must be \"#rrggbb\", in quotes");
    refused(ONE "    colour: #2563c9\n", "c.yaml:5: colour must be \"#rrggbb\", in quotes");
    refused(ONE "    colour: \"#2563c9f\"\n", "c.yaml:5: colour must be \"#rrggbb\", in quotes");
    refused(ONE "    sign: 厕\n",
            "c.yaml:5: sign must be {zh: …, en: …}, one or two characters each");
    refused(ONE "    sign: {zh: 厕, de: WC}\n", "c.yaml:5: \"de\" is not known here");
    refused(ONE "    sign:\n      zh: 厕\n      en: LOO\n",
            "c.yaml:7: a sign is one or two characters");
    refused(ONE "    sign: {zh: \"\"}\n", "c.yaml:5: a sign is one or two characters");
    refused(ONE "amenities:\n  - {code: wifi, zh: W, en: Wi-Fi, colour: \"#000000\"}\n",
            "c.yaml:6: \"colour\" is not known here");
    refused(ONE "    osm: [{}]\n",
            "c.yaml:5: a rule needs at least one condition, as in {key: value}");
    refused(ONE "    osm:\n      - amenity: [[toilets]]\n",
            "c.yaml:6: amenity has an entry that is no text");
    refused("categories:\n  - {code: Toilet, zh: 厕, en: T}\n",
            "c.yaml:2: code must be 1 to 32 of a-z, 0-9 and _, and start with a letter");
    refused("categories:\n  - {code: toilet, zh: 厕}\n",
            "c.yaml:2: toilet needs labels, zh and en");
    refused(ONE "  - {code: wc, zh: 厕所, en: WC}\n",
            "c.yaml:5: \"厕所\" already stands for toilet");
}

TEST(more_entries_than_a_place_can_name_are_refused)
{
    struct buf text;
    struct categories *list;
    struct why why = {""};
    buf_init(&text, 1 << 20);
    buf_puts(&text, "categories:\n");
    for (int i = 0; i < 65; i++)
        buf_printf(&text, "  - {code: c%d, zh: z%d, en: e%d}\n", i, i, i);
    assert_ok(text.err);
    assert_err(categories_parse("c.yaml", text.bytes, text.len, &list, &why), ERR_LIMIT);
    assert_string_equal(why.text, "c.yaml:2: at most 64 entries are possible, and there are 65");
    assert_err(categories_load("no/such", &list, &why), ERR_NOTFOUND);
    buf_fini(&text);
}

RUN(cmocka_unit_test(the_shipped_list_knows_every_word_of_the_domain),
    cmocka_unit_test(the_rules_tell_apart_one_object_of_each_kind),
    cmocka_unit_test(real_extracts_give_the_places_that_their_tags_name),
    cmocka_unit_test(tags_find_their_category),
    cmocka_unit_test(a_rule_needs_all_of_its_conditions_and_a_category_any_of_its_rules),
    cmocka_unit_test(amenities_are_read_from_tags_and_from_what_people_write),
    cmocka_unit_test(a_word_of_a_person_finds_its_category),
    cmocka_unit_test(a_category_looks_as_it_says_and_else_by_its_place_and_label),
    cmocka_unit_test(no_two_shipped_categories_share_a_colour_or_a_sign),
    cmocka_unit_test(mistakes_are_told_with_file_and_line),
    cmocka_unit_test(more_entries_than_a_place_can_name_are_refused))
