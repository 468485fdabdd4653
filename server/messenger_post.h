/* The messenger's letters to WeChat; all of it belongs to the messenger's thread. */
#ifndef YZ_SERVER_MESSENGER_POST_H
#define YZ_SERVER_MESSENGER_POST_H

#include "data/inbox_send.h"
#include "server/post.h"
#include "server/tools.h"
#include "server/wechat.h"

enum { MESSENGER_POST_FLIGHTS = 16 };

struct messenger_post {
    struct service *service;
    const struct wechat *wechat;
    struct post *post;
    struct messenger_flight {
        int64_t delivery, person, sent_ms;
        enum inbox_group group;
        int tries;
        bool used;
        bool landed; /* and how that went is yet to be kept */
        struct inbox_send_outcome outcome;
    } flights[MESSENGER_POST_FLIGHTS];
    size_t under_way;
    char token[BODY_ANSWER_TOKEN_SIZE]; /* "": there is none */
    int64_t token_until_ms;
    bool asking, force; /* for a token; for another than the last */
    int64_t paused_until_ms;
    int strikes; /* pauses in a row */
};

/* Sends what is due and has room. */
enum err messenger_post_send(struct messenger_post *m, struct db *db, int64_t now_ms);

/* Goes on with what is under way, waiting at most `wait_ms`, and keeps how it went. */
enum err messenger_post_run(struct messenger_post *m, struct db *db, int wait_ms);

#endif
