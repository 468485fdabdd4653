/* A random drawing, for tests that hold the fast against the plain. */
#ifndef YZ_TESTS_ROAD_CITY_H
#define YZ_TESTS_ROAD_CITY_H

#include "tests/road_drawing.h"

/* A crooked grid with oneways, closures, signals and restrictions strewn over it. */
static inline struct drawing city_make(uint64_t *seed)
{
    static const char *const roads[] = {
        "highway=residential",
        "highway=residential oneway=yes",
        "highway=primary",
        "highway=footway",
        "highway=service access=private",
        "highway=tertiary oneway=-1 cycleway=opposite_lane",
        "highway=trunk",
        "route=ferry",
        "highway=steps",
        "highway=residential access=destination",
    };
    static char text[80][96];
    static const char *facts[81];
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghij"; /* 6 x 6 */
    char picture[512];
    size_t len = 0, count = 0;
    for (size_t row = 0; row < 6; row++) {
        for (size_t column = 0; column < 6; column++) {
            uint32_t gap = 1 + random_below(seed, 4);
            for (uint32_t g = 0; g < gap; g++)
                picture[len++] = ' ';
            picture[len++] = letters[row * 6 + column];
        }
        picture[len++] = '\n';
    }
    picture[len] = '\0';
    for (size_t i = 0; i < 36; i++) {
        const char *road = roads[random_below(seed, 10)];
        if (i % 6 < 5 && count < 50)
            (void)snprintf(text[count++], sizeof text[0], "way %c%c %s", letters[i], letters[i + 1],
                           road);
        road = roads[random_below(seed, 10)];
        if (i < 30 && count < 62)
            (void)snprintf(text[count++], sizeof text[0], "way %c%c %s", letters[i], letters[i + 6],
                           road);
    }
    for (size_t i = 0; i < 8; i++) {
        size_t x = 7 + random_below(seed, 4) + 6 * random_below(seed, 4);
        static const char *const words[] = {"no_left_turn", "only_right_turn", "no_u_turn"};
        if (i < 4)
            (void)snprintf(text[count++], sizeof text[0], "limit %s %c%c %c %c%c",
                           words[random_below(seed, 2)], letters[x - 1], letters[x], letters[x],
                           letters[x], letters[x + 6]);
        else
            (void)snprintf(text[count++], sizeof text[0], "limit no_u_turn %c%c %c%c %c%c",
                           letters[x - 1], letters[x], letters[x], letters[x + 6], letters[x + 5],
                           letters[x + 6]);
    }
    (void)snprintf(text[count++], sizeof text[0], "node %c highway=traffic_signals",
                   letters[random_below(seed, 36)]);
    (void)snprintf(text[count++], sizeof text[0], "node %c barrier=bollard",
                   letters[random_below(seed, 36)]);
    for (size_t i = 0; i < count; i++)
        facts[i] = text[i];
    facts[count] = NULL;
    return drawing_make(picture, facts);
}

#endif
