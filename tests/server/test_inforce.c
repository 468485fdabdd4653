/* Closures by the clock, as edges of a road file. */
#include "tests/data/store.h"
#include "tests/road_drawing.h"

#include "data/closures.h"
#include "data/people.h"
#include "server/inforce.h"

static const char picture[] = "a---b---c\n";
static const char *const streets[] = {"way ab highway=residential", "way bc highway=residential",
                                      NULL};

struct scene {
    struct store store;
    struct drawing drawing;
    struct inforce *inforce;
    int64_t person;
};

static struct scene scene_make(void)
{
    struct scene s = {.store = store_fresh(), .drawing = drawing_make(picture, streets)};
    struct why why = {""};
    assert_ok(people_add(s.store.db, NULL, NULL, "wang", "王芳", NULL, &s.person, &why));
    assert_ok(inforce_new(&s.inforce));
    inforce_set_graph(s.inforce, s.drawing.graph);
    return s;
}

static void scene_free(struct scene *s)
{
    inforce_free(s->inforce);
    drawing_free(&s->drawing);
    store_close(&s->store);
    scratch_remove();
}

static struct closures_closure add(struct scene *s, const char *from_to, const char *profiles,
                                   int64_t from_ms, int64_t to_ms)
{
    const struct coord line[] = {s->drawing.at[(int)from_to[0]], s->drawing.at[(int)from_to[1]]};
    const struct closures_write write = {
        .terms = {.shape = {.kind = COVER_LINE, .points = line, .point_count = 2},
                  .factor = (double)INFINITY,
                  .profiles = profiles,
                  .from_ms = from_ms,
                  .to_ms = to_ms,
                  .reason = ""},
        .report = "",
        .person = s->person,
        .now_ms = 1};
    struct closures_created created;
    struct why why = {""};
    assert_ok(closures_create(s->store.db, &write, NULL, &s->store.arena, &created, &why));
    return created.made;
}

static const struct roads_closure *at(struct scene *s, int64_t now_ms, size_t expected,
                                      int64_t expected_next)
{
    const struct roads_closure *list;
    size_t count;
    int64_t next;
    assert_ok(inforce_at(s->inforce, now_ms, &list, &count, &next));
    assert_int_equal(count, expected);
    assert_int_equal(next, expected_next);
    return list;
}

TEST(closures_begin_and_end_at_their_times)
{
    struct scene s = scene_make();
    (void)at(&s, 10, 0, INT64_MAX); /* nothing was read as yet */
    (void)add(&s, "ab", "", 100, 300);
    (void)add(&s, "bc", "", 200, INT64_MAX);
    assert_ok(inforce_load(s.inforce, s.store.db, 10));
    (void)at(&s, 99, 0, 100);
    const struct roads_closure *list = at(&s, 100, 1, 200);
    assert_int_equal(list[0].edge_count, 1);
    assert_int_equal(list[0].until_ms, 300);
    assert_true(isinf(list[0].factor));
    uint32_t first = list[0].edges[0];
    list = at(&s, 200, 2, 300);
    assert_int_equal(list[0].edges[0], first);
    assert_int_not_equal(list[1].edges[0], first);
    list = at(&s, 300, 1, INT64_MAX);
    assert_int_equal(list[0].until_ms, INT64_MAX);
    (void)at(&s, 150, 1, 200); /* the clock was set back */
    scene_free(&s);
}

TEST(a_closure_binds_the_profiles_it_names)
{
    struct scene s = scene_make();
    const struct graph *graph = s.drawing.graph;
    const uint32_t ebike = 1u << graph_profile_find(graph, "ebike");
    const uint32_t foot = 1u << graph_profile_find(graph, "foot");
    (void)add(&s, "ab", "", 1, 9);
    (void)add(&s, "ab", "ebike", 1, 9);
    (void)add(&s, "ab", "foot ebike", 1, 9);
    (void)add(&s, "ab", "ebikes xebike", 1, 9); /* of a road file that had such */
    (void)add(&s, "ab", "xfoot foot", 1, 9);
    assert_ok(inforce_load(s.inforce, s.store.db, 5));
    const struct roads_closure *list = at(&s, 5, 5, 9);
    assert_int_equal(list[0].profiles, (1u << graph_profile_count(graph)) - 1);
    assert_int_equal(list[1].profiles, ebike);
    assert_int_equal(list[2].profiles, ebike | foot);
    assert_int_equal(list[3].profiles, 0);
    assert_int_equal(list[4].profiles, foot);
    scene_free(&s);
}

TEST(what_changed_is_matched_anew_and_what_did_not_keeps_its_edges)
{
    struct scene s = scene_make();
    struct closures_closure first = add(&s, "ab", "", 1, 9), out;
    struct why why = {""};
    (void)add(&s, "bc", "", 1, 9);
    assert_ok(inforce_load(s.inforce, s.store.db, 5));
    const uint32_t *kept = at(&s, 5, 2, 9)[1].edges;
    const struct coord line[] = {s.drawing.at['a'], s.drawing.at['c']};
    const struct closures_write write = {
        .terms = {.shape = {.kind = COVER_LINE, .points = line, .point_count = 2},
                  .factor = 2,
                  .profiles = "",
                  .from_ms = 1,
                  .to_ms = 9,
                  .reason = ""},
        .report = "",
        .person = s.person,
        .now_ms = 5};
    assert_ok(closures_update(s.store.db, first.public_id, 1, &write, &s.store.arena, &out, &why));
    assert_ok(inforce_load(s.inforce, s.store.db, 5));
    const struct roads_closure *list = at(&s, 5, 2, 9);
    assert_int_equal(list[0].edge_count, 2);
    assert_true(list[0].factor == 2);
    assert_ptr_equal(list[1].edges, kept);
    inforce_set_graph(s.inforce, s.drawing.graph); /* as if it were another file */
    assert_int_equal(at(&s, 5, 2, 9)[1].edge_count, 1);
    assert_ok(
        closures_end(s.store.db, first.public_id, 0, s.person, 6, &s.store.arena, &out, &why));
    assert_ok(inforce_load(s.inforce, s.store.db, 6));
    assert_int_equal(at(&s, 6, 1, 9)[0].edge_count, 1);
    scene_free(&s);
}

RUN(cmocka_unit_test(closures_begin_and_end_at_their_times),
    cmocka_unit_test(a_closure_binds_the_profiles_it_names),
    cmocka_unit_test(what_changed_is_matched_anew_and_what_did_not_keeps_its_edges))
