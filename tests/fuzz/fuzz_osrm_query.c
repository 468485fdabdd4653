/* The part of an OSRM address behind the profile: coordinates?options. */
#include "server/api/osrm_query.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

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
        if (!osrm_query_read(&request, &query))
            for (size_t i = 0; i < query.point_count; i++)
                if (!coord_valid(query.points[i])) abort();
    }
    arena_fini(&arena);
    return 0;
}
