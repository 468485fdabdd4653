/* Where things are and how the server listens: defaults, then yizhan.yaml, then the command line.
 */
#ifndef YZ_SERVER_CONFIG_H
#define YZ_SERVER_CONFIG_H

#include "geo/base/err.h"
#include "server/app.h"

#include <limits.h>
#include <stddef.h>

struct config {
    char data_dir[PATH_MAX];   /* database, road file, photos */
    char secret_key[PATH_MAX]; /* what is sealed with; "": secret.key of data_dir */
    char share_dir[PATH_MAX]; /* categories/, kinds/, profiles/, web/: what the operator may edit */
    char web_dir[PATH_MAX];   /* the built pages */
    char listen[256];         /* ADDRESS:PORT; port 0 picks a free one */
    char log_level[16];       /* error, warn, info, debug */
    char timezone[64];        /* of the places' hours */
    char holidays[16];        /* the country whose public holidays count, or none */
    char webhooks[16];        /* where they may lead: outside, or inside, too */
    char wechat[PATH_MAX];    /* file of the mini program; "": WeChat is not set up */
    unsigned session_minutes, session_idle_minutes; /* 0: as app.h has it */
    unsigned second_factor;                         /* roles that need one, as bits */
};

/* The defaults: /var/lib/yizhan, ../share/yizhan beside the program, 127.0.0.1:8080, Asia/Shanghai,
 * cn. */
void config_init(struct config *config);

/* Reads a yizhan.yaml over it. Relative paths in it are relative to the file. Unknown keys and
 * wrong values are told with file and line. */
enum err config_load(struct config *config, const char *path, struct why *why);

/* The level that `text` names; ERR_INVALID with a sentence. */
enum err config_level(const char *text, enum app_log_level *level, struct why *why);

/* Whether webhooks may lead inside; ERR_INVALID with a sentence. */
enum err config_inside(const char *text, bool *inside, struct why *why);

/* share_dir/`name` into `path`. */
enum err config_share(const struct config *config, const char *name, char *path, size_t size);

#endif
