#include "geo/space/china.h"

#include <math.h>

static const struct box rectangle = {72.004, 0.8293, 137.8347, 55.8271};
static const double fade_deg = 0.02;

static const double pi = 3.141592653589793;

/* Krasovsky 1940, on which the shift was fitted. */
static const double krasovsky_a = 6378245, krasovsky_e2 = 0.00669342162296594323;

/* Fixed points move by at most 0.6 of the last step (in the fading strip; elsewhere 0.005), so
 * these rounds are enough for the stride from anywhere; four are usual. */
enum { MAX_ROUNDS = 80 };
static const double still_deg = 1e-12;

bool china_covers(struct coord wgs84)
{
    return box_contains(rectangle, wgs84);
}

/* 1 within, falling to 0 at the edges of the rectangle and beyond. */
static double fade(struct coord c)
{
    double inside = fmin(fmin(c.lon - rectangle.min_lon, rectangle.max_lon - c.lon),
                         fmin(c.lat - rectangle.min_lat, rectangle.max_lat - c.lat));
    return fmax(0, fmin(1, inside / fade_deg));
}

/* Four waves along one axis, in metres; the two longest differ from axis to axis. */
static double ripple(double v, double long_wave, double amplitude_a, double amplitude_b)
{
    return (20 * sin(v * pi) + 40 * sin(v / 3 * pi) + amplitude_a * sin(v / 12 * pi) +
            amplitude_b * sin(v / long_wave * pi)) *
           2 / 3;
}

static struct coord gcj02_offset(struct coord c)
{
    double x = c.lon - 105, y = c.lat - 35;
    double common = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3;
    double north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) +
                     common + ripple(y, 30, 160, 320);
    double east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) + common +
                    ripple(x, 30, 150, 300);
    double lat = c.lat / 180 * pi, sine = sin(lat);
    double w2 = 1 - krasovsky_e2 * sine * sine, w = sqrt(w2);
    return (struct coord){east_m * 180 / (krasovsky_a / w * cos(lat) * pi),
                          north_m * 180 / (krasovsky_a * (1 - krasovsky_e2) / (w2 * w) * pi)};
}

static struct coord bd09_offset(struct coord c)
{
    const double wave = pi * 3000 / 180;
    double r = sqrt(c.lon * c.lon + c.lat * c.lat) + 0.00002 * sin(c.lat * wave);
    double angle = atan2(c.lat, c.lon) + 0.000003 * cos(c.lon * wave);
    return (struct coord){r * cos(angle) + 0.0065 - c.lon, r * sin(angle) + 0.006 - c.lat};
}

static struct coord shift(struct coord c, struct coord (*offset)(struct coord c))
{
    double share = fade(c);
    if (share <= 0) return c;
    struct coord by = offset(c);
    return (struct coord){c.lon + share * by.lon, c.lat + share * by.lat};
}

/* The point whose shifted image is `image`: x = image - offset(x), iterated. */
static struct coord shift_back(struct coord image, struct coord (*offset)(struct coord c))
{
    struct coord at = image;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        struct coord got = shift(at, offset);
        double east = image.lon - got.lon, north = image.lat - got.lat;
        at = (struct coord){at.lon + east, at.lat + north};
        if (fabs(east) < still_deg && fabs(north) < still_deg) break;
    }
    return at;
}

struct coord china_gcj02_from_wgs84(struct coord wgs84)
{
    return shift(wgs84, gcj02_offset);
}

struct coord china_wgs84_from_gcj02(struct coord gcj02)
{
    return shift_back(gcj02, gcj02_offset);
}

struct coord china_bd09_from_gcj02(struct coord gcj02)
{
    return shift(gcj02, bd09_offset);
}

struct coord china_gcj02_from_bd09(struct coord bd09)
{
    return shift_back(bd09, bd09_offset);
}
