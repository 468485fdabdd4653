#include "tests/check.h"

#include "geo/place/finder.h"
#include "tests/geo/place/plain_finder.h"

#include <math.h>

enum { TEXTS = 500, CATEGORIES = 6, AMENITIES = 3, MOST_DOCS = 9000, TERMS = PHRASE_TERMS + 1 };

/* ---- a town in which much is called alike ---- */

static const char *const bits[] = {
    "公",   "厕",  "所", "廁", "共",  "卫生",   "间",      "重",   "庆",      "行", "乐", "长",
    "西",   "安",  "县", "先", "女",  "绿",     "站",      "天桥", "路",      "号", "か", "Ж",
    "kfc",  "KFC", "a",  "ab", "abc", "toilet", "Toilets", "café", "station", "7",  "11", "12",
    "１２", " ",   "-",  "·",  "（",  " ",      "𠮷",      "é",    "'s"};
enum { BITS = sizeof bits / sizeof *bits };

static const char *const labels[CATEGORIES][4] = {{"公共卫生间", "Public toilet", "厕", "公厕"},
                                                  {"加油站", "Fuel station", "油", "加油"},
                                                  {"驿站", "Rest station", "骑手驿站"},
                                                  {"维修", "Repair"},
                                                  {"医疗急救", "clinic"},
                                                  {"充电"}};
static const char *const offered[AMENITIES][3] = {
    {"厕所", "Toilet", "wc"}, {"微波炉", "Microwave"}, {"WiFi", "无线网络"}};

struct doc {
    int name, other, address; /* texts; -1: none */
    unsigned category;
    uint64_t amenities;
    double rank;
    int64_t id;
    bool kept;
};

struct town {
    char texts[TEXTS][120];
    struct doc docs[MOST_DOCS];
    uint32_t order[MOST_DOCS]; /* by rank */
    uint32_t count, split, order_count;
    struct lexicon *parts[2], *labels;
    uint8_t names[TERMS][TEXTS], addresses[TERMS][TEXTS]; /* plain tiers */
};
static struct town town;

