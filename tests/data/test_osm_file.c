#include "tests/check.h"

#include "data/osm_file.h"
#include "geo/base/file.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#define SMALL HOUSE_ROOT "/tests/fixtures/osm/small.osm"
#define COPY  "test_osm_file_roads.osm.pbf"

/* What a reading gave, written down as text, so that an expectation can be read. */
struct notes {
    char text[4096];
    size_t len;
    bool all_areas;
    struct coord inside;
    uint64_t nodes, ways, areas, relations;
};

/* Adds text; what does not fit any more is lost. */
#define note(notes, ...)                                                                           \
    noted((notes),                                                                                 \
          snprintf((notes)->text + (notes)->len, sizeof(notes)->text - (notes)->len, __VA_ARGS__))
static void noted(struct notes *notes, int n)
{
    size_t room = sizeof notes->text - notes->len - 1;
    if (n > 0) notes->len += (size_t)n < room ? (size_t)n : room;
}

static enum err on_node(void *user, const struct osm_node *node)
{
    struct notes *notes = user;
    notes->nodes++;
    note(notes, "n%lld(%zu) ", (long long)node->id, node->tags.count);
    return ERR_OK;
}

static enum err on_way(void *user, const struct osm_way *way)
{
    struct notes *notes = user;
    notes->ways++;
    note(notes, "w%lld:", (long long)way->id);
    for (size_t i = 0; i < way->count; i++)
        note(notes, "%s%lld", i ? "-" : "", (long long)way->refs[i]);
    note(notes, " ");
    return ERR_OK;
}

static bool want_area(void *user, const struct osm_tags *tags)
{
    const struct notes *notes = user;
    return notes->all_areas || osm_tags_get(tags, "amenity");
}

static enum err on_area(void *user, const struct osm_area *area)
{
    struct notes *notes = user;
    notes->areas++;
    notes->inside = area->inside;
    note(notes, "a%c%lld(%zu) ", area->from_way ? 'w' : 'r', (long long)area->id, area->wkb_len);
    return ERR_OK;
}

static enum err on_relation(void *user, const struct osm_relation *relation)
{
    struct notes *notes = user;
    notes->relations++;
    note(notes, "r%lld[", (long long)relation->id);
    for (size_t i = 0; i < relation->member_count; i++)
        note(notes, "%s%c%lld %s", i ? ", " : "", relation->members[i].type,
             (long long)relation->members[i].id, relation->members[i].role);
    note(notes, "] ");
    return ERR_OK;
}

static struct osm_sink everything(struct notes *notes)
{
    return (struct osm_sink){on_node, on_way, on_area, want_area, on_relation, notes};
}

static struct osm_stats read_into(const char *path, const struct osm_sink *sink)
{
    struct osm_stats stats;
    struct why why = {""};
    enum err e = osm_file_read(path, sink, NULL, &stats, &why);
    if (e) print_error("%s\n", why.text);
    assert_ok(e);
    return stats;
}

TEST(nodes_ways_areas_and_relations_come_in_this_order)
{
    static struct notes notes;
    struct osm_sink sink = everything(&notes);
    struct osm_stats stats = read_into(SMALL, &sink);
    assert_string_equal(
        notes.text,
        "n21(1) n30(3) n31(1) n32(10) "
        "w102:5-6-7-8-5 w103:11-12-13-14-11 w110:20-21 w111:21-22 w112:23-21 w112:24-20 w114:13-11 "
        "aw103(102) ar200(186) "
        "r200[w100 outer, w101 outer, w102 inner, n30 label] r201[w100 outer, w999 outer] "
        "r202[w100 outer, w101 outer] r210[w110 from, n21 via, w112 to] ");
    assert_int_equal(stats.nodes, 20);
    assert_int_equal(stats.ways, 9);
    assert_int_equal(stats.relations, 4);
    assert_int_equal(stats.areas, 2);
}

TEST(what_is_cut_at_the_border_is_counted_and_never_joined_across_the_gap)
{
    static struct notes notes;
    struct osm_sink sink = everything(&notes);
    struct osm_stats stats = read_into(SMALL, &sink);
    assert_int_equal(stats.ways_incomplete, 4); /* 111, 112, 113, 114 */
    assert_int_equal(stats.areas_invalid, 2);   /* way 114, relation 201 */
    assert_null(strstr(notes.text, "113"));
}

