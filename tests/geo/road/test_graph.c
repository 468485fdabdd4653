/* The road file: what is in it, and that a wrong one is refused with a sentence. */
#include "tests/road_drawing.h"

#include "geo/base/file.h"
#include "geo/base/zip.h"
#include "geo/road/graph_file.h"

static const char *const facts[] = {"way abc highway=residential name=工会路 ref=G1",
                                    "way cd highway=footway",
                                    "way de route=ferry",
                                    "way bd highway=tertiary oneway=yes",
                                    "limit no_u_turn abc bd de",
                                    NULL};

static struct drawing draw(void)
{
    return drawing_make("a----b----c\n"
                        "     |    |\n"
                        "     d----+-e\n",
                        facts);
}

TEST(an_edge_is_given_as_a_map_draws_it)
{
    struct drawing d = draw();
    size_t named = 0, oneway = 0, ferries = 0;
    for (uint32_t i = 0; i < graph_edge_count(d.graph); i++) {
        struct graph_edge edge = graph_edge_at(d.graph, i);
        assert_true(edge.point_count >= 2);
        if (edge.way_id == 1) {
            assert_string_equal(edge.name, "工会路");
            assert_string_equal(edge.ref, "G1");
            assert_string_equal(graph_class_name(edge.road_class), "residential");
            named++;
        }
        oneway += edge.oneway;
        ferries += strcmp(graph_class_name(edge.road_class), "ferry") == 0;
    }
    assert_int_equal(named, 2);
    assert_int_equal(oneway, 1);
    assert_int_equal(ferries, 1);
    assert_string_equal(graph_source(d.graph), "a drawing");
    assert_true(graph_built_at(d.graph) > 1600000000);
    assert_int_equal(graph_profile_count(d.graph), 4);
    assert_string_equal(graph_profile_name(d.graph, 1), "ebike");
    assert_int_equal(graph_profile_find(d.graph, "submarine"), -1);
    drawing_free(&d);
}

static void assert_refused(const char *bytes, size_t len, enum err expected)
{
    char path[] = "/tmp/yizhan-graph-XXXXXX";
    struct graph *graph = NULL;
    struct why why = {""};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), len);
    close(fd);
    enum err e = graph_open(path, &graph, &why);
    unlink(path);
    assert_err(e, expected);
    assert_true(strlen(why.text) > 10);
    assert_null(graph);
}

TEST(a_wrong_file_is_refused_with_a_sentence)
{
    struct drawing d = draw();
    char *bytes;
    size_t len;
    assert_ok(file_read(d.path, 1 << 20, &bytes, &len, NULL));
    struct graph_file_header *header = (struct graph_file_header *)bytes;
    assert_refused("", 0, ERR_FORMAT);
    assert_refused("YZROADS", 8, ERR_TRUNCATED);
    assert_refused("not a road file at all", 22, ERR_FORMAT);
    assert_refused(bytes, len - 1, ERR_TRUNCATED);
    assert_refused(bytes, 200, ERR_TRUNCATED);
    bytes[len / 2] ^= 4;
    assert_refused(bytes, len, ERR_CHECKSUM);
    bytes[len / 2] ^= 4;
    header->version++;
    assert_refused(bytes, len, ERR_VERSION);
    free(bytes);
    drawing_free(&d);
}

TEST(no_truncation_and_no_flipped_bit_goes_unnoticed)
{
    struct drawing d = draw();
    char *bytes;
    size_t len;
    uint64_t seed = random_seed();
    assert_ok(file_read(d.path, 1 << 20, &bytes, &len, NULL));
    for (size_t cut = sizeof(struct graph_file_header); cut < len; cut += 97)
        assert_refused(bytes, cut, ERR_TRUNCATED);
    for (int i = 0; i < 300; i++) {
        size_t at =
            GRAPH_FILE_CRC_START + random_below(&seed, (uint32_t)len - GRAPH_FILE_CRC_START);
        char bit = (char)(1 << random_below(&seed, 8));
        bool of_size = at < 24; /* a wrong size is told as such */
        bytes[at] ^= bit;
        assert_refused(bytes, len, of_size ? ERR_TRUNCATED : ERR_CHECKSUM);
        bytes[at] ^= bit;
    }
    free(bytes);
    drawing_free(&d);
}

/* With the checksum put right, so that what lies behind it is reached. */
static void assert_refused_sealed(char *bytes, size_t len, enum err expected)
{
    struct graph_file_header *header = (struct graph_file_header *)bytes;
    header->crc = zip_crc32(0, bytes + GRAPH_FILE_CRC_START, len - GRAPH_FILE_CRC_START);
    assert_refused(bytes, len, expected);
}

TEST(a_section_that_lies_outside_the_file_is_refused)
{
    struct drawing d = draw();
    char *bytes;
    size_t len;
    assert_ok(file_read(d.path, 1 << 20, &bytes, &len, NULL));
    struct graph_file_header *header = (struct graph_file_header *)bytes;
    for (size_t i = 0; i < GRAPH_FILE_SECTION_COUNT; i++) {
        struct graph_file_section_entry *section = &header->sections[i], kept = *section;
        const struct graph_file_section_entry wrong[] = {
            {len + 64, kept.count, kept.item_size, 0},
            {UINT64_MAX - 63, kept.count, kept.item_size, 0},
            {0, kept.count, kept.item_size, 0},
            {kept.offset + 4, kept.count, kept.item_size, 0},
            {kept.offset, len, kept.item_size, 0},
            {kept.offset, UINT64_MAX / 2, kept.item_size, 0},
            {kept.offset, kept.count, kept.item_size + 1, 0},
            {kept.offset, kept.count, 0, 0},
        };
        for (size_t w = 0; w < sizeof wrong / sizeof *wrong; w++) {
            *section = wrong[w];
            assert_refused_sealed(bytes, len, ERR_FORMAT);
        }
        *section = kept;
    }
    free(bytes);
    drawing_free(&d);
}

