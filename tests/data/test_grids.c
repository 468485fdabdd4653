#include "tests/data/store.h"

#include "data/changes.h"
#include "data/grids.h"

#include <math.h>

struct putting {
    struct grids_new grid;
    bool replaced;
    struct why why;
};

static enum err put(struct db *db, void *user)
{
    struct putting *p = user;
    return grids_put(db, &p->grid, &p->replaced, &p->why);
}

static enum err take_away(struct db *db, void *user)
{
    return grids_remove(db, user);
}

static struct gridset_cell *cells_made(size_t count, uint64_t *seed)
{
    struct gridset_cell *cells = calloc(count + 1, sizeof *cells);
    assert_non_null(cells);
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct gridset_cell){coord_to_e7((struct coord){360 * random_unit(seed) - 180,
                                                                    180 * random_unit(seed) - 90}),
                                         (float)(random_unit(seed) * 1000)};
    return cells;
}

static void note(void *user, const struct grids_listed *grid)
{
    struct grids_listed *last = user;
    last->cells = grid->cells;
    last->total += grid->total;
    last->created_ms++;
}

TEST(a_grid_comes_back_as_it_went_in_and_is_replaced_as_a_whole)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    struct gridset *set;
    struct why why = {""};
    int64_t before, last;
    unsigned topics = 0;
    assert_ok(changes_last(s.db, &before));
    for (int round = 0; round < 2; round++) {
        size_t count = round ? 3 : 150000; /* several parts; then one */
        struct gridset_cell *cells = cells_made(count, &seed);
        struct putting p = {.grid = {"population", "a/b.csv", cells, count}};
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += (double)cells[i].weight;
        assert_ok(db_write(s.db, put, &p));
        assert_int_equal(p.replaced, round);
        assert_ok(grids_load(s.db, &set, &why));
        assert_int_equal(gridset_count(set), 1);
        const struct gridset_grid *grid = gridset_find(set, "population");
        assert_int_equal(grid->count, count);
        assert_true(fabs(grid->total - sum) < 1e-6 * sum);
        for (size_t i = 1; i < count; i++)
            assert_true(grid->cells[i - 1].at.lat_e7 <= grid->cells[i].at.lat_e7);
        gridset_free(set);
        free(cells);
    }
    assert_ok(changes_since(s.db, before, &topics, &last));
    assert_int_equal(topics, 1u << CHANGES_grids);
    struct grids_listed listed = {0};
    assert_ok(grids_list(s.db, note, &listed));
    assert_int_equal(listed.created_ms, 1);
    assert_int_equal(listed.cells, 3);
    store_close(&s);
}

TEST(a_grid_is_taken_away_and_cannot_be_twice)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    struct gridset *set;
    struct why why = {""};
    struct gridset_cell *cells = cells_made(10, &seed);
    struct putting p = {.grid = {"orders", "orders.tif", cells, 10}};
    char name[] = "orders";
    assert_ok(db_write(s.db, put, &p));
    assert_ok(db_write(s.db, take_away, name));
    assert_err(db_write(s.db, take_away, name), ERR_NOTFOUND);
    assert_ok(grids_load(s.db, &set, &why));
    assert_int_equal(gridset_count(set), 0);
    gridset_free(set);
    free(cells);
    store_close(&s);
}

TEST(there_are_only_so_many_grids_and_cells)
{
    uint64_t seed = random_seed();
    struct store s = store_fresh();
    struct gridset_cell *cells = cells_made(GRIDS_CELLS_MAX + 1, &seed);
    struct putting p = {.grid = {"big", "", cells, GRIDS_CELLS_MAX + 1}};
    assert_err(db_write(s.db, put, &p), ERR_LIMIT);
    assert_true(strlen(p.why.text) > 20);
    p.grid.count = GRIDS_CELLS_MAX;
    assert_ok(db_write(s.db, put, &p));
    p.grid.name = "large";
    assert_ok(db_write(s.db, put, &p));
    p.grid = (struct grids_new){"small", "", cells, 1};
    assert_err(db_write(s.db, put, &p), ERR_LIMIT);
    p.grid.name = "big"; /* in the place of another there is room */
    assert_ok(db_write(s.db, put, &p));
    for (int i = 0; i < GRIDS_MAX - 2; i++) {
        char name[24];
        (void)snprintf(name, sizeof name, "grid_%d", i);
        p.grid.name = name;
        assert_ok(db_write(s.db, put, &p));
    }
    p.grid.name = "one_more";
    assert_err(db_write(s.db, put, &p), ERR_LIMIT);
    assert_non_null(strstr(p.why.text, "remove one (yizhan grid remove NAME)"));
    free(cells);
    store_close(&s);
}

TEST(names_are_words_that_mean_nothing_else)
{
    static const char *const good[] = {"population", "orders_2026", "a"};
    static const char *const bad[] = {
        "",        "surface", "reports",
        "streets", "Orders",  "2026",
        "a-b",     "人口",    "abcdefghijklmnopqrstuvwxyzabcdefghijklmno"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(grids_name_ok(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(grids_name_ok(bad[i]));
}

TEST(cells_that_nobody_here_wrote_are_refused)
{
    static const char *const damage[] = {
        "UPDATE grid_parts SET cells = zeroblob(24)",                /* more than the grid says */
        "UPDATE grid_parts SET cells = x'FFFFFF7F0000000000000000'", /* outside the world */
        "UPDATE grid_parts SET cells = x'00000000000000000000C07F'", /* not a number */
        "UPDATE grid_parts SET cells = x'000000000000000000008080'", /* less than nothing */
        "DELETE FROM grid_parts"};
    uint64_t seed = random_seed();
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        struct store s = store_fresh();
        struct gridset_cell *cells = cells_made(1, &seed);
        struct putting p = {.grid = {"orders", "", cells, 1}};
        struct gridset *set = NULL;
        struct why why = {""};
        assert_ok(db_write(s.db, put, &p));
        assert_ok(db_exec(s.db, damage[i]));
        assert_err(grids_load(s.db, &set, &why), ERR_FORMAT);
        assert_null(set);
        assert_non_null(strstr(why.text, "orders"));
        free(cells);
        store_close(&s);
    }
}

RUN(cmocka_unit_test(a_grid_comes_back_as_it_went_in_and_is_replaced_as_a_whole),
    cmocka_unit_test(a_grid_is_taken_away_and_cannot_be_twice),
    cmocka_unit_test(there_are_only_so_many_grids_and_cells),
    cmocka_unit_test(names_are_words_that_mean_nothing_else),
    cmocka_unit_test(cells_that_nobody_here_wrote_are_refused))
