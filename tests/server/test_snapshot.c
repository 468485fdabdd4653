#include "tests/check.h"

#include "server/anchoring.h"
#include "server/snapshot.h"

#include <pthread.h>
#include <stdatomic.h>

/* A set of `count` places, all named the same, so that a reader can tell a torn snapshot. */
static struct placeset *make_places(size_t count)
{
    struct placeset_builder *builder;
    struct placeset *set = NULL;
    assert_ok(placeset_builder_new(count, &builder));
    for (size_t i = 0; i < count; i++) {
        const struct place place = {.id = (int64_t)(i + 1),
                                    .at = {116 + (double)i * 1e-3, 39.9},
                                    .name = "驿站",
                                    .name_en = "",
                                    .address = "",
                                    .phone = "",
                                    .hours = "",
                                    .hours_self = "",
                                    .source = "t:1"};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

static struct areaset *make_areas(void)
{
    struct areaset *set = NULL;
    assert_ok(areaset_new(NULL, NULL, 0, &set));
    return set;
}

TEST(parts_that_did_not_move_are_shared)
{
    struct snapshot_store *store;
    struct snapshot_reader *reader;
    assert_ok(snapshot_store_new(&store));
    assert_ok(snapshot_reader_new(store, &reader));
    assert_null(snapshot_enter(reader));
    snapshot_leave(reader);

    struct snapshot_parts parts = {.places = make_places(3), .areas = make_areas()};
    assert_ok(snapshot_publish(store, &parts));
    const struct snapshot *s = snapshot_enter(reader);
    const struct areaset *areas = s->areas;
    assert_int_equal(s->version, 1);
    assert_int_equal(placeset_count(s->places), 3);

    assert_null(s->grids);
    parts = (struct snapshot_parts){.places = make_places(5)};
    assert_ok(gridset_new(&parts.grids));
    const struct gridset *grids = parts.grids;
    assert_ok(snapshot_publish(store, &parts));
    assert_int_equal(placeset_count(s->places), 3); /* a request keeps what it started with */
    snapshot_leave(reader);

    s = snapshot_enter(reader);
    assert_int_equal(s->version, 2);
    assert_int_equal(placeset_count(s->places), 5);
    assert_ptr_equal(s->areas, areas);
    assert_ptr_equal(s->grids, grids);
    snapshot_leave(reader);

    parts = (struct snapshot_parts){.areas = make_areas()};
    assert_ok(snapshot_publish(store, &parts));
    s = snapshot_enter(reader);
    assert_ptr_equal(s->grids, grids);
    snapshot_leave(reader);
    snapshot_reader_free(reader);
    snapshot_store_free(store);
}

TEST(anchors_go_with_the_places_and_roads_they_were_made_of)
{
    struct snapshot_store *store;
    struct snapshot_reader *reader;
    struct why why = {""};
    assert_ok(snapshot_store_new(&store));
    assert_ok(snapshot_reader_new(store, &reader));
    struct snapshot_parts parts = {.places = make_places(9), .areas = make_areas()};
    struct roads_keeper *keeper;
    assert_ok(roads_open(HOUSE_ROOT "/tests/fuzz/corpus/graph/tiny.yzr", 1, NULL, &keeper, &why));
    assert_ok(roads_make(keeper, NULL, 0, &parts.roads));
    roads_keeper_free(keeper);
    assert_ok(
        anchoring_make(placeset_part(parts.places, 0), parts.roads, NULL, NULL, &parts.anchors[0]));
    assert_ok(snapshot_publish(store, &parts));
    const struct snapshot *s = snapshot_enter(reader);
    const struct anchors *anchors = s->anchors[0];
    assert_int_equal(anchors_count(anchors), 9);
    assert_int_equal(anchors_group(anchors, 0).count, 9);
    assert_int_equal(anchors_group(anchors, 1).count, 0);
    assert_ptr_equal(anchors_graph(anchors), roads_graph(s->roads));
    snapshot_leave(reader);

    parts = (struct snapshot_parts){.areas = make_areas()};
    assert_ok(snapshot_publish(store, &parts));
    s = snapshot_enter(reader);
    assert_ptr_equal(s->anchors[0], anchors);
    snapshot_leave(reader);

    parts = (struct snapshot_parts){.places = make_places(7)};
    assert_ok(snapshot_publish(store, &parts));
    s = snapshot_enter(reader);
    assert_null(s->anchors[0]);
    assert_non_null(s->roads);
    snapshot_leave(reader);
    snapshot_reader_free(reader);
    snapshot_store_free(store);
}

static void expect_since(struct snapshot_reader *reader, uint64_t places, uint64_t areas,
                         uint64_t graph, uint64_t closures)
{
    const struct snapshot *s = snapshot_enter(reader);
    assert_int_equal(s->since[SNAPSHOT_PLACES], places);
    assert_int_equal(s->since[SNAPSHOT_AREAS], areas);
    assert_int_equal(s->since[SNAPSHOT_GRAPH], graph);
    assert_int_equal(s->since[SNAPSHOT_CLOSURES], closures);
    snapshot_leave(reader);
}

TEST(a_snapshot_says_since_when_each_part_is_as_it_is)
{
    struct snapshot_store *store;
    struct snapshot_reader *reader;
    struct roads_keeper *keeper;
    struct why why = {""};
    const uint32_t edges[] = {0};
    assert_ok(snapshot_store_new(&store));
    assert_ok(snapshot_reader_new(store, &reader));
    assert_ok(roads_open(HOUSE_ROOT "/tests/fuzz/corpus/graph/tiny.yzr", 1, NULL, &keeper, &why));
    struct snapshot_parts parts = {.places = make_places(3), .areas = make_areas()};
    assert_ok(snapshot_publish(store, &parts));
    expect_since(reader, 1, 1, 1, 1);
    parts = (struct snapshot_parts){0};
    assert_ok(roads_make(keeper, NULL, 0, &parts.roads));
    assert_ok(snapshot_publish(store, &parts));
    expect_since(reader, 1, 1, 2, 2);
    /* A street is closed: the roads are what they were. */
    const struct roads_closure closure = {edges, 1, ~0u, 2, INT64_MAX};
    assert_ok(roads_make(keeper, &closure, 1, &parts.roads));
    assert_ok(snapshot_publish(store, &parts));
    expect_since(reader, 1, 1, 2, 3);
    parts = (struct snapshot_parts){.places = make_places(3)};
    assert_ok(snapshot_publish(store, &parts));
    expect_since(reader, 4, 1, 2, 3);
    parts = (struct snapshot_parts){.areas = make_areas(), .drop_roads = true};
    assert_ok(snapshot_publish(store, &parts));
    expect_since(reader, 4, 5, 5, 5);
    roads_keeper_free(keeper);
    snapshot_reader_free(reader);
    snapshot_store_free(store);
}

TEST(the_first_snapshot_must_be_whole)
{
    struct snapshot_store *store;
    assert_ok(snapshot_store_new(&store));
    struct snapshot_parts parts = {.places = make_places(1)};
    assert_int_not_equal(snapshot_publish(store, &parts), ERR_OK);
    assert_int_equal(snapshot_version(store), 0);
    snapshot_store_free(store);
}

enum { READERS = 4, SWAPS = 300 };

struct crowd {
    struct snapshot_store *store;
    atomic_bool stop;
    atomic_int reads, torn;
};

static void *read_on(void *argument)
{
    struct crowd *crowd = argument;
    struct snapshot_reader *reader;
    uint64_t last = 0;
    if (snapshot_reader_new(crowd->store, &reader)) return NULL;
    while (!atomic_load(&crowd->stop)) {
        const struct snapshot *s = snapshot_enter(reader);
        size_t count = placeset_count(s->places);
        int64_t index = placeset_by_id(s->places, (int64_t)count);
        if (index < 0 || count != s->version % 50 + 1 || s->version < last)
            atomic_fetch_add(&crowd->torn, 1);
        last = s->version;
        snapshot_leave(reader);
        atomic_fetch_add(&crowd->reads, 1);
    }
    snapshot_reader_free(reader);
    return NULL;
}

TEST(readers_see_whole_snapshots_while_they_are_swapped)
{
    struct crowd crowd = {0};
    pthread_t threads[READERS];
    assert_ok(snapshot_store_new(&crowd.store));
    struct snapshot_parts parts = {.places = make_places(2), .areas = make_areas()};
    assert_ok(snapshot_publish(crowd.store, &parts));
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &crowd), 0);
    for (uint64_t version = 2; version < SWAPS; version++) {
        parts = (struct snapshot_parts){.places = make_places(version % 50 + 1)};
        assert_ok(snapshot_publish(crowd.store, &parts));
    }
    while (atomic_load(&crowd.reads) < 1000)
        snapshot_sweep(crowd.store);
    atomic_store(&crowd.stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&crowd.torn), 0);
    snapshot_store_free(crowd.store);
}

RUN(cmocka_unit_test(parts_that_did_not_move_are_shared),
    cmocka_unit_test(anchors_go_with_the_places_and_roads_they_were_made_of),
    cmocka_unit_test(a_snapshot_says_since_when_each_part_is_as_it_is),
    cmocka_unit_test(the_first_snapshot_must_be_whole),
    cmocka_unit_test(readers_see_whole_snapshots_while_they_are_swapped))
