/* The second half of jansson's door: what WeChat's services answer, bytes of a stranger. */
#ifndef YZ_SERVER_BODY_ANSWER_H
#define YZ_SERVER_BODY_ANSWER_H

#include "geo/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BODY_ANSWER_OPENID_SIZE = 65, BODY_ANSWER_TOKEN_SIZE = 1025 };

/* As documented for auth.code2Session, getStableAccessToken and subscribeMessage.send; what is not
 * there, or is not of its form, is 0 or "". */
struct body_answer {
    int64_t errcode;
    bool has_errcode;                          /* it is said, as a whole number */
    char openid[BODY_ANSWER_OPENID_SIZE];      /* of A-Z a-z 0-9 _ - */
    char access_token[BODY_ANSWER_TOKEN_SIZE]; /* the same */
    int64_t expires_s;                         /* 0 to 86400 */
};

/* Reads one JSON object, whatever else is in it. ERR_FORMAT: it is none. */
enum err body_answer_read(const char *bytes, size_t len, struct body_answer *answer);

#endif
