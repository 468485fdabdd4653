/* Who signs in by WeChat. An openid, which tells who somebody is to one mini program, is kept as a
 * hash under a key that is not in the database, and sealed by one: a copy of the database tells
 * nobody, nor finds whom an openid is of. */
#ifndef YZ_DATA_WECHAT_PEOPLE_H
#define YZ_DATA_WECHAT_PEOPLE_H

#include "data/people.h"

enum { WECHAT_PEOPLE_OPENID_SIZE = 65 };

/* Somebody whom WeChat vouched for just now. */
struct wechat_people_signing {
    const char *openid;
    const char *code;         /* of the second factor; NULL: none given */
    const char *device;       /* what the session is called in lists */
    const unsigned char *key; /* SECRETS_KEY_BYTES */
    const struct people_policy *policy;
    int64_t now_ms;
};
/* Opens a session of whoever is bound to the openid; for one that is new a rider is made, who has
 * no password. ERR_DENIED: disabled, or with session->wants_code the second factor is missing or
 * wrong; ERR_LIMIT: too many wrong ones. Its own transaction. */
enum err wechat_people_sign_in(struct db *db, const struct wechat_people_signing *signing,
                               struct people_session *session, struct why *why);

/* Lets a person sign in by an openid; done twice it is fine. ERR_CONFLICT: it is bound to another,
 * or they are bound to another. ERR_DENIED: the session has ended, as while WeChat was asked. */
struct wechat_people_binding {
    const struct people_by *by;
    const unsigned char *token; /* SECRETS_HASH_BYTES: hash of what they came with */
    const char *openid;
    const unsigned char *key; /* SECRETS_KEY_BYTES */
    int64_t now_ms;
};
enum err wechat_people_bind(struct db *db, const struct wechat_people_binding *binding,
                            struct why *why);
/* ERR_NOTFOUND; ERR_CONFLICT: they could not sign in any more. What waits to be sent, or
 * could be tried again, is dropped. */
enum err wechat_people_free(struct db *db, const struct people_by *by, int64_t now_ms,
                            struct why *why);

/* Since when; 0: they are not bound. */
enum err wechat_people_since(struct db *db, int64_t person, int64_t *since_ms);

/* Opens a sealed openid. ERR_CHECKSUM. */
enum err wechat_people_open(const unsigned char *key, int64_t person, const unsigned char *sealed,
                            size_t len, char openid[WECHAT_PEOPLE_OPENID_SIZE]);

/* Inside db_write, when an account is emptied. */
enum err wechat_people_forget(struct db *db, int64_t person);

#endif
