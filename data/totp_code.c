#include "data/totp_code.h"

#include "data/secrets.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

enum err totp_code_text(const unsigned char secret[TOTP_CODE_SECRET_BYTES],
                        char text[TOTP_CODE_TEXT_SIZE])
{
    char *made = NULL;
    size_t len = 0;
    if (oath_base32_encode((const char *)secret, TOTP_CODE_SECRET_BYTES, &made, &len) != OATH_OK)
        return ERR_NOMEM;
    bool fits = len < TOTP_CODE_TEXT_SIZE;
    if (fits) memcpy(text, made, len + 1);
    free(made);
    return fits ? ERR_OK : ERR_LIMIT;
}

enum err totp_code_at(const unsigned char secret[TOTP_CODE_SECRET_BYTES], int64_t step,
                      char code[TOTP_CODE_DIGITS + 1])
{
    return oath_hotp_generate((const char *)secret, TOTP_CODE_SECRET_BYTES, (uint64_t)step,
                              TOTP_CODE_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                              code) == OATH_OK
               ? ERR_OK
               : ERR_SYSTEM;
}

enum err totp_code_find(const unsigned char secret[TOTP_CODE_SECRET_BYTES], const char *code,
                        int64_t now_ms, int64_t last_step, int64_t *step)
{
    int64_t middle = now_ms / (TOTP_CODE_STEP_S * (int64_t)1000), found = 0;
    char made[TOTP_CODE_DIGITS + 1];
    if (strlen(code) != TOTP_CODE_DIGITS) {
        *step = 0;
        return ERR_OK;
    }
    for (int64_t at = middle + TOTP_CODE_WINDOW; at >= middle - TOTP_CODE_WINDOW; at--) {
        enum err e = totp_code_at(secret, at, made);
        if (e) return e;
        if (secrets_same(made, code, TOTP_CODE_DIGITS) && at > last_step) found = at;
    }
    *step = found;
    return ERR_OK;
}
