/* Places by what is typed, the 10 best and nearest among clustered places, in process, one thread:
 * bench_seek [RESULTS.json]. The clusters are those of clusters.h. A third of the names is
 * repeated, the others are made of a street, a kind and, at times, a number; a tenth has a second
 * name in Latin letters; every place has an address. */
#include "geo/base/clock.h"
#include "geo/place/seek.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CLUSTERS = 300, CATEGORIES = 4, ASKED = 100, LIMIT = 10, SUGGESTED = 20, STREETS = 60000 };

static const uint32_t sizes[] = {200000, 2000000};
enum { SIZES = sizeof sizes / sizeof *sizes };

static const char *const queries[] = {
    "厕",       "厕所", "公厕",   "gongce",  "gc",           "g",           "公",      "加油站",
    "jiayou",   "jyz",  "toilet", "tiolet",  "中石化",       "zhongshihua", "天桥 gc", "东风",
    "dongfeng", "df",   "12号",   "station", "gonggoncesou", "福长街12号",  "吉林"};
enum { QUERIES = sizeof queries / sizeof *queries };

/* SplitMix64 (Steele, Lea, Flood 2014). */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double unit(uint64_t *state)
{
    return (double)(next(state) >> 11) * 0x1.0p-53;
}

static double gauss(uint64_t *state)
{
    double radius = sqrt(-2 * log(1 - unit(state)));
    return radius * cos(6.283185307179586 * unit(state));
}

struct cluster {
    double lon, lat, spread;
};

static struct coord draw(uint64_t *state, const struct cluster *clusters)
{
    const struct cluster *c = &clusters[(int)(unit(state) * CLUSTERS)];
    double lon = c->lon + gauss(state) * c->spread;
    return (struct coord){lon, c->lat + gauss(state) * c->spread};
}

/* The thread's own time, so that what else the machine does counts little. */
static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const char *const kinds[CATEGORIES][4] = {
    {"驿站", "工会驿站", "户外劳动者服务站点", "骑手驿站"},
    {"公厕", "公共厕所", "卫生间", "厕所"},
    {"加油站", "中石化加油站", "中国石油", "加气站"},
    {"充电站", "充电桩", "国家电网充电站", "换电站"}};
static const char *const latin[CATEGORIES] = {"Rest Station", "Public Toilet", "Petrol Station",
                                              "Charging"};
static char streets[STREETS][32];

static void name_streets(uint64_t *state)
{
    static const char signs[] = "东西南北中天地人和平安长春福寿广大小新老龙凤山水河江湖海桥门关口"
                                "石金银玉花木林风云雨雪清明光华国民建设文化教育科技工农商学兵党政"
                                "军团结友谊胜利前进红星阳月朝夕永久兴旺发达富强民主自由重庆吉林";
    static const char *const ends[] = {"路", "街", "大街", "巷", "胡同", "桥"};
    size_t count = (sizeof signs - 1) / 3;
    for (size_t i = 0; i < STREETS; i++) {
        size_t len = 0, n = 2 + next(state) % 2;
        for (size_t k = 0; k < n; k++, len += 3)
            memcpy(streets[i] + len, signs + 3 * (next(state) % count), 3);
        (void)snprintf(streets[i] + len, sizeof streets[i] - len, "%s", ends[next(state) % 6]);
    }
}

static void name_place(uint64_t *state, struct place *place, char text[3][128])
{
    const char *street = streets[next(state) % STREETS];
    const char *kind = kinds[place->category][next(state) % 4];
    uint64_t way = next(state) % 6;
    text[1][0] = '\0';
    if (way < 2)
        (void)snprintf(text[0], sizeof text[0], "%s", kind);
    else if (way < 4)
        (void)snprintf(text[0], sizeof text[0], "%s%s", street, kind);
    else
        (void)snprintf(text[0], sizeof text[0], "%s%s%d号", street, kind, (int)(next(state) % 500));
    if (next(state) % 10 == 0)
        (void)snprintf(text[1], sizeof text[1], "%s %d", latin[place->category],
                       (int)(next(state) % 10000));
    (void)snprintf(text[2], sizeof text[2], "%s%d号", street, (int)(next(state) % 900));
    place->name = text[0];
    place->name_en = text[1];
    place->address = text[2];
}

static struct placeset *set_new(uint64_t *state, const struct cluster *clusters, uint32_t count)
{
    struct placeset_builder *builder = NULL;
    struct placeset *set = NULL;
    if (placeset_builder_new(count, &builder)) return NULL;
    for (uint32_t i = 0; i < count; i++) {
        char text[3][128];
        struct place place = {.id = i + 1, .at = draw(state, clusters)};
        place.category = (unsigned)(unit(state) * CATEGORIES);
        name_place(state, &place, text);
        if (placeset_add(builder, &place)) break;
    }
    (void)placeset_build(builder, &set);
    placeset_builder_free(builder);
    return set;
}

