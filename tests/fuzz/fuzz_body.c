/* A JSON body read as an object of two fields. */
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
    const struct body_field fields[] = {{"state", BODY_TEXT, true, 1, 40, &state, NULL},
                                        {"version", BODY_INT, false, 1, 1000, NULL, &version}};
    (void)body_read(&request, fields, 2);
    arena_fini(&arena);
    return 0;
}