TEST(a_point_on_a_surface_keeps_out_of_its_hole)
{
    static struct notes notes;
    struct osm_sink sink = {.area = on_area, .want_area = want_area, .user = &notes};
    read_into(SMALL, &sink); /* the last area is the park */
    assert_true(notes.inside.lat > 39.9005 && notes.inside.lat < 39.9035);
    assert_true((notes.inside.lon > 116.3 && notes.inside.lon < 116.301) ||
                (notes.inside.lon > 116.303 && notes.inside.lon < 116.304));
}

static enum err refuse(void *user, const struct osm_node *node)
{
    (void)user;
    return node->id == 30 ? ERR_LIMIT : ERR_OK;
}

static bool stop(void *user, const char *stage, uint64_t done, uint64_t total)
{
    (void)user, (void)stage, (void)done, (void)total;
    return false;
}

TEST(an_error_of_the_sink_and_a_wish_to_stop_end_the_reading)
{
    struct osm_sink sink = {.node = refuse};
    struct osm_stats stats = {.nodes = 77};
    struct why why = {""};
    struct progress progress = {stop, NULL};
    assert_err(osm_file_read(SMALL, &sink, NULL, &stats, &why), ERR_LIMIT);
    assert_err(osm_file_read(SMALL, &sink, &progress, &stats, &why), ERR_CANCELLED);
    assert_int_equal(stats.nodes, 77);
}

static void refused(const char *bytes, size_t len, enum err expected, const char *word)
{
    static struct notes notes;
    struct osm_sink sink = everything(&notes);
    struct osm_stats stats;
    struct why why = {""};
    assert_ok(file_replace("test_osm_file_bad.osm", bytes, len, &why));
    assert_err(osm_file_read("test_osm_file_bad.osm", &sink, NULL, &stats, &why), expected);
    if (!strstr(why.text, "test_osm_file_bad.osm") || !strstr(why.text, word))
        fail_msg("\"%s\" does not say \"%s\"", why.text, word);
    unlink("test_osm_file_bad.osm");
}

TEST(what_is_no_osm_data_is_refused_with_the_file_named)
{
    static const char cut[] = "<osm version=\"0.6\"><node id=\"1\" lat=\"1\" lon=\"2\"/><nod";
    static const char far_away[] =
        "<osm version=\"0.6\"><node id=\"1\" lat=\"x\" lon=\"2\"/></osm>";
    static const char bomb[] = "<!DOCTYPE a [<!ENTITY b \"c\">]><osm version=\"0.6\"/>";
    struct osm_stats stats;
    struct osm_sink sink = {0};
    struct why why = {""};
    refused("", 0, ERR_FORMAT, "is empty");
    refused("PK\3\4....", 8, ERR_FORMAT, "is not OpenStreetMap data");
    refused("<html></html>", 13, ERR_FORMAT, "cannot be read");
    refused("<osm version=\"0.3\"/>", 20, ERR_FORMAT, "version 0.3");
    refused(cut, sizeof cut - 1, ERR_TRUNCATED, "ends too early");
    refused(far_away, sizeof far_away - 1, ERR_FORMAT, "cannot be read");
    refused(bomb, sizeof bomb - 1, ERR_FORMAT, "entities");
    assert_err(osm_file_read("no/such.osm", &sink, NULL, &stats, &why), ERR_NOTFOUND);
    assert_non_null(strstr(why.text, "no/such.osm"));
}

TEST(the_roads_of_a_file_are_copied_with_their_nodes_and_restrictions)
{
    static struct notes notes;
    struct osm_sink sink = {
        .node = on_node, .way = on_way, .relation = on_relation, .user = &notes};
    struct why why = {""};
    assert_ok(osm_file_extract_roads(SMALL, COPY, NULL, &why));
    struct osm_stats stats = read_into(COPY, &sink);
    assert_string_equal(notes.text, "n21(1) w110:20-21 w111:21-22 w112:23-21 w112:24-20 "
                                    "r210[w110 from, n21 via, w112 to] ");
    assert_int_equal(stats.nodes, 5);
    unlink(COPY);
}

