/* A JSON body read as an object with a field of every type. */
#include "server/body.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

struct things {
    struct body_list list;
    const char *codes[4];
    int64_t numbers[4];
};

static enum err read_thing(struct request *request, const struct body_node *node, size_t i,
                           void *user)
{
    struct things *things = user;
    const struct body_field fields[] = {
        {.name = "code",
         .type = BODY_TEXT,
         .required = true,
         .min = 1,
         .max = 9,
         .text = &things->codes[i]},
        {.name = "number", .type = BODY_INT, .min = 1, .max = 9, .number = &things->numbers[i]}};
    return body_object(request, node, fields, 2);
}

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
    struct body_texts texts = {0};
    struct body_versions versions = {0};
    struct body_geometry geometry = {0};
    struct body_ints ints = {0};
    struct things things = {.list = {.each = read_thing}};
    things.list.user = &things;
    const struct body_field fields[] = {
        {.name = "state", .type = BODY_TEXT, .required = true, .min = 1, .max = 40, .text = &state},
        {.name = "version", .type = BODY_INT, .min = 1, .max = 1000, .number = &version},
        {.name = "factor", .type = BODY_REAL, .real = &factor},
        {.name = "force", .type = BODY_BOOL, .flag = &force},
        {.name = "location", .type = BODY_PAIR, .pair = &location},
        {.name = "profiles", .type = BODY_WORDS, .max = 8, .words = &words},
        {.name = "ints", .type = BODY_INTS, .max = 5, .ints = &ints},
        {.name = "query", .type = BODY_TEXTS, .min = 1, .max = 8, .texts = &texts},
        {.name = "reports", .type = BODY_VERSIONS, .min = 1, .max = 5, .versions = &versions},
        {.name = "things", .type = BODY_LIST, .min = 1, .max = 4, .list = &things.list},
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
        for (size_t i = 0; i < versions.count; i++)
            sum += versions.items[i].id[0] + (double)versions.items[i].version;
        for (size_t i = 0; i < ints.count; i++)
            sum += (double)ints.items[i];
        for (size_t i = 0; i < texts.count; i++)
            sum += texts.items[i].name[0] + texts.items[i].value[0];
        for (size_t i = 0; i < things.list.count; i++)
            sum += things.codes[i][0] + (double)things.numbers[i];
        (void)sum;
    }
    arena_fini(&arena);
    return 0;
}
