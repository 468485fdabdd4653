/* The code that staff show and who comes scans to check in. It follows from the server's key, the
 * activity and, where the kind says so, the time, so that nothing of it is kept. */
#ifndef YZ_DATA_ACTIVITY_CODE_H
#define YZ_DATA_ACTIVITY_CODE_H

#include "data/activity_kinds.h"
#include "data/secrets.h"

struct activity_code {
    char code[SECRETS_CODE_SIZE];
    int64_t until_ms; /* when another takes its place; 0: never */
};
/* `key` has SECRETS_KEY_BYTES. */
void activity_code_now(const unsigned char *key, int64_t activity,
                       const struct activity_kinds_kind *kind, int64_t now_ms,
                       struct activity_code *code);

/* Whether what somebody typed or scanned is the code, or the one before it. */
bool activity_code_fits(const unsigned char *key, int64_t activity,
                        const struct activity_kinds_kind *kind, int64_t now_ms, const char *typed);

#endif
