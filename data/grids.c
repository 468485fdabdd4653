#include "data/grids.h"

#include "data/changes.h"
#include "geo/base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 12, PART_CELLS = 65536 };

bool grids_name_ok(const char *name)
{
    static const char *const taken[] = {"surface", "reports", "streets"};
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (len == 0 || len >= GRIDSET_NAME_SIZE || name[len] || name[0] < 'a' || name[0] > 'z')
        return false;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0) return false;
    return true;
}

/* ---- going in ---- */

static void put_u32(unsigned char *to, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(value >> (8 * i));
}

static uint32_t get_u32(const unsigned char *from)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++)
        value |= (uint32_t)from[i] << (8 * i);
    return value;
}

static void pack(const struct gridset_cell *cell, unsigned char bytes[CELL_BYTES])
{
    uint32_t weight;
    memcpy(&weight, &cell->weight, sizeof weight);
    put_u32(bytes, (uint32_t)cell->at.lon_e7);
    put_u32(bytes + 4, (uint32_t)cell->at.lat_e7);
    put_u32(bytes + 8, weight);
}

static bool unpack(const unsigned char bytes[CELL_BYTES], struct gridset_cell *cell)
{
    uint32_t weight = get_u32(bytes + 8);
    cell->at = (struct coord_e7){(int32_t)get_u32(bytes), (int32_t)get_u32(bytes + 4)};
    memcpy(&cell->weight, &weight, sizeof weight);
    return coord_valid(coord_from_e7(cell->at)) && isfinite(cell->weight) && cell->weight >= 0;
}

/* The grid of a name, and what the others amount to. */
static enum err look(struct db *db, const char *name, int64_t *id, int64_t *others, int64_t *cells)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db,
                            "SELECT coalesce(sum(CASE WHEN name = :name THEN id END), 0), "
                            "coalesce(sum(name <> :name), 0), "
                            "coalesce(sum(CASE WHEN name <> :name THEN cells END), 0) FROM grids",
                            &q);
    if (e) return e;
    db_bind_text(q, ":name", name);
    if (!(e = db_step(q, &row))) {
        *id = db_int(q, 0);
        *others = db_int(q, 1);
        *cells = db_int(q, 2);
    }
    db_done(q);
    return e;
}

static enum err run_with_id(struct db *db, const char *sql, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

static enum err drop(struct db *db, int64_t id)
{
    enum err e = run_with_id(db, "DELETE FROM grid_parts WHERE grid_id = :id", id);
    return e ? e : run_with_id(db, "DELETE FROM grids WHERE id = :id", id);
}

static enum err insert_grid(struct db *db, const struct grids_new *grid)
{
    struct db_query *q;
    double total = 0;
    enum err e = db_prepare(db,
                            "INSERT INTO grids (name, file, cells, total, created_ms) VALUES "
                            "(:name, :file, :cells, :total, :now)",
                            &q);
    if (e) return e;
    for (size_t i = 0; i < grid->count; i++)
        total += (double)grid->cells[i].weight;
    db_bind_text(q, ":name", grid->name);
    db_bind_text(q, ":file", grid->file);
    db_bind_int(q, ":cells", (int64_t)grid->count);
    db_bind_real(q, ":total", total);
    db_bind_int(q, ":now", clock_utc_ms());
    return db_run(q, NULL);
}

static enum err insert_part(struct db *db, int64_t id, int64_t part, const unsigned char *bytes,
                            size_t len)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "INSERT INTO grid_parts (grid_id, part, cells) VALUES (:grid, :part, :cells)", &q);
    if (e) return e;
    db_bind_int(q, ":grid", id);
    db_bind_int(q, ":part", part);
    db_bind_blob(q, ":cells", bytes, len);
    return db_run(q, NULL);
}

static enum err insert_parts(struct db *db, int64_t id, const struct grids_new *grid)
{
    unsigned char *bytes = malloc((size_t)PART_CELLS * CELL_BYTES);
    enum err e = bytes ? ERR_OK : ERR_NOMEM;
    for (size_t first = 0; first < grid->count && !e; first += PART_CELLS) {
        size_t left = grid->count - first, n = left < PART_CELLS ? left : PART_CELLS;
        for (size_t i = 0; i < n; i++)
            pack(&grid->cells[first + i], bytes + i * CELL_BYTES);
        e = insert_part(db, id, (int64_t)(first / PART_CELLS), bytes, n * CELL_BYTES);
    }
    free(bytes);
    return e;
}

