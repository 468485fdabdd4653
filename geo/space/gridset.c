#include "geo/space/gridset.h"

#include <stdlib.h>
#include <string.h>

struct gridset {
    struct gridset_grid *grids;
    size_t count;
};

enum err gridset_new(struct gridset **set)
{
    struct gridset *made = calloc(1, sizeof *made);
    if (!made) return ERR_NOMEM;
    *set = made;
    return ERR_OK;
}

void gridset_free(struct gridset *set)
{
    if (!set) return;
    for (size_t i = 0; i < set->count; i++)
        free(set->grids[i].cells);
    free(set->grids);
    free(set);
}

static int compare(const void *a, const void *b)
{
    const struct gridset_cell *x = a, *y = b;
    if (x->at.lat_e7 != y->at.lat_e7) return x->at.lat_e7 < y->at.lat_e7 ? -1 : 1;
    return (x->at.lon_e7 > y->at.lon_e7) - (x->at.lon_e7 < y->at.lon_e7);
}

enum err gridset_add(struct gridset *set, const char *name, struct gridset_cell *cells,
                     size_t count)
{
    struct gridset_grid *more = reallocarray(set->grids, set->count + 1, sizeof *more);
    if (!more) {
        free(cells);
        return ERR_NOMEM;
    }
    set->grids = more;
    struct gridset_grid *grid = &set->grids[set->count++];
    *grid = (struct gridset_grid){.cells = cells, .count = count};
    (void)strncpy(grid->name, name, sizeof grid->name - 1);
    if (count) qsort(cells, count, sizeof *cells, compare);
    for (size_t i = 0; i < count; i++)
        grid->total += (double)cells[i].weight;
    return ERR_OK;
}

size_t gridset_count(const struct gridset *set)
{
    return set->count;
}

const struct gridset_grid *gridset_at(const struct gridset *set, size_t i)
{
    return &set->grids[i];
}

const struct gridset_grid *gridset_find(const struct gridset *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->grids[i].name, name) == 0) return &set->grids[i];
    return NULL;
}

/* The first cell that is not south of a latitude. */
static size_t first_from(const struct gridset_grid *grid, int32_t lat_e7)
{
    size_t low = 0, high = grid->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (grid->cells[middle].at.lat_e7 < lat_e7)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void gridset_search(const struct gridset_grid *grid, struct box box,
                    bool (*visit)(void *user, const struct gridset_cell *cell), void *user)
{
    struct box_e7 outer = box_to_e7(box);
    for (size_t i = first_from(grid, outer.min_lat);
         i < grid->count && grid->cells[i].at.lat_e7 <= outer.max_lat; i++)
        if (box_contains(box, coord_from_e7(grid->cells[i].at)) && !visit(user, &grid->cells[i]))
            return;
}
