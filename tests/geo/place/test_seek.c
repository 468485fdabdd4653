#include "tests/check.h"

#include "geo/place/seek.h"
#include "geo/space/geodesic.h"
#include "tests/geo/place/plain_finder.h"

enum { MOST = 2500, CATEGORIES = 3 };

static const char *const names[] = {
    "公厕",     "天桥公厕", "厕所", "工会驿站", "加油站 12号", "中石化加油站", "东风驿站",
    "12号驿站", "重庆饭店", "",     "行乐公园", "天桥 公厕 7", "か公厕"};
static const char *const latin[] = {"", "", "", "Public Toilet", "Toilet 7", "Gas", "Cesar"};
static const char *const others[] = {"", "", "茅房;WC", "老厕所; 7-Eleven ;", ";;"};
static const char *const addresses[] = {"", "福长街12号", "天桥南大街7号院", "虎坊路"};
static const char *const words[CATEGORIES][3] = {
    {"公共卫生间", "厕", "Toilet"}, {"加油站", "油", "Fuel"}, {"驿站", "驿", "Station"}};
static const char *const queries[] = {
    "厕",     "gc",   "公厕",          "gongce", "toilet",  "tiolet", "加油",    "yz",
    "wc",     "天桥", "12号",          "7",      "天桥 gc", "虎坊路", "7eleven", "x",
    "jiayou", "cs",   "天桥南大街7号", "c"};
enum { QUERIES = sizeof queries / sizeof *queries };
#define PICK(list) (list)[random_below(random, sizeof(list) / sizeof *(list))]

static struct place random_place(uint64_t *random, int64_t id)
{
    double x = random_unit(random), y = random_unit(random);
    bool far = random_below(random, 10) == 0;
    return (struct place){
        .id = id,
        .at = {far ? x * 360 - 180 : 116.3 + x * 0.2, far ? y * 180 - 90 : 39.8 + y * 0.2},
        .category = random_below(random, CATEGORIES),
        .amenities = random_below(random, 8),
        .name = PICK(names),
        .name_en = PICK(latin),
        .names = PICK(others),
        .address = PICK(addresses)};
}

/* A base of which some places were edited and some are gone. */
static struct placeset *set_new(uint64_t *random, uint32_t count)
{
    struct placeset_builder *builder, *edits;
    struct placeset *base, *set;
    int64_t touched[MOST];
    size_t touched_count = 0;
    assert_ok(placeset_builder_new(count, &builder));
    assert_ok(placeset_builder_new(16, &edits));
    for (uint32_t i = 0; i < count; i++) {
        int64_t id = (int64_t)(i * 7919u % MOST);
        struct place place = random_place(random, id);
        assert_ok(placeset_add(builder, &place));
        if (random_below(random, 8)) continue;
        touched[touched_count++] = id;
        place = random_place(random, id);
        if (random_below(random, 3)) assert_ok(placeset_add(edits, &place));
    }
    assert_ok(placeset_build(builder, &base));
    assert_ok(placeset_patch(base, edits, touched, touched_count, &set));
    placeset_builder_free(builder);
    placeset_builder_free(edits);
    placeset_free(base);
    return set;
}

static struct lexicon *labels_new(void)
{
    struct lexicon_builder *builder;
    struct lexicon *labels;
    assert_ok(lexicon_builder_new(&builder));
    for (size_t c = 0; c < CATEGORIES; c++) {
        for (size_t w = 0; w < 3; w++)
            assert_ok(lexicon_add_name(builder, words[c][w], strlen(words[c][w])));
        assert_ok(lexicon_end_doc(builder, 0));
    }
    assert_ok(lexicon_build(builder, NULL, &labels));
    lexicon_builder_free(builder);
    return labels;
}

/* ---- the plain way ---- */

static enum term_tier plain_term(const struct term *term, const struct place *place)
{
    enum term_tier tier = plain_name(term, place->name), own = plain_name(term, place->name_en);
    const char *rest = place->names;
    while (tier > own ? (tier = own, true) : *rest) {
        char name[100];
        size_t len = strcspn(rest, ";");
        (void)snprintf(name, sizeof name, "%.*s", (int)len, rest);
        rest += len + (rest[len] == ';');
        own = plain_name(term, name);
    }
    for (size_t w = 0; w < 3; w++) {
        own = plain_name(term, words[place->category][w]);
        if (own < tier) tier = own;
    }
    own = plain_address(term, place->address);
    return own < tier ? own : tier;
}

static enum term_tier plain_tier(const struct phrase *phrase, const struct place *place)
{
    enum term_tier tier = TERM_WHOLE;
    for (size_t i = 0; i < phrase->count; i++) {
        enum term_tier own = plain_term(&phrase->terms[i], place);
        if (own > tier) tier = own;
    }
    if (phrase->count == 1 || tier > TERM_INNER) return tier;
    enum term_tier joined = plain_term(&phrase->joined, place);
    return joined < tier ? joined : tier;
}