enum err grids_put(struct db *db, const struct grids_new *grid, bool *replaced, struct why *why)
{
    int64_t before = 0, others = 0, cells = 0;
    enum err e = look(db, grid->name, &before, &others, &cells);
    if (e) return e;
    if (!before && others >= GRIDS_MAX)
        return err_say(why, ERR_LIMIT,
                       "there are %d grids already: remove one (yizhan grid remove NAME)",
                       GRIDS_MAX);
    if (grid->count > GRIDS_CELLS_MAX || cells + (int64_t)grid->count > GRIDS_ALL_CELLS_MAX)
        return err_say(why, ERR_LIMIT,
                       "%zu cells are too many: a grid may have %d, all together %d (the others "
                       "have %lld); cut it to your area, make it coarser, or remove another",
                       grid->count, GRIDS_CELLS_MAX, GRIDS_ALL_CELLS_MAX, (long long)cells);
    if (before) e = drop(db, before);
    if (!e) e = insert_grid(db, grid);
    int64_t id = db_last_id(db);
    if (!e) e = insert_parts(db, id, grid);
    if (!e) e = changes_add(db, CHANGES_grids, id, "imported");
    if (!e) *replaced = before != 0;
    return e;
}

enum err grids_remove(struct db *db, const char *name)
{
    int64_t id = 0, others, cells;
    enum err e = look(db, name, &id, &others, &cells);
    if (!e && !id) e = ERR_NOTFOUND;
    if (!e) e = drop(db, id);
    return e ? e : changes_add(db, CHANGES_grids, id, "removed");
}

/* ---- coming out ---- */

enum err grids_list(struct db *db, void (*each)(void *user, const struct grids_listed *grid),
                    void *user)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT name, file, cells, total, created_ms FROM grids ORDER BY name", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row)
        each(user, &(struct grids_listed){db_text(q, 0), db_text(q, 1), (uint64_t)db_int(q, 2),
                                          db_real(q, 3), db_int(q, 4)});
    db_done(q);
    return e;
}

struct loading {
    struct gridset *set;
    struct why *why;
};

static enum err read_part(struct db_query *q, struct gridset_cell *cells, size_t room, size_t *n)
{
    size_t len;
    const unsigned char *bytes = db_blob(q, 0, &len);
    if (len % CELL_BYTES || len / CELL_BYTES > room - *n) return ERR_FORMAT;
    for (size_t i = 0; i < len; i += CELL_BYTES)
        if (!unpack(bytes + i, &cells[(*n)++])) return ERR_FORMAT;
    return ERR_OK;
}

static enum err load_cells(struct db *db, int64_t id, struct gridset_cell *cells, size_t count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e =
        db_prepare(db, "SELECT cells FROM grid_parts WHERE grid_id = :id ORDER BY part", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    while (!(e = db_step(q, &row)) && row && !(e = read_part(q, cells, count, &n)))
        continue;
    db_done(q);
    return !e && n != count ? ERR_FORMAT : e;
}

static enum err load_grid(struct db *db, struct loading *l, int64_t id, const char *name,
                          int64_t count)
{
    if (count < 1 || count > GRIDS_CELLS_MAX || strlen(name) >= GRIDSET_NAME_SIZE)
        return ERR_FORMAT;
    struct gridset_cell *cells = malloc((size_t)count * sizeof *cells);
    if (!cells) return ERR_NOMEM;
    enum err e = load_cells(db, id, cells, (size_t)count);
    if (!e) return gridset_add(l->set, name, cells, (size_t)count);
    free(cells);
    return e;
}

static enum err load_all(struct db *db, void *user)
{
    struct loading *l = user;
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT id, name, cells FROM grids ORDER BY name", &q);
    if (e) return e;
    while (!(e = db_step(q, &row)) && row) {
        e = load_grid(db, l, db_int(q, 0), db_text(q, 1), db_int(q, 2));
        if (e == ERR_FORMAT)
            (void)err_say(l->why, e, "the grid \"%.40s\" is damaged: import it anew",
                          db_text(q, 1));
        if (e) break;
    }
    db_done(q);
    return e;
}

enum err grids_load(struct db *db, struct gridset **set, struct why *why)
{
    struct loading l = {.why = why};
    enum err e = gridset_new(&l.set);
    if (!e) e = db_read(db, load_all, &l);
    if (!e)
        *set = l.set;
    else
        gridset_free(l.set);
    return e;
}
