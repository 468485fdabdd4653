#include "data/photo_look.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE = PHOTO_LOOK_SIDE, LOW = 8, BITS = LOW * LOW };
static const double pi = 3.14159265358979323846;

/* Rows 1 to 8 of the orthonormal DCT-II; row 0 is the brightness, which does not count. */
static void fill_matrix(double matrix[LOW][SIDE])
{
    for (int u = 0; u < LOW; u++)
        for (int x = 0; x < SIDE; x++)
            matrix[u][x] = sqrt(2.0 / SIDE) * cos(pi * (2 * x + 1) * (u + 1) / (2.0 * SIDE));
}

static void transform(const unsigned char *grey, double low[BITS])
{
    double matrix[LOW][SIDE], rows[SIDE][LOW];
    fill_matrix(matrix);
    for (int y = 0; y < SIDE; y++)
        for (int u = 0; u < LOW; u++) {
            double sum = 0;
            for (int x = 0; x < SIDE; x++)
                sum += matrix[u][x] * grey[y * SIDE + x];
            rows[y][u] = sum;
        }
    for (int v = 0; v < LOW; v++)
        for (int u = 0; u < LOW; u++) {
            double sum = 0;
            for (int y = 0; y < SIDE; y++)
                sum += matrix[v][y] * rows[y][u];
            low[v * LOW + u] = sum;
        }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

bool photo_look_of(const unsigned char grey[PHOTO_LOOK_SIDE * PHOTO_LOOK_SIDE], uint64_t *look)
{
    const double even = 2; /* levels of grey, root mean square */
    double low[BITS], sorted[BITS], power = 0;
    uint64_t bits = 0;
    transform(grey, low);
    for (int i = 0; i < BITS; i++)
        power += low[i] * low[i];
    if (power < BITS * even * even) return false;
    memcpy(sorted, low, sizeof low);
    qsort(sorted, BITS, sizeof *sorted, by_value);
    double median = (sorted[BITS / 2 - 1] + sorted[BITS / 2]) / 2;
    for (int i = 0; i < BITS; i++)
        bits |= (uint64_t)(low[i] > median) << i;
    *look = bits;
    return true;
}

unsigned photo_look_apart(uint64_t a, uint64_t b)
{
    return (unsigned)__builtin_popcountll(a ^ b);
}