static const struct placeset *compared;

static int by_goodness(const void *a, const void *b)
{
    const struct seek_hit *x = a, *y = b;
    if (x->tier != y->tier) return x->tier < y->tier ? -1 : 1;
    if (x->distance_m != y->distance_m) return x->distance_m < y->distance_m ? -1 : 1;
    int64_t i = placeset_id(compared, x->place), k = placeset_id(compared, y->place);
    return i < k ? -1 : i > k;
}

static uint32_t scan(const struct seek_query *query, struct seek_hit *hits)
{
    const struct geodesic_from from = geodesic_from(query->near);
    uint32_t count = 0;
    for (uint32_t i = 0; i < placeset_end(query->set); i++) {
        if (!filter_keeps(query->set, query->filter, i)) continue;
        struct place place = placeset_at(query->set, i);
        struct seek_hit hit = {i, plain_tier(query->phrase, &place), 0};
        if (query->has_near) hit.distance_m = geodesic_from_distance_m(&from, place.at);
        bool near = !query->has_near || hit.distance_m <= query->radius_m;
        if (hit.tier != TERM_NONE && near) hits[count++] = hit;
    }
    compared = query->set;
    qsort(hits, count, sizeof *hits, by_goodness);
    return count < query->limit ? count : query->limit;
}

TEST(places_are_found_as_a_plain_scan_finds_them)
{
    static struct seek_hit plain[2 * MOST], hits[2 * MOST];
    uint64_t seed = random_seed(), *random = &seed;
    struct seek_work work = {.walked = NULL};
    struct lexicon *labels = labels_new();
    for (int round = 0; round < 6; round++) {
        struct placeset *set = set_new(random, round ? random_below(random, MOST) : 0);
        struct lexicon *read[PLACESET_PARTS];
        for (unsigned p = 0; p < PLACESET_PARTS; p++)
            assert_ok(seek_read(placeset_part(set, p), NULL, &read[p]));
        for (int q = 0; q < 40; q++) {
            const char *text = queries[random_below(random, QUERIES)];
            struct phrase phrase;
            struct place_filter filter = {.all_of = random_below(random, 4) ? 0 : 1,
                                          .categories = random_below(random, 4) ? 0 : 5};
            uint32_t count = 0;
            assert_ok(phrase_read(text, strlen(text), &phrase, NULL));
            struct seek_query query = {.set = set,
                                       .words = {read[0], read[1]},
                                       .labels = labels,
                                       .phrase = &phrase,
                                       .has_near = random_below(random, 3) > 0,
                                       .near = random_place(random, 0).at,
                                       .radius_m = random_below(random, 2) ? INFINITY : 9000,
                                       .limit = 1 + random_below(random, q % 2 ? 10 : MOST),
                                       .filter = &filter};
            uint32_t expected = scan(&query, plain);
            assert_ok(seek_find(&query, &work, hits, &count));
            assert_int_equal(count, expected);
            assert_ok(seek_begin(&query, &work));
            for (uint32_t i = 0; i < placeset_end(set); i += 7) {
                struct place place = placeset_at(set, i);
                bool has = plain_tier(&phrase, &place) != TERM_NONE;
                assert_int_equal(seek_has(&work, i), has);
            }
            for (uint32_t i = 0; i < count; i++) {
                assert_int_equal(hits[i].tier, plain[i].tier);
                assert_int_equal(hits[i].place, plain[i].place);
                assert_true(hits[i].distance_m == plain[i].distance_m);
            }
        }
        for (unsigned p = 0; p < PLACESET_PARTS; p++)
            lexicon_free(read[p]);
        placeset_free(set);
    }
    lexicon_free(labels);
    seek_work_fini(&work);
}

TEST(the_name_that_fits_best_is_told)
{
    static const struct {
        const char *query, *name;
        enum term_tier tier;
    } rows[] = {{"公厕", "天桥公厕", TERM_INSIDE},
                {"toilet", "Public Toilet", TERM_WORD},
                {"7eleven", "7-Eleven", TERM_WHOLE},
                {"wc", "", TERM_NONE}};
    struct placeset_builder *builder;
    struct placeset *set;
    const struct place place = {
        .id = 1, .name = "天桥公厕", .name_en = "Public Toilet", .names = "茅房; 7-Eleven ;"};
    assert_ok(placeset_builder_new(1, &builder));
    assert_ok(placeset_add(builder, &place));
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct phrase phrase;
        const char *name;
        size_t len;
        assert_ok(phrase_read(rows[i].query, strlen(rows[i].query), &phrase, NULL));
        assert_int_equal(seek_name(set, 0, &phrase, &name, &len), rows[i].tier);
        assert_int_equal(len, strlen(rows[i].name));
        assert_memory_equal(name, rows[i].name, len);
    }
    placeset_free(set);
}

RUN(cmocka_unit_test(places_are_found_as_a_plain_scan_finds_them),
    cmocka_unit_test(the_name_that_fits_best_is_told))