TEST(an_order_that_is_no_permutation_is_refused)
{
    struct drawing d = draw();
    char *bytes;
    size_t len;
    assert_ok(file_read(d.path, 1 << 20, &bytes, &len, NULL));
    struct graph_file_header *header = (struct graph_file_header *)bytes;
    const struct graph_file_section_entry *section = &header->sections[GRAPH_FILE_order];
    uint32_t *order = (uint32_t *)(bytes + section->offset), first = order[0], last;
    assert_int_equal(section->count, graph_network(d.graph)->arc_count);
    last = order[section->count - 1];
    const uint32_t wrong[] = {order[1], last, (uint32_t)section->count, UINT32_MAX};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        order[0] = wrong[i];
        assert_refused_sealed(bytes, len, ERR_FORMAT);
    }
    /* Another permutation is another order. */
    struct graph *graph;
    order[0] = last;
    order[section->count - 1] = first;
    header->crc = zip_crc32(0, bytes + GRAPH_FILE_CRC_START, len - GRAPH_FILE_CRC_START);
    assert_ok(file_replace(d.path, bytes, len, NULL));
    assert_ok(graph_open(d.path, &graph, NULL));
    assert_int_equal(graph_network(graph)->order[0], last);
    graph_free(graph);
    free(bytes);
    drawing_free(&d);
}

/* Whatever a single number is changed to, with the checksum put right: refused or harmless. */
TEST(a_file_with_any_word_changed_is_refused_or_harmless)
{
    struct drawing d = draw();
    char *bytes;
    size_t len, refused = 0;
    uint64_t seed = random_seed();
    assert_ok(file_read(d.path, 1 << 20, &bytes, &len, NULL));
    struct graph_file_header *header = (struct graph_file_header *)bytes;
    static const uint32_t values[] = {UINT32_MAX, 0x7fffffff, 0x80000000, 1000000, 17, 0};
    for (int i = 0; i < 600; i++) {
        size_t at = GRAPH_FILE_CRC_START + 4 * random_below(&seed, (uint32_t)(len / 4 - 4));
        uint32_t before, value = values[i % 6];
        memcpy(&before, bytes + at, 4);
        memcpy(bytes + at, &value, 4);
        header->crc = zip_crc32(0, bytes + GRAPH_FILE_CRC_START, len - GRAPH_FILE_CRC_START);
        assert_ok(file_replace(d.path, bytes, len, NULL));
        struct roads *whole = d.roads, *roads = NULL;
        struct roads_keeper *keeper = NULL;
        struct why why = {""};
        if (roads_open(d.path, 1, NULL, &keeper, &why)) {
            assert_true(strlen(why.text) > 10);
            refused++;
        } else {
            assert_ok(roads_make(keeper, NULL, 0, &roads));
            d.roads = roads;
            (void)drawing_show(&d, "ebike", "ae");
            (void)drawing_show(&d, "foot", "ea");
            d.roads = whole;
            roads_free(roads);
            roads_keeper_free(keeper);
        }
        memcpy(bytes + at, &before, 4);
    }
    assert_true(refused > 100);
    free(bytes);
    drawing_free(&d);
}

TEST(data_without_a_road_makes_no_file)
{
    struct profiles *profiles;
    struct build *build;
    struct build_stats stats;
    struct why why = {""};
    size_t count;
    const int64_t refs[] = {1, 2};
    const struct coord at[] = {{116, 39}, {116.1, 39}};
    const struct profile_tag building = {"building", "yes"}, motorway = {"highway", "proposed"};
    assert_ok(profiles_load_dir(HOUSE_ROOT "/data/profiles", &profiles, &why));
    const struct profile *const *list = profiles_list(profiles, &count);
    assert_ok(build_new(list, count, &build));
    assert_ok(build_way(build, 1, refs, at, 2, &building, 1));
    assert_ok(build_way(build, 2, refs, at, 2, &motorway, 1));
    assert_err(build_finish(build, "/tmp/yizhan-never-written", "x", NULL, &stats, &why),
               ERR_INVALID);
    assert_int_equal(access("/tmp/yizhan-never-written", F_OK), -1);
    build_free(build);
    profiles_free(profiles);
}

TEST(stairs_have_the_class_that_requests_bar)
{
    assert_string_equal(graph_class_name(NETWORK_STEPS), "steps");
}

RUN(cmocka_unit_test(stairs_have_the_class_that_requests_bar),
    cmocka_unit_test(an_edge_is_given_as_a_map_draws_it),
    cmocka_unit_test(a_wrong_file_is_refused_with_a_sentence),
    cmocka_unit_test(no_truncation_and_no_flipped_bit_goes_unnoticed),
    cmocka_unit_test(a_section_that_lies_outside_the_file_is_refused),
    cmocka_unit_test(an_order_that_is_no_permutation_is_refused),
    cmocka_unit_test(a_file_with_any_word_changed_is_refused_or_harmless),
    cmocka_unit_test(data_without_a_road_makes_no_file))
