/* The part of an OSRM address behind the profile: coordinates?options. */
#include "server/api/osrm_call.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check_choice(const struct osrm_query *query, const struct osrm_choice *choice)
{
    if (choice->count > query->point_count) abort();
    for (size_t i = 0; i < choice->count; i++)
        if (choice->items[i] >= query->point_count) abort();
}

/* What the engine takes for granted. */
static void check(const struct osrm_query *query)
{
    for (size_t i = 0; i < query->point_count; i++) {
        const struct snap_wish *wish = &query->wish[i];
        if (!coord_valid(query->points[i])) abort();
        if (!(query->radius_m[i] >= 0)) abort();
        if (!(wish->range_deg >= 0 && wish->range_deg <= 180)) abort();
        if (!(wish->bearing_deg >= 0 && wish->bearing_deg < 360)) abort();
    }
    check_choice(query, &query->sources);
    check_choice(query, &query->destinations);
    for (size_t i = 0; i < query->pair_count; i++)
        if (query->pairs[i].before >= query->point_count ||
            query->pairs[i].after >= query->point_count)
            abort();
    if (!(query->scale_factor > 0) || !(query->fallback_speed >= 0)) abort();
    if (query->alternatives > OSRM_MAX_ALTERNATIVES || query->number < 1) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct arena arena = {0};
    struct problem problem = {0};
    struct request request = {.arena = &arena, .problem = &problem};
    struct osrm_query query;
    char *target = arena_strndup(&arena, (const char *)bytes, len);
    if (target && !request_parse(&request, target)) {
        request.args[0] = (struct request_pair){"version", "v1"};
        request.args[1] = (struct request_pair){"coordinates", request.path};
        request.arg_count = 2;
        (void)osrm_call_is_long(&request);
        if (!osrm_query_read(&request, &query)) check(&query);
    }
    arena_fini(&arena);
    return 0;
}
