#include "geo/road/reach_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_CORNERS = 1 << 19, PAD = 6 };
static const double least_cell_m = 25,
                    degree_m = 111700; /* no degree is longer, nor at the poles */
/* Distances in cells; see the header. 2.15 + 0.14 + 1.21 for the line, half a cell for moving it
 * and two for filling holes of less than twice that: six cells in all. */
static const double out = 2.15, further = 0.02, tolerance = 0.5, narrow = 4, margin = 6;
/* Keeps crossings off the corners, where lines would touch; likewise farther for every limit. */
static const double clearance = 0.01;

void reach_grid_fini(struct reach_grid *grid)
{
    free(grid->fields);
    free(grid->next);
    free(grid->starts);
    free(grid->row_min);
    free(grid->row_end);
    *grid = (struct reach_grid){0};
}

double reach_grid_margin_m(const struct reach_grid *grid)
{
    return grid->box.cell_m * margin;
}

double reach_grid_tolerance(void)
{
    return tolerance;
}

/* ---- where it lies ---- */

void reach_grid_plan(struct reach_box *box)
{
    const double metres_per_e7 = degree_m * 1e-7, degree = 3.14159265358979323846 / 180;
    double south = box->south_e7 * 1e-7, north = box->north_e7 * 1e-7;
    double lowest = south > 0 ? south : north < 0 ? -north : 0;
    double shrink = fmax(cos(lowest * degree), 1e-3);
    double width_m = ((double)box->east_e7 - box->west_e7) * metres_per_e7 * shrink;
    double height_m = ((double)box->north_e7 - box->south_e7) * metres_per_e7;
    box->cell_m = least_cell_m;
    while ((width_m / box->cell_m + 2 * PAD + 4) * (height_m / box->cell_m + 2 * PAD + 4) >
           MAX_CORNERS)
        box->cell_m *= 1.1;
    box->y_per_e7 = metres_per_e7 / box->cell_m;
    box->x_per_e7 = box->y_per_e7 * shrink;
    int64_t seam = (box->origin_e7 > 0 ? 1800000000LL : -1800000000LL) - box->origin_e7;
    double room_e7 = PAD / box->x_per_e7;
    bool cut = (double)seam > box->west_e7 - room_e7 && (double)seam < box->east_e7 + room_e7;
    box->sides = cut ? 2 : 1;
    box->seam_e7 = (int32_t)seam;
}

static uint32_t cells(double e7, double per_e7)
{
    return e7 > 0 ? (uint32_t)ceil(e7 * per_e7) : 0;
}

/* At a seam a column of corners lies on it, and what is behind that column is outside. */
static void place(struct reach_grid *g)
{
    const struct reach_box *b = &g->box;
    double seam_x = ((double)b->seam_e7 - b->west_e7) * b->x_per_e7;
    g->x0 = PAD;
    g->nx = cells((double)b->east_e7 - b->west_e7, b->x_per_e7) + 2 * PAD;
    g->ny = cells((double)b->north_e7 - b->south_e7, b->y_per_e7) + 2 * PAD;
    if (b->sides == 1) return;
    if (g->side == 0) {
        double columns = ceil(fmax(seam_x, 0) + PAD);
        g->x0 = columns - seam_x;
        g->nx = (uint32_t)columns + 2;
    } else {
        g->x0 = 1 - seam_x;
        g->nx = cells((double)b->east_e7 - b->seam_e7, b->x_per_e7) + 2 * PAD;
    }
}

enum err reach_grid_begin(struct reach_grid *grid, const struct reach_box *box, int side,
                          size_t limit_count)
{
    grid->box = *box;
    grid->side = side;
    grid->limit_count = limit_count;
    place(grid);
    size_t corners = (size_t)grid->nx * grid->ny, floats = corners * limit_count;
    if (grid->float_size < floats) {
        free(grid->fields);
        grid->fields = malloc(floats * sizeof *grid->fields);
        grid->float_size = grid->fields ? floats : 0;
        if (!grid->fields) return ERR_NOMEM;
    }
    if (grid->corner_size < corners) {
        free(grid->next);
        free(grid->starts);
        grid->next = malloc(2 * corners * sizeof *grid->next);
        grid->starts = malloc(2 * corners * sizeof *grid->starts);
        grid->corner_size = grid->next && grid->starts ? corners : 0;
        if (!grid->corner_size) return ERR_NOMEM;
    }
    if (grid->row_size < grid->ny) {
        free(grid->row_min);
        free(grid->row_end);
        grid->row_min = malloc(grid->ny * sizeof *grid->row_min);
        grid->row_end = malloc(grid->ny * sizeof *grid->row_end);
        grid->row_size = grid->row_min && grid->row_end ? grid->ny : 0;
        if (!grid->row_size) return ERR_NOMEM;
    }
    for (size_t i = 0; i < floats; i++)
        grid->fields[i] = INFINITY;
    for (uint32_t y = 0; y < grid->ny; y++) {
        grid->row_min[y] = grid->nx;
        grid->row_end[y] = 0;
    }
    return ERR_OK;
}

