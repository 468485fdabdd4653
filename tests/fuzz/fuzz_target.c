/* A request target through parsing, routing and the typed getters. */
#include "server/router.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static const struct router_rule rules[] = {
    {.method = REQUEST_GET, .pattern = "/v1/places/{id}", .params = "near limit f"},
    {.method = REQUEST_GET, .pattern = "/tiles/{layers}.json", .params = ""},
    {.method = REQUEST_GET, .pattern = "/tiles/{layers}/{z}/{x}/{y}.mvt", .params = ""},
    {.method = REQUEST_GET, .pattern = "/route/{version}/{profile}/{coordinates}", .params = "a"},
    {.method = REQUEST_GET, .pattern = "*"},
};

static void read_values(struct request *request)
{
    static const char *const words[] = {"json", "geojson", NULL};
    struct coord points[4];
    double numbers[4];
    int64_t number = 0;
    size_t count = 0;
    bool given = false;
    int word = 0;
    (void)request_point(request, "near", &points[0], &given);
    (void)request_points(request, "near", points, 4, &count);
    (void)request_numbers(request, "near", 4, numbers, &given);
    (void)request_int(request, "limit", 1, 10, &number);
    (void)request_word(request, "f", words, &word);
    (void)request_id(request, "id", &number);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct problem problem = {0};
    struct request request = {.arena = &arena, .problem = &problem};
    const char *allow = NULL;
    char *target = arena_strndup(&arena, (const char *)bytes, len);
    if (target && !request_parse(&request, target)) {
        const struct router_rule *rule =
            router_find(rules, sizeof rules / sizeof *rules, &request, &allow);
        if (rule) (void)router_admit(rule, &request);
        read_values(&request);
    }
    arena_fini(&arena);
    return 0;
}
