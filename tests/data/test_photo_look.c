#include "tests/check.h"

#include "data/photo_look.h"

#include <math.h>
#include <stdlib.h>

enum { SIDE = PHOTO_LOOK_SIDE, SIZE = SIDE * SIDE };

static int column(int i)
{
    return i % SIDE;
}

static int row(int i)
{
    return i / SIDE;
}

/* Some soft blobs of light. */
static void paint(unsigned char grey[SIZE], unsigned seed)
{
    double sum[SIZE] = {0};
    for (int blob = 0; blob < 6; blob++) {
        double cx = rand_r(&seed) % SIDE, cy = rand_r(&seed) % SIDE, r = 3 + rand_r(&seed) % 6;
        for (int i = 0; i < SIZE; i++)
            sum[i] += 120 * exp(-(pow(column(i) - cx, 2) + pow(row(i) - cy, 2)) / (2 * r * r));
    }
    for (int i = 0; i < SIZE; i++)
        grey[i] = (unsigned char)fmin(sum[i], 255);
}

/* The definition, term by term. */
static uint64_t plain(const unsigned char grey[SIZE])
{
    double low[64], sorted[64];
    uint64_t bits = 0;
    for (int k = 0; k < 64; k++) {
        double sum = 0;
        int line = k / 8;
        for (int i = 0; i < SIZE; i++)
            sum += grey[i] * cos(M_PI * (2 * column(i) + 1) * (k % 8 + 1) / 64) *
                   cos(M_PI * (2 * row(i) + 1) * (line + 1) / 64);
        sorted[k] = low[k] = sum;
    }
    for (int i = 1; i < 64; i++)
        for (int j = i; j > 0 && sorted[j] < sorted[j - 1]; j--) {
            double keep = sorted[j];
            sorted[j] = sorted[j - 1];
            sorted[j - 1] = keep;
        }
    for (int k = 0; k < 64; k++)
        bits |= (uint64_t)(low[k] > (sorted[31] + sorted[32]) / 2) << k;
    return bits;
}

TEST(the_hash_is_that_of_its_definition)
{
    for (unsigned seed = 1; seed <= 20; seed++) {
        unsigned char grey[SIZE];
        uint64_t look = 0;
        paint(grey, seed);
        assert_true(photo_look_of(grey, &look));
        assert_true(look == plain(grey));
    }
}

TEST(brighter_and_noisier_looks_the_same_and_another_picture_does_not)
{
    unsigned worst = 0, least = 64, seed = 7;
    for (unsigned n = 1; n <= 50; n++) {
        unsigned char grey[SIZE], changed[SIZE], other[SIZE];
        uint64_t a = 0, b = 0, c = 0;
        paint(grey, n);
        paint(other, n + 1000);
        for (int i = 0; i < SIZE; i++)
            changed[i] = (unsigned char)fmin(255, grey[i] * 0.9 + 8 + rand_r(&seed) % 3);
        assert_true(photo_look_of(grey, &a) && photo_look_of(changed, &b) &&
                    photo_look_of(other, &c));
        if (photo_look_apart(a, b) > worst) worst = photo_look_apart(a, b);
        if (photo_look_apart(a, c) < least) least = photo_look_apart(a, c);
    }
    printf("the same: at most %u bits apart; others: at least %u\n", worst, least);
    assert_true(worst <= 6 && least > 10);
}

TEST(one_colour_all_over_looks_like_nothing)
{
    unsigned char grey[SIZE];
    uint64_t look = 42;
    for (int i = 0; i < SIZE; i++)
        grey[i] = (unsigned char)(100 + i % 2);
    assert_false(photo_look_of(grey, &look));
    assert_true(look == 42);
}

RUN(cmocka_unit_test(the_hash_is_that_of_its_definition),
    cmocka_unit_test(brighter_and_noisier_looks_the_same_and_another_picture_does_not),
    cmocka_unit_test(one_colour_all_over_looks_like_nothing))
