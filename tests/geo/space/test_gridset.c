#include "tests/check.h"

#include "geo/space/gridset.h"

#include <math.h>

struct seen {
    size_t count, most;
    double sum;
};

static bool see(void *user, const struct gridset_cell *cell)
{
    struct seen *seen = user;
    seen->count++;
    seen->sum += (double)cell->weight;
    return seen->count < seen->most;
}

static struct gridset_cell *cells_made(size_t count, uint64_t *seed)
{
    struct gridset_cell *cells = calloc(count + 1, sizeof *cells);
    assert_non_null(cells);
    for (size_t i = 0; i < count; i++)
        cells[i] = (struct gridset_cell){
            coord_to_e7((struct coord){116 + random_unit(seed), 39 + random_unit(seed)}),
            (float)random_below(seed, 100)};
    return cells;
}

TEST(a_box_finds_what_looking_at_every_cell_finds)
{
    enum { COUNT = 3000 };
    uint64_t seed = random_seed();
    struct gridset *set;
    assert_ok(gridset_new(&set));
    assert_ok(gridset_add(set, "people", cells_made(COUNT, &seed), COUNT));
    const struct gridset_grid *grid = gridset_find(set, "people");
    assert_non_null(grid);
    for (int i = 0; i < 300; i++) {
        struct box box = {116 + random_unit(&seed), 39 + random_unit(&seed), 0, 0};
        box.max_lon = box.min_lon + 0.5 * random_unit(&seed);
        box.max_lat = box.min_lat + 0.5 * random_unit(&seed);
        if (i % 10 == 0) { /* a cell on the very corner */
            struct coord at = coord_from_e7(grid->cells[random_below(&seed, COUNT)].at);
            box.min_lon = at.lon;
            box.max_lat = at.lat;
            box.min_lat = fmin(box.min_lat, at.lat);
            box.max_lon = fmax(box.max_lon, at.lon);
        }
        struct seen seen = {.most = SIZE_MAX};
        size_t expected = 0;
        for (size_t k = 0; k < grid->count; k++)
            expected += box_contains(box, coord_from_e7(grid->cells[k].at));
        gridset_search(grid, box, see, &seen);
        assert_int_equal(seen.count, expected);
    }
    gridset_free(set);
}

TEST(a_search_stops_when_it_is_told_and_an_empty_grid_has_nothing)
{
    uint64_t seed = random_seed();
    struct gridset *set;
    struct seen seen = {.most = 3};
    const struct box all = {-180, -90, 180, 90};
    assert_ok(gridset_new(&set));
    assert_int_equal(gridset_count(set), 0);
    assert_null(gridset_find(set, "people"));
    assert_ok(gridset_add(set, "people", cells_made(50, &seed), 50));
    assert_ok(gridset_add(set, "none", cells_made(0, &seed), 0));
    gridset_search(gridset_find(set, "people"), all, see, &seen);
    assert_int_equal(seen.count, 3);
    seen = (struct seen){.most = SIZE_MAX};
    gridset_search(gridset_find(set, "people"), all, see, &seen);
    assert_int_equal(seen.count, 50);
    assert_true(seen.sum == gridset_find(set, "people")->total);
    seen = (struct seen){.most = SIZE_MAX};
    gridset_search(gridset_at(set, 1), all, see, &seen);
    assert_int_equal(seen.count, 0);
    gridset_free(set);
    gridset_free(NULL);
}

RUN(cmocka_unit_test(a_box_finds_what_looking_at_every_cell_finds),
    cmocka_unit_test(a_search_stops_when_it_is_told_and_an_empty_grid_has_nothing))