struct reach_point reach_grid_point(const struct reach_grid *grid, int32_t east_e7, int32_t lat_e7)
{
    const struct reach_box *b = &grid->box;
    return (struct reach_point){((double)east_e7 - b->west_e7) * b->x_per_e7 + grid->x0,
                                ((double)lat_e7 - b->south_e7) * b->y_per_e7 + PAD};
}

static struct coord_e7 coord_of(const struct reach_grid *g, struct reach_point p)
{
    const struct reach_box *b = &g->box;
    double lon = (double)b->origin_e7 + b->west_e7 + (p.x - g->x0) / b->x_per_e7;
    double lat = b->south_e7 + (p.y - PAD) / b->y_per_e7;
    if (b->sides == 2 && b->origin_e7 > 0 && g->side == 1) lon -= 3.6e9;
    if (b->sides == 2 && b->origin_e7 <= 0 && g->side == 0) lon += 3.6e9;
    return (struct coord_e7){(int32_t)lround(fmin(fmax(lon, -1.8e9), 1.8e9)),
                             (int32_t)lround(fmin(fmax(lat, -9e8), 9e8))};
}

/* ---- distances ---- */

/* Rows or columns that a piece from a to b comes nearer to than `reach` on one axis. */
static bool span(double a, double b, double reach, uint32_t count, uint32_t *first, uint32_t *end)
{
    double low = ceil(fmin(a, b) - reach), high = floor(fmax(a, b) + reach) + 1;
    if (high <= 0 || low >= count) return false;
    *first = low > 0 ? (uint32_t)low : 0;
    *end = high < count ? (uint32_t)high : count;
    return *first < *end;
}

static void short_line(struct reach_grid *g, float *field, struct reach_point a,
                       struct reach_point b)
{
    const double reach = out + further * REACH_RINGS_LIMITS + 1.01;
    uint32_t x_first, x_end, y_first, y_end;
    if (!span(a.x, b.x, reach, g->nx, &x_first, &x_end)) return;
    if (!span(a.y, b.y, reach, g->ny, &y_first, &y_end)) return;
    float dx = (float)(b.x - a.x), dy = (float)(b.y - a.y), square = dx * dx + dy * dy;
    float ux = square > 0 ? dx / square : 0, uy = square > 0 ? dy / square : 0;
    for (uint32_t y = y_first; y < y_end; y++) {
        float *row = field + (size_t)y * g->nx;
        float py = (float)(y - a.y), left = (float)(x_first - a.x);
        for (uint32_t x = x_first; x < x_end; x++) {
            float px = left + (float)(int32_t)(x - x_first);
            float t = px * ux + py * uy;
            t = t < 0 ? 0 : t > 1 ? 1 : t;
            float ex = px - t * dx, ey = py - t * dy, d = ex * ex + ey * ey;
            row[x] = d < row[x] ? d : row[x];
        }
        if (x_first < g->row_min[y]) g->row_min[y] = x_first;
        if (x_end > g->row_end[y]) g->row_end[y] = x_end;
    }
}

void reach_grid_line(struct reach_grid *grid, size_t limit, struct reach_point a,
                     struct reach_point b)
{
    float *field = grid->fields + limit * grid->nx * grid->ny;
    double length = hypot(b.x - a.x, b.y - a.y);
    int pieces = 1 + (int)(length / 8); /* a long slanting line's box is mostly empty */
    struct reach_point from = a;
    for (int i = 1; i <= pieces; i++) {
        double t = (double)i / pieces;
        struct reach_point to = {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t};
        short_line(grid, field, from, to);
        from = to;
    }
}

/* What is reached within a limit is reached within the next. */
static void unite(struct reach_grid *g)
{
    size_t corners = (size_t)g->nx * g->ny;
    for (size_t l = 1; l < g->limit_count; l++) {
        const float *inner = g->fields + (l - 1) * corners;
        float *outer = g->fields + l * corners;
        for (uint32_t y = 0; y < g->ny; y++)
            for (size_t i = (size_t)y * g->nx + g->row_min[y],
                        end = (size_t)y * g->nx + g->row_end[y];
                 i < end; i++)
                outer[i] = inner[i] < outer[i] ? inner[i] : outer[i];
    }
}

/* What lies behind the border, be it a seam, is outside. */
static void close_border(struct reach_grid *g)
{
    for (size_t row = 0; row < g->limit_count * g->ny; row++) {
        float *field = g->fields + row * g->nx;
        bool whole = row % g->ny == 0 || row % g->ny == g->ny - 1;
        for (uint32_t x = 0; x < g->nx; x += whole ? 1 : g->nx - 1)
            field[x] = INFINITY;
    }
}

/* ---- lines ---- */

