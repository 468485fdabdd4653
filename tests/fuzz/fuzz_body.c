/* A JSON body read as an object with a field of every type. */
#include "server/body.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct problem problem = {0};
    struct request request = {
        .arena = &arena, .problem = &problem, .body = (const char *)bytes, .body_len = len};
    const char *state = NULL;
    int64_t version = 0;
    double factor = 0;
    bool force = false;
    struct coord location = {0, 0};
    struct body_words words = {0};
    struct body_geometry geometry = {0};
    const struct body_field fields[] = {
        {.name = "state", .type = BODY_TEXT, .required = true, .min = 1, .max = 40, .text = &state},
        {.name = "version", .type = BODY_INT, .min = 1, .max = 1000, .number = &version},
        {.name = "factor", .type = BODY_REAL, .real = &factor},
        {.name = "force", .type = BODY_BOOL, .flag = &force},
        {.name = "location", .type = BODY_PAIR, .pair = &location},
        {.name = "profiles", .type = BODY_WORDS, .max = 8, .words = &words},
        {.name = "geometry", .type = BODY_GEOMETRY, .max = 50, .geometry = &geometry}};
    if (body_read(&request, fields, sizeof fields / sizeof *fields) == ERR_OK) {
        double sum = location.lon + location.lat + force; /* every promised byte is there */
        for (size_t i = 0; i < geometry.point_count; i++)
            sum += geometry.points[i].lon + geometry.points[i].lat;
        if (geometry.ring_count &&
            geometry.ring_starts[geometry.ring_count] != geometry.point_count)
            __builtin_trap();
        for (size_t i = 0; i < words.count; i++)
            sum += words.items[i][0];
        (void)sum;
    }
    arena_fini(&arena);
    return 0;
}
