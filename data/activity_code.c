#include "data/activity_code.h"

#include <stdio.h>
#include <string.h>

static const int64_t minute_ms = 60000;

static int64_t step_of(const struct activity_kinds_kind *kind, int64_t now_ms)
{
    return kind->code_min ? now_ms / (kind->code_min * minute_ms) : 0;
}

static void make(const unsigned char *key, int64_t activity, int64_t step,
                 char code[SECRETS_CODE_SIZE])
{
    char of[64];
    (void)snprintf(of, sizeof of, "activity %lld %lld", (long long)activity, (long long)step);
    secrets_code(key, of, code);
}

void activity_code_now(const unsigned char *key, int64_t activity,
                       const struct activity_kinds_kind *kind, int64_t now_ms,
                       struct activity_code *code)
{
    int64_t step = step_of(kind, now_ms);
    make(key, activity, step, code->code);
    code->until_ms = kind->code_min ? (step + 1) * kind->code_min * minute_ms : 0;
}

bool activity_code_fits(const unsigned char *key, int64_t activity,
                        const struct activity_kinds_kind *kind, int64_t now_ms, const char *typed)
{
    int64_t step = step_of(kind, now_ms), oldest = kind->code_min ? step - 1 : step;
    char read[SECRETS_CODE_SIZE], code[SECRETS_CODE_SIZE];
    bool fits = false;
    if (!secrets_code_read(typed, read)) return false;
    for (int64_t s = oldest; s <= step; s++) {
        make(key, activity, s, code);
        fits = secrets_same(code, read, strlen(code)) || fits;
    }
    return fits;
}