/* Sides of cells are numbered by the corner at their lower left: twice its number, plus one for the
 * side that goes up. */
enum { BOTTOM, RIGHT, TOP, LEFT };

/* From which side to which the line leads that has the corners of `code` on its left; bits: lower
 * left, lower right, upper right, upper left. Two opposite corners have two lines. */
static const uint8_t lines[16][4] = {{0},
                                     {BOTTOM, LEFT},
                                     {RIGHT, BOTTOM},
                                     {RIGHT, LEFT},
                                     {TOP, RIGHT},
                                     {BOTTOM, LEFT, TOP, RIGHT},
                                     {TOP, BOTTOM},
                                     {TOP, LEFT},
                                     {LEFT, TOP},
                                     {BOTTOM, TOP},
                                     {RIGHT, BOTTOM, LEFT, TOP},
                                     {RIGHT, TOP},
                                     {LEFT, RIGHT},
                                     {BOTTOM, RIGHT},
                                     {LEFT, BOTTOM},
                                     {0}};

static uint32_t side_of(const struct reach_grid *g, uint32_t corner, unsigned side)
{
    switch (side) {
    case BOTTOM:
        return 2 * corner;
    case RIGHT:
        return 2 * (corner + 1) + 1;
    case TOP:
        return 2 * (corner + g->nx);
    default:
        return 2 * corner + 1;
    }
}

/* Where the line of a limit crosses a side. */
static struct coord_e7 crossing(const struct reach_grid *g, const float *field, size_t limit,
                                uint32_t side)
{
    uint32_t corner = side / 2, other = side & 1 ? corner + g->nx : corner + 1;
    uint32_t row = corner / g->nx;
    struct reach_point p = {corner % g->nx, row};
    double at = out + further * (double)limit;
    double a = sqrt((double)field[corner]), b = sqrt((double)field[other]);
    double low = clearance * (double)(limit + 1);
    double high = 1 - clearance * (double)(g->limit_count - limit);
    double edge = g->box.sides == 2 ? 0 : low; /* a seam lies on corners */
    double t;
    if (a <= at) /* from the corner inside: farther out for later limits */
        t = isinf(b) ? edge : fmin(fmax((at - a) / (b - a), low), high);
    else
        t = 1 - (isinf(a) ? edge : fmin(fmax((at - b) / (a - b), low), high));
    if (side & 1)
        p.y += t;
    else
        p.x += t;
    return coord_of(g, p);
}

/* Links the sides that the line of a limit crosses; how many it crosses. */
static size_t link_sides(struct reach_grid *g, const float *field, size_t limit)
{
    const double at = out + further * (double)limit;
    const float square = (float)(at * at);
    size_t count = 0;
    for (uint32_t y = 0; y + 1 < g->ny; y++) {
        uint32_t first = g->row_min[y] < g->row_min[y + 1] ? g->row_min[y] : g->row_min[y + 1];
        uint32_t end = g->row_end[y] > g->row_end[y + 1] ? g->row_end[y] : g->row_end[y + 1];
        if (first >= end) continue;
        first -= first > 0;
        end = end < g->nx ? end : g->nx - 1;
        const float *low = field + (size_t)y * g->nx, *high = low + g->nx;
        unsigned left = (unsigned)(low[first] <= square) | (unsigned)(high[first] <= square) << 3;
        for (uint32_t x = first; x < end; x++) {
            unsigned l = low[x + 1] <= square, h = high[x + 1] <= square;
            unsigned code = left | l << 1 | h << 2;
            left = l | h << 3;
            if (code == 0 || code == 15) continue;
            uint32_t corner = y * g->nx + x;
            for (unsigned k = 0; k < (code == 5 || code == 10 ? 4u : 2u); k += 2) {
                uint32_t from = side_of(g, corner, lines[code][k]);
                g->next[from] = side_of(g, corner, lines[code][k + 1]);
                g->starts[count++] = from;
            }
        }
    }
    return count;
}

enum err reach_grid_trace(struct reach_grid *grid, struct reach_rings *rings)
{
    unite(grid);
    close_border(grid);
    enum err e = ERR_OK;
    for (size_t limit = 0; limit < grid->limit_count && !e; limit++) {
        const float *field = grid->fields + limit * grid->nx * grid->ny;
        size_t count = link_sides(grid, field, limit);
        for (size_t i = 0; i < count && !e; i++) {
            uint32_t side = grid->starts[i];
            if (grid->next[side] == UINT32_MAX) continue; /* on a ring that is done */
            e = reach_rings_begin(rings, limit);
            while (!e && grid->next[side] != UINT32_MAX) {
                uint32_t next = grid->next[side];
                grid->next[side] = UINT32_MAX;
                e = reach_rings_point(rings, crossing(grid, field, limit, side));
                side = next;
            }
            if (!e) reach_rings_end(rings, narrow);
        }
    }
    return e;
}
