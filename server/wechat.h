/* WeChat as an adapter: what the operator says of the mini program (a file of their own, since it
 * holds a secret), the letters that its services take, and what their answers mean. Nothing of the
 * secret, of tokens, codes and openids is ever logged.
 *
 * As documented by WeChat's platform for mini programs: auth.code2Session, getStableAccessToken,
 * subscribeMessage.send, and their error codes. */
#ifndef YZ_SERVER_WECHAT_H
#define YZ_SERVER_WECHAT_H

#include "data/inbox.h"
#include "server/body_answer.h"

#include <stdatomic.h>

enum { WECHAT_FIELDS_MAX = 8, WECHAT_SIGNING_MAX = 4, WECHAT_CODE_MAX = 128 };

/* What a field of a template says. */
enum wechat_value {
    WECHAT_TITLE,
    WECHAT_NOTE,
    WECHAT_AT,
    WECHAT_SENTENCE,
    WECHAT_SENT, /* when it happened */
    WECHAT_VALUES
};

struct wechat_template {
    const char *id, *page; /* NULL: there is none; page "": none */
    struct wechat_field {
        const char *name; /* "thing1" */
        enum wechat_value value;
    } fields[WECHAT_FIELDS_MAX];
    size_t field_count;
};

struct wechat {
    const char *appid, *secret, *base, *state;
    struct wechat_template templates[INBOX_GROUP_COUNT];
    struct conf *conf;   /* whose text that is */
    atomic_uint signing; /* codes that are being asked about */
};

/* Mistakes are told with file and line. wechat_free(NULL) is fine. */
enum err wechat_load(const char *path, struct wechat **wechat, struct why *why);
void wechat_free(struct wechat *wechat);

/* What an answer means. */
enum wechat_verdict {
    WECHAT_OK,
    WECHAT_CODE,    /* the code is wrong, old, or was used */
    WECHAT_TOKEN,   /* the access token is not valid: get another */
    WECHAT_REFUSED, /* the person wants no more of this template */
    WECHAT_LIMIT,   /* too many calls: wait */
    WECHAT_BLOCKED, /* WeChat holds the person for a risk */
    WECHAT_WRONG,   /* the settings, or the receiver: again would not help */
    WECHAT_AGAIN    /* busy, failed, or not understood */
};
/* `status` is HTTP's, 0: there was no answer. */
enum wechat_verdict wechat_judge(int status, const char *bytes, size_t len,
                                 struct body_answer *answer);

/* Asks whom a code of wx.login is of; waits for some seconds. WECHAT_OK: it is in `openid`.
 * WECHAT_LIMIT also where WECHAT_SIGNING_MAX ask at once. */
enum wechat_verdict wechat_session(struct wechat *wechat, const char *code,
                                   char openid[BODY_ANSWER_OPENID_SIZE], int64_t *errcode);

/* Appends address and body of the letters: for an access token (`force`: another than the last),
 * and of a message. */
void wechat_token_letter(const struct wechat *wechat, bool force, struct buf *url,
                         struct buf *body);
struct wechat_message {
    const char *openid;
    const struct inbox_item *item;
    bool english;
};
void wechat_message_letter(const struct wechat *wechat, const char *token,
                           const struct wechat_message *message, struct buf *url, struct buf *body);

#endif
