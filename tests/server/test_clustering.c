#include "tests/check.h"

#include "server/clustering.h"

#include <pthread.h>

enum { SNAPSHOTS = 12, THREADS = 4, ROUNDS = 400 };

static struct placeset *make_places(size_t count)
{
    struct placeset_builder *builder;
    struct placeset *set;
    assert_ok(placeset_builder_new(count, &builder));
    for (size_t i = 0; i < count; i++) {
        const struct place place = {.id = (int64_t)i + 1, .at = {116 + (double)i * 1e-3, 39.9}};
        assert_ok(placeset_add(builder, &place));
    }
    assert_ok(placeset_build(builder, &set));
    placeset_builder_free(builder);
    return set;
}

/* Places more and fewer from snapshot to snapshot: every third is an edit of the one before it. */
struct history {
    struct placeset *places[SNAPSHOTS];
    struct snapshot snapshots[SNAPSHOTS];
};

static void history_make(struct history *h)
{
    for (size_t i = 0; i < SNAPSHOTS; i++) {
        if (i % 3 == 2) {
            const int64_t gone[] = {1, 2};
            struct placeset_builder *none;
            assert_ok(placeset_builder_new(1, &none));
            assert_ok(placeset_patch(h->places[i - 1], none, gone, 2, &h->places[i]));
            placeset_builder_free(none);
        } else {
            h->places[i] = make_places(10 + i);
        }
        h->snapshots[i] = (struct snapshot){.places = h->places[i]};
        h->snapshots[i].since[SNAPSHOT_PLACES] = i + 1;
    }
}

static void history_free(struct history *h)
{
    for (size_t i = 0; i < SNAPSHOTS; i++)
        placeset_free(h->places[i]);
}

static void check(struct clustering *clustering, const struct snapshot *snapshot)
{
    struct clustering_held *held;
    struct clusterset_cell cell;
    assert_ok(clustering_enter(clustering, snapshot, &held));
    (void)clusterset_find(clustering_clusters(held), 0, 0, UINT64_MAX, &cell);
    assert_int_equal(cell.sum.count, placeset_count(snapshot->places));
    clustering_leave(clustering, held);
}

TEST(clusters_are_those_of_the_snapshot_also_of_an_older_one)
{
    struct history h;
    struct clustering *clustering;
    struct clustering_held *first, *again;
    history_make(&h);
    assert_ok(clustering_new(&clustering));
    for (size_t i = 0; i < SNAPSHOTS; i++) {
        check(clustering, &h.snapshots[i]);
        check(clustering, &h.snapshots[i / 2]);
    }
    assert_ok(clustering_enter(clustering, &h.snapshots[SNAPSHOTS - 1], &first));
    assert_ok(clustering_enter(clustering, &h.snapshots[SNAPSHOTS - 1], &again));
    assert_ptr_equal(first, again); /* made once */
    clustering_leave(clustering, first);
    clustering_leave(clustering, again);
    clustering_free(clustering);
    history_free(&h);
}

struct crowd {
    struct clustering *clustering;
    const struct history *history;
    uint64_t seed;
};

static void *look(void *argument)
{
    struct crowd *crowd = argument;
    uint64_t random = crowd->seed + (uint64_t)(uintptr_t)&random;
    for (unsigned i = 0; i < ROUNDS; i++) {
        size_t newest = i * SNAPSHOTS / ROUNDS; /* as time goes by */
        size_t age = random_below(&random, 3);
        check(crowd->clustering, &crowd->history->snapshots[newest > age ? newest - age : 0]);
    }
    return NULL;
}

TEST(many_threads_have_the_clusters_of_their_snapshots)
{
    struct history h;
    struct crowd crowd = {.history = &h, .seed = random_seed()};
    pthread_t threads[THREADS];
    history_make(&h);
    assert_ok(clustering_new(&crowd.clustering));
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look, &crowd), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    clustering_free(crowd.clustering);
    history_free(&h);
}

RUN(cmocka_unit_test(clusters_are_those_of_the_snapshot_also_of_an_older_one),
    cmocka_unit_test(many_threads_have_the_clusters_of_their_snapshots))