static struct lexicon *labels_new(void)
{
    struct lexicon_builder *builder = NULL;
    struct lexicon *labels = NULL;
    if (lexicon_builder_new(&builder)) return NULL;
    for (unsigned c = 0; c < CATEGORIES; c++) {
        for (size_t k = 0; k < 4; k++)
            (void)lexicon_add_name(builder, kinds[c][k], strlen(kinds[c][k]));
        (void)lexicon_add_name(builder, latin[c], strlen(latin[c]));
        (void)lexicon_end_doc(builder, 0);
    }
    (void)lexicon_build(builder, NULL, &labels);
    lexicon_builder_free(builder);
    return labels;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

struct bench {
    struct seek_query query;
    struct seek_work work;
    struct coord at[ASKED];
    FILE *json;
};

/* One phrase, asked from many places; and by id. */
static void ask(struct bench *bench, const char *text, bool near)
{
    static const struct place_filter all;
    static struct seek_hit hits[SUGGESTED];
    double us[ASKED], found = 0;
    struct phrase phrase;
    if (phrase_read(text, strlen(text), &phrase, NULL)) exit(1);
    bench->query.phrase = &phrase;
    bench->query.filter = &all;
    bench->query.has_near = near;
    for (int q = -3; q < ASKED; q++) {
        uint32_t count = 0;
        double start = now_s();
        bench->query.near = bench->at[q < 0 ? 0 : q];
        if (seek_find(&bench->query, &bench->work, hits, &count)) exit(1);
        if (q >= 0) us[q] = (now_s() - start) * 1e6;
        if (q >= 0) found += count;
    }
    qsort(us, ASKED, sizeof *us, compare);
    printf("  %-24s %10.0f %10.0f %8.1f\n", text, us[ASKED / 2], us[ASKED * 99 / 100],
           found / ASKED);
    if (bench->json)
        (void)fprintf(bench->json,
                      "%s\n    {\"text\": \"%s\", \"near\": %s, \"limit\": %u, \"median_us\": "
                      "%.0f, \"p99_us\": %.0f, "
                      "\"mean_hits\": %.1f}",
                      text == queries[0] && near && bench->query.limit == LIMIT ? "" : ",", text,
                      near ? "true" : "false", bench->query.limit, us[ASKED / 2],
                      us[ASKED * 99 / 100], found / ASKED);
}

static void measure(struct bench *bench, uint32_t places, const struct lexicon *labels)
{
    static struct cluster clusters[CLUSTERS];
    struct lexicon *words[PLACESET_PARTS] = {NULL};
    uint64_t state = 42;
    name_streets(&state);
    for (int i = 0; i < CLUSTERS; i++) {
        double lon = 100 + 20 * unit(&state), lat = 22 + 20 * unit(&state);
        clusters[i] = (struct cluster){lon, lat, 0.02 + 0.05 * unit(&state)};
    }
    struct placeset *set = set_new(&state, clusters, places);
    if (!set || placeset_count(set) != places) exit(1);
    double start = now_s();
    for (unsigned p = 0; p < PLACESET_PARTS; p++)
        if (seek_read(placeset_part(set, p), NULL, &words[p])) exit(1);
    double build_ms = (now_s() - start) * 1e3;
    const struct lexicon *base = words[0];
    printf(
        "%u places: built in %.0f ms, %.1f bytes a place; %u different texts, %u words, %u keys\n",
        places, build_ms, (double)base->bytes / places, base->text_count, base->word_count,
        base->key_count);
    printf("  %-24s %10s %10s %8s\n", "text", "median us", "p99 us", "hits");
    if (bench->json)
        (void)fprintf(bench->json,
                      "  {\"places\": %u, \"build_ms\": %.0f, \"bytes_per_place\": %.1f, "
                      "\"queries\": [",
                      places, build_ms, (double)base->bytes / places);
    for (int q = 0; q < ASKED; q++)
        bench->at[q] = draw(&state, clusters);
    bench->query = (struct seek_query){.set = set,
                                       .words = {words[0], words[1]},
                                       .labels = labels,
                                       .radius_m = INFINITY,
                                       .limit = LIMIT};
    for (size_t q = 0; q < QUERIES; q++)
        ask(bench, queries[q], true);
    printf("  what suggestions look at, the %d best names:\n", SUGGESTED);
    bench->query.names_only = true;
    bench->query.limit = SUGGESTED;
    for (size_t q = 0; q < QUERIES; q += 4)
        ask(bench, queries[q], true);
    bench->query.names_only = false;
    bench->query.limit = LIMIT;
    printf("  in order of ids:\n");
    for (size_t q = 0; q < QUERIES; q += 4)
        ask(bench, queries[q], false);
    if (bench->json) (void)fprintf(bench->json, "]}");
    for (unsigned p = 0; p < PLACESET_PARTS; p++)
        lexicon_free(words[p]);
    placeset_free(set);
}

int main(int argc, char **argv)
{
    static struct bench bench;
    struct lexicon *labels = labels_new();
    bench.json = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (!labels || (argc > 1 && !bench.json)) return 1;
    if (bench.json) (void)fprintf(bench.json, "{\"text\": [\n");
    for (int i = 0; i < SIZES; i++) {
        if (i && bench.json) (void)fprintf(bench.json, ",\n");
        measure(&bench, sizes[i], labels);
    }
    if (bench.json) (void)fprintf(bench.json, "\n]}\n");
    seek_work_fini(&bench.work);
    lexicon_free(labels);
    return bench.json && fclose(bench.json) != 0;
}