static void random_text(uint64_t *random, char *text, size_t size)
{
    int count = 1 + (int)random_below(random, 6);
    text[0] = '\0';
    for (int i = 0; i < count; i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, size - len, "%s", bits[random_below(random, BITS)]);
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct doc *x = &town.docs[*(const uint32_t *)a], *y = &town.docs[*(const uint32_t *)b];
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static void add_texts(struct lexicon_builder *builder, const struct doc *doc)
{
    int names[2] = {doc->name, doc->other};
    for (int i = 0; i < 2; i++)
        if (names[i] >= 0)
            assert_ok(
                lexicon_add_name(builder, town.texts[names[i]], strlen(town.texts[names[i]])));
    if (doc->address >= 0)
        assert_ok(lexicon_add_address(builder, town.texts[doc->address],
                                      strlen(town.texts[doc->address])));
    assert_ok(lexicon_end_doc(builder, doc->category));
}

static struct lexicon *lexicon_of(uint32_t from, uint32_t to)
{
    struct lexicon_builder *builder;
    struct lexicon *lexicon;
    assert_ok(lexicon_builder_new(&builder));
    for (uint32_t d = from; d < to; d++)
        add_texts(builder, &town.docs[d]);
    assert_ok(lexicon_build(builder, NULL, &lexicon));
    lexicon_builder_free(builder);
    return lexicon;
}

static struct lexicon *labels_new(void)
{
    struct lexicon_builder *builder;
    struct lexicon *lexicon;
    assert_ok(lexicon_builder_new(&builder));
    for (size_t c = 0; c < LEXICON_CATEGORIES + AMENITIES; c++) {
        size_t a = c - LEXICON_CATEGORIES;
        for (size_t i = 0; i < 4 && c < CATEGORIES && labels[c][i]; i++)
            assert_ok(lexicon_add_name(builder, labels[c][i], strlen(labels[c][i])));
        for (size_t i = 0; i < 3 && c >= LEXICON_CATEGORIES && offered[a][i]; i++)
            assert_ok(lexicon_add_name(builder, offered[a][i], strlen(offered[a][i])));
        assert_ok(lexicon_end_doc(builder, 0));
    }
    assert_ok(lexicon_build(builder, NULL, &lexicon));
    lexicon_builder_free(builder);
    return lexicon;
}

static void found_town(uint64_t *random, uint32_t count, uint32_t texts)
{
    town.count = count;
    town.split = random_below(random, count + 1);
    town.order_count = 0;
    for (uint32_t t = 0; t < texts; t++)
        random_text(random, town.texts[t], sizeof town.texts[t]);
    for (uint32_t d = 0; d < count; d++) {
        struct doc *doc = &town.docs[d];
        doc->name = random_below(random, 8) ? (int)random_below(random, texts) : -1;
        doc->other = random_below(random, 3) ? -1 : (int)random_below(random, texts);
        doc->address = random_below(random, 2) ? (int)random_below(random, texts) : -1;
        doc->category = random_below(random, CATEGORIES);
        doc->amenities = random_below(random, 1 << AMENITIES) & random_below(random, 8);
        doc->rank = random_below(random, count / 2 + 1);
        doc->id = (int64_t)((d * 7919u) % MOST_DOCS);
        doc->kept = random_below(random, 4) > 0;
        if (doc->kept || random_below(random, 2)) town.order[town.order_count++] = d;
    }
    qsort(town.order, town.order_count, sizeof *town.order, by_rank);
    town.parts[0] = lexicon_of(0, town.split);
    town.parts[1] = lexicon_of(town.split, count);
}

static void leave_town(void)
{
    lexicon_free(town.parts[0]);
    lexicon_free(town.parts[1]);
}

/* ---- what the finder is told ---- */

static bool keep(void *user, uint32_t doc)
{
    (void)user;
    return town.docs[doc].kept;
}

static bool rank(void *user, uint32_t doc, double limit, double *value)
{
    (void)user;
    *value = town.docs[doc].rank;
    return *value <= limit;
}

static int64_t id_of(void *user, uint32_t doc)
{
    (void)user;
    return town.docs[doc].id;
}

static uint64_t amenities_of(const void *user, uint32_t doc)
{
    (void)user;
    return town.docs[doc].amenities;
}

static enum err walk(void *user, bool (*visit)(void *visitor, uint32_t doc, double rank),
                     void *visitor, bool *all)
{
    uint32_t patience = town.count % 2 ? 2000 : UINT32_MAX;
    (void)user;
    *all = town.order_count <= patience;
    for (uint32_t i = 0; i < town.order_count && i < patience; i++)
        if (!visit(visitor, town.order[i], town.docs[town.order[i]].rank)) break;
    return ERR_OK;
}

static struct finder_docs docs_of(bool walks)
{
    return (struct finder_docs){.parts = {{town.parts[0], 0}, {town.parts[1], town.split}},
                                .part_count = 2,
                                .labels = town.labels,
                                .keep = keep,
                                .rank = rank,
                                .id = id_of,
                                .amenities = amenities_of,
                                .walk = walks ? walk : NULL};
}

/* ---- the plain way ---- */

static uint8_t plain_labels[TERMS][CATEGORIES];
static uint64_t plain_offers[TERMS];

static void plain_prepare(const struct phrase *phrase, uint32_t texts)
{
    for (size_t i = 0; i <= phrase->count; i++) {
        const struct term *term = i < phrase->count ? &phrase->terms[i] : &phrase->joined;
        for (uint32_t t = 0; t < texts; t++) {
            town.names[i][t] = (uint8_t)plain_name(term, town.texts[t]);
            town.addresses[i][t] = (uint8_t)plain_address(term, town.texts[t]);
        }
        for (size_t c = 0; c < CATEGORIES; c++) {
            plain_labels[i][c] = TERM_NONE;
            for (size_t w = 0; w < 4 && labels[c][w]; w++) {
                uint8_t tier = (uint8_t)plain_name(term, labels[c][w]);
                if (tier < plain_labels[i][c]) plain_labels[i][c] = tier;
            }
        }
        plain_offers[i] = 0;
        for (size_t a = 0; a < AMENITIES; a++)
            for (size_t w = 0; w < 3 && offered[a][w]; w++)
                if (plain_name(term, offered[a][w]) <= TERM_START)
                    plain_offers[i] |= UINT64_C(1) << a;
    }
}

static uint8_t plain_term(const struct doc *doc, size_t i, bool joined, bool names_only)
{
    uint8_t best = TERM_NONE;
    if (doc->name >= 0) best = town.names[i][doc->name];
    if (doc->other >= 0 && town.names[i][doc->other] < best) best = town.names[i][doc->other];
    if (!names_only) {
        if (plain_labels[i][doc->category] < best) best = plain_labels[i][doc->category];
        if (!joined && doc->amenities & plain_offers[i] && best > TERM_OFFERED) best = TERM_OFFERED;
        if (!joined && doc->address >= 0 && town.addresses[i][doc->address] < best)
            best = town.addresses[i][doc->address];
    }
    return joined && best >= TERM_OFFERED ? TERM_NONE : best;
}

static bool goes_before(const struct finder_hit *a, const struct finder_hit *b)
{
    if (a->tier != b->tier) return a->tier < b->tier;
    return a->rank != b->rank ? a->rank < b->rank : a->id < b->id;
}

static int by_goodness(const void *a, const void *b)
{
    return goes_before(a, b) ? -1 : goes_before(b, a);
}

static uint32_t plain_find(const struct phrase *phrase, bool names_only, struct finder_hit *hits)
{
    uint32_t count = 0;
    for (uint32_t d = 0; d < town.count; d++) {
        const struct doc *doc = &town.docs[d];
        uint8_t tier = 0, joined;
        for (size_t i = 0; i < phrase->count; i++) {
            uint8_t own = plain_term(doc, i, false, names_only);
            if (own > tier) tier = own;
        }
        if (tier == TERM_NONE || !doc->kept) continue;
        joined = plain_term(doc, phrase->count, true, names_only);
        if (phrase->count > 1 && tier < TERM_OFFERED && joined < tier) tier = joined;
        hits[count++] = (struct finder_hit){d, tier, doc->rank, doc->id};
    }
    qsort(hits, count, sizeof *hits, by_goodness);
    return count;
}

/* ---- queries ---- */

static void append(char *to, size_t size, const char *text)
{
    size_t len = strlen(to);
    (void)snprintf(to + len, size - len, "%s", text);
}

/* Spells a piece of text as somebody might type it. */
static void type_text(uint64_t *random, const char *text, char *query, size_t size)
{
    uint32_t chars[200];
    size_t count = plain_fold(text, chars), from = random_below(random, (uint32_t)count + 1);
    size_t most = 1 + random_below(random, 5);
    uint32_t way = random_below(random, 4);
    for (size_t i = from; i < count && i < from + most; i++) {
        const uint16_t *syllables;
        size_t readings = unihan_readings(chars[i], &syllables);
        if (readings && way) {
            const char *s = unihan_syllable(syllables[random_below(random, (uint32_t)readings)]);
            char piece[8];
            bool initial = way == 2 || (way == 3 && random_below(random, 2));
            (void)snprintf(piece, sizeof piece, "%.*s", initial ? 1 : 6, s);
            append(query, size, piece);
        } else if (chars[i] < 0x80) {
            const char letter[2] = {(char)chars[i], '\0'};
            append(query, size, letter);
        } else {
            for (size_t b = 0; b < BITS; b++) { /* the character itself, if a bit is just that */
                uint32_t own[20];
                if (plain_fold(bits[b], own) == 1 && own[0] == chars[i]) {
                    append(query, size, bits[b]);
                    break;
                }
            }
        }
    }
}

static void make_errors(uint64_t *random, char *query)
{
    for (uint32_t n = random_below(random, 3); n > 0; n--) {
        size_t len = strlen(query), at = len ? random_below(random, (uint32_t)len) : 0;
        if (len < 4 || (signed char)query[at] < 0 || (signed char)query[at + 1] < 0) return;
        if (random_below(random, 2) && at + 1 < len) {
            char c = query[at];
            query[at] = query[at + 1];
            query[at + 1] = c;
        } else {
            query[at] = (char)('a' + random_below(random, 26));
        }
    }
}

static void random_query(uint64_t *random, uint32_t texts, char *query, size_t size)
{
    query[0] = '\0';
    for (uint32_t n = 1 + (random_below(random, 4) == 0); n > 0; n--) {
        if (query[0]) append(query, size, " ");
        uint32_t way = random_below(random, 8);
        if (way == 0)
            append(query, size, bits[random_below(random, BITS)]);
        else if (way == 1)
            type_text(random, labels[random_below(random, CATEGORIES)][0], query, size);
        else if (way == 2)
            type_text(random, offered[random_below(random, AMENITIES)][0], query, size);
        else
            type_text(random, town.texts[random_below(random, texts)], query, size);
    }
    if (random_below(random, 3) == 0) make_errors(random, query);
}

static void compare(const char *query, const struct phrase *phrase, bool names_only, bool walks,
                    uint32_t limit, struct finder_work *work)
{
    static struct finder_hit plain[MOST_DOCS], hits[MOST_DOCS];
    const struct finder_docs docs = docs_of(walks);
    uint32_t count = 0, expected = plain_find(phrase, names_only, plain);
    if (expected > limit) expected = limit;
    assert_ok(finder_find(&docs, phrase, names_only, work, hits, limit, &count));
    for (uint32_t i = 0; i < expected || i < count; i++) {
        if (i < expected && i < count && hits[i].doc == plain[i].doc &&
            hits[i].tier == plain[i].tier && hits[i].rank == plain[i].rank)
            continue;
        const struct doc *doc = &town.docs[i < expected ? plain[i].doc : hits[i].doc];
        print_error("\"%s\" of %u: hit %u of %u, %u expected: %u (tier %d) for %u (tier %d); "
                    "name \"%s\", other \"%s\", address \"%s\", category %u\n",
                    query, limit, i, count, expected, i < count ? hits[i].doc : 0,
                    i < count ? (int)hits[i].tier : -1, i < expected ? plain[i].doc : 0,
                    i < expected ? (int)plain[i].tier : -1,
                    doc->name >= 0 ? town.texts[doc->name] : "",
                    doc->other >= 0 ? town.texts[doc->other] : "",
                    doc->address >= 0 ? town.texts[doc->address] : "", doc->category);
        fail();
    }
}

static uint32_t queries_about(uint64_t *random, uint32_t texts, uint32_t count,
                              struct finder_work *work)
{
    uint32_t asked = 0;
    for (uint32_t q = 0; q < count; q++) {
        char query[200];
        struct phrase phrase;
        random_query(random, texts, query, sizeof query);
        if (phrase_read(query, strlen(query), &phrase, NULL)) continue;
        uint32_t limit = 1 + random_below(random, random_below(random, 2) ? 10 : MOST_DOCS);
        plain_prepare(&phrase, texts);
        compare(query, &phrase, random_below(random, 5) == 0, random_below(random, 3) > 0, limit,
                work);
        asked++;
    }
    return asked;
}

TEST(finding_is_what_a_plain_scan_finds)
{
    uint64_t random = random_seed();
    struct finder_work work = {.typos = NULL};
    uint32_t asked = 0;
    town.labels = labels_new();
    for (int round = 0; round < 40; round++) {
        uint32_t texts = 1 + random_below(&random, 60);
        found_town(&random, random_below(&random, 200), texts);
        asked += queries_about(&random, texts, 60, &work);
        leave_town();
    }
    for (int round = 0; round < 3; round++) {
        found_town(&random, MOST_DOCS - random_below(&random, 1000), TEXTS);
        asked += queries_about(&random, TEXTS, 60, &work);
        leave_town();
    }
    lexicon_free(town.labels);
    finder_work_fini(&work);
    print_message("%u queries\n", asked);
    assert_true(asked > 1000);
}

/* ---- one small street ---- */

struct place {
    const char *name, *address;
    unsigned category;
    double rank;
};
static const struct place street[] = {
    {"天桥公厕", "福长街12号", 0, 900},       {"", "虎坊路3号院", 0, 100},
    {"厕所文化博物馆", "前门大街1号", 3, 50}, {"卫生间洁具店", "珠市口", 3, 10},
    {"骑手驿站", "福长街14号", 2, 5},
};

static bool street_keep(void *user, uint32_t doc)
{
    (void)user, (void)doc;
    return true;
}

static bool street_rank(void *user, uint32_t doc, double limit, double *value)
{
    (void)user;
    *value = street[doc].rank;
    return *value <= limit;
}

static int64_t street_id(void *user, uint32_t doc)
{
    (void)user;
    return doc;
}

static uint64_t street_amenities(const void *user, uint32_t doc)
{
    (void)user;
    return doc == 4 ? 1 : 0; /* the rest station has a toilet */
}

TEST(places_come_in_the_order_of_tiers_and_then_of_ranks)
{
    enum { COUNT = sizeof street / sizeof *street };
    static const struct {
        const char *query;
        int expected[COUNT + 1]; /* ends in -1 */
    } rows[] = {
        {"公厕", {1, 0, -1}},      {"gc", {1, 0, -1}},         {"gongce", {1, 0, -1}},
        {"厕", {1, 0, 2, 4, -1}},  {"厕所", {2, 4, -1}},       {"tiolet", {1, 0, -1}},
        {"toilet", {1, 0, 4, -1}}, {"福长街", {4, 0, -1}},     {"福长街12号", {0, -1}},
        {"公厕 福长街", {0, -1}},  {"fuchangjie", {4, 0, -1}}, {"fcj", {-1}},
        {"驿站 天桥", {-1}},
    };
    struct lexicon_builder *builder;
    struct lexicon *lexicon;
    struct finder_work work = {.typos = NULL};
    assert_ok(lexicon_builder_new(&builder));
    for (size_t d = 0; d < COUNT; d++) {
        assert_ok(lexicon_add_name(builder, street[d].name, strlen(street[d].name)));
        assert_ok(lexicon_add_address(builder, street[d].address, strlen(street[d].address)));
        assert_ok(lexicon_end_doc(builder, street[d].category));
    }
    assert_ok(lexicon_build(builder, NULL, &lexicon));
    lexicon_builder_free(builder);
    struct lexicon *words = labels_new();
    const struct finder_docs docs = {.parts = {{lexicon, 0}},
                                     .part_count = 1,
                                     .labels = words,
                                     .keep = street_keep,
                                     .rank = street_rank,
                                     .id = street_id,
                                     .amenities = street_amenities};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        struct phrase phrase;
        struct finder_hit hits[10];
        uint32_t count = 0;
        assert_ok(phrase_read(rows[r].query, strlen(rows[r].query), &phrase, NULL));
        assert_ok(finder_find(&docs, &phrase, false, &work, hits, 10, &count));
        for (uint32_t i = 0; i < count; i++) {
            if ((int)hits[i].doc == rows[r].expected[i]) continue;
            print_error("\"%s\": hit %u is %u\n", rows[r].query, i, hits[i].doc);
            fail();
        }
        assert_int_equal(rows[r].expected[count], -1);
    }
    finder_work_fini(&work);
    lexicon_free(words);
    lexicon_free(lexicon);
}

RUN(cmocka_unit_test(places_come_in_the_order_of_tiers_and_then_of_ranks),
    cmocka_unit_test(finding_is_what_a_plain_scan_finds))
