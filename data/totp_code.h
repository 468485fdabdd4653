/* liboath's door: codes of time-based one-time passwords (RFC 6238: HMAC-SHA-1, 6 digits, 30 s). */
#ifndef YZ_DATA_TOTP_CODE_H
#define YZ_DATA_TOTP_CODE_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    TOTP_CODE_DIGITS = 6,
    TOTP_CODE_STEP_S = 30,
    TOTP_CODE_WINDOW = 1,        /* steps before and after, for clocks that differ */
    TOTP_CODE_SECRET_BYTES = 20, /* as RFC 4226 recommends */
    TOTP_CODE_TEXT_SIZE = 33     /* the same in base32, with its NUL */
};

/* The secret as authenticators take it (RFC 4648 base32). ERR_NOMEM. */
enum err totp_code_text(const unsigned char secret[TOTP_CODE_SECRET_BYTES],
                        char text[TOTP_CODE_TEXT_SIZE]);

/* The code of one step, with its NUL. */
enum err totp_code_at(const unsigned char secret[TOTP_CODE_SECRET_BYTES], int64_t step,
                      char code[TOTP_CODE_DIGITS + 1]);

/* Of the steps around `now_ms` the first after `last_step` whose code this is; `*step` 0: none. */
enum err totp_code_find(const unsigned char secret[TOTP_CODE_SECRET_BYTES], const char *code,
                        int64_t now_ms, int64_t last_step, int64_t *step);

#endif