TEST(the_same_roads_give_the_same_bytes)
{
    char *first, *second;
    size_t first_len, second_len;
    struct why why = {""};
    assert_ok(osm_file_extract_roads(SMALL, COPY, NULL, &why));
    assert_ok(file_read(COPY, 1 << 20, &first, &first_len, &why));
    assert_ok(osm_file_extract_roads(SMALL, COPY, NULL, &why));
    assert_ok(file_read(COPY, 1 << 20, &second, &second_len, &why));
    assert_int_equal(first_len, second_len);
    assert_memory_equal(first, second, first_len);
    free(first);
    free(second);
    unlink(COPY);
}

TEST(a_failed_copy_leaves_the_old_file_as_it_was)
{
    struct why why = {""};
    struct progress progress = {stop, NULL};
    char *bytes;
    size_t len;
    assert_ok(file_replace(COPY, "old", 3, &why));
    assert_err(osm_file_extract_roads(SMALL, COPY, &progress, &why), ERR_CANCELLED);
    assert_ok(file_read(COPY, 1 << 20, &bytes, &len, &why));
    assert_string_equal(bytes, "old");
    free(bytes);
    unlink(COPY);
    assert_int_not_equal(osm_file_extract_roads(SMALL, "no/such/folder/x", NULL, &why), ERR_OK);
}

/* Real files, where they are at hand. */
static bool shared(char *path, size_t size, const char *name)
{
    const char *folder = getenv("YIZHAN_DATA");
    (void)snprintf(path, size, "%s/%s", folder ? folder : HOUSE_ROOT "/../shared/data", name);
    if (access(path, R_OK) == 0) return true;
    printf("SKIPPED: %s is not here (set YIZHAN_DATA to the folder of test data)\n", path);
    return false;
}

TEST(real_files_cut_off_anywhere_are_truncated_or_malformed)
{
    static const char *const names[] = {"osm/monaco_osrm.osm.pbf", "osm/beijing_cau_east.osm.gz"};
    char path[1024];
    struct why why = {""};
    for (size_t i = 0; i < 2; i++) {
        char *bytes;
        size_t len;
        if (!shared(path, sizeof path, names[i])) skip();
        assert_ok(file_read(path, 64 << 20, &bytes, &len, &why));
        refused(bytes, len / 2, ERR_TRUNCATED, "ends too early");
        refused(bytes, len - 5, ERR_TRUNCATED, "ends too early");
        memset(bytes + len / 2, 0x55, 64);
        refused(bytes, len, ERR_FORMAT, "cannot be read");
        free(bytes);
    }
}

TEST(monaco_has_the_roads_that_other_tools_count)
{
    static struct notes notes, copied;
    char path[1024];
    struct why why = {""};
    if (!shared(path, sizeof path, "osm/monaco_osrm.osm.pbf")) skip();
    struct osm_sink sink = everything(&notes);
    struct osm_stats stats = read_into(path, &sink);
    assert_string_equal(stats.timestamp, "2016-03-05T00:26:02Z");
    assert_ok(osm_file_extract_roads(path, COPY, NULL, &why));
    sink = everything(&copied);
    stats = read_into(COPY, &sink);
    assert_in_range(stats.ways, 2927, 2950); /* highways, and a ferry or two */
    assert_string_equal(stats.timestamp, "2016-03-05T00:26:02Z");
    unlink(COPY);
}

RUN(cmocka_unit_test(nodes_ways_areas_and_relations_come_in_this_order),
    cmocka_unit_test(what_is_cut_at_the_border_is_counted_and_never_joined_across_the_gap),
    cmocka_unit_test(a_point_on_a_surface_keeps_out_of_its_hole),
    cmocka_unit_test(an_error_of_the_sink_and_a_wish_to_stop_end_the_reading),
    cmocka_unit_test(what_is_no_osm_data_is_refused_with_the_file_named),
    cmocka_unit_test(the_roads_of_a_file_are_copied_with_their_nodes_and_restrictions),
    cmocka_unit_test(the_same_roads_give_the_same_bytes),
    cmocka_unit_test(a_failed_copy_leaves_the_old_file_as_it_was),
    cmocka_unit_test(real_files_cut_off_anywhere_are_truncated_or_malformed),
    cmocka_unit_test(monaco_has_the_roads_that_other_tools_count))
