#include "server/body_answer.h"

#include <jansson.h>
#include <string.h>

enum { DAY_S = 86400 };

/* A word that can stand in an address. */
static void take_word(const json_t *root, const char *name, char *to, size_t size)
{
    const json_t *value = json_object_get(root, name);
    const char *text = json_string_value(value);
    size_t len = text ? json_string_length(value) : 0;
    if (!len || len >= size ||
        strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != len)
        return;
    memcpy(to, text, len + 1);
}

enum err body_answer_read(const char *bytes, size_t len, struct body_answer *answer)
{
    struct body_answer read = {0};
    json_t *root = json_loadb(len ? bytes : "", len, 0, NULL);
    if (!json_is_object(root)) {
        json_decref(root);
        return ERR_FORMAT;
    }
    const json_t *errcode = json_object_get(root, "errcode");
    read.has_errcode = json_is_integer(errcode);
    read.errcode = json_integer_value(errcode);
    json_int_t expires = json_integer_value(json_object_get(root, "expires_in"));
    if (expires > 0 && expires <= DAY_S) read.expires_s = expires;
    take_word(root, "openid", read.openid, sizeof read.openid);
    take_word(root, "access_token", read.access_token, sizeof read.access_token);
    json_decref(root);
    *answer = read;
    return ERR_OK;
}
