/* The kinds of posts as an operator's data (data/posts/kinds.yaml, which says how it is written):
 * what a post of each owes, whether it may end in a quiz, and where videos may be linked to. */
#ifndef YZ_DATA_POSTS_KINDS_H
#define YZ_DATA_POSTS_KINDS_H

#include "data/points_rules.h"

enum {
    POSTS_KINDS_MAX = 20,
    POSTS_KINDS_HOSTS_MAX = 100,
    POSTS_KINDS_TRIES_MAX = 20 /* of a quiz */
};

struct posts_kind {
    const char *code;
    struct kinds_label label;
    int64_t pictures; /* owed at least */
    bool quiz;        /* the rest is of that */
    int64_t tries, pass;
    const char *points; /* their kind; NULL: none */
    int64_t amount;     /* that passing brings */
    int64_t most;       /* that it may bring, by the rules */
};

struct posts_kinds; /* read-only once loaded; shared by all threads */

/* Reads `path`: the file, or a folder that holds kinds.yaml; holds it against the rules of points,
 * which are not kept (NULL: there are none, and nothing brings any). Mistakes are told with file
 * and line. ERR_NOTFOUND: there is no such file. posts_kinds_free(NULL) is fine. */
enum err posts_kinds_load(const char *path, const struct points_rules *rules,
                          struct posts_kinds **kinds, struct why *why);
/* The same from text; `name` stands for the file in messages. */
enum err posts_kinds_parse(const char *name, const char *text, size_t len,
                           const struct points_rules *rules, struct posts_kinds **kinds,
                           struct why *why);
void posts_kinds_free(struct posts_kinds *kinds);

/* NULL kinds have none. */
size_t posts_kinds_count(const struct posts_kinds *kinds);
const struct posts_kind *posts_kinds_at(const struct posts_kinds *kinds, size_t i);
/* NULL: there is none of that code. */
const struct posts_kind *posts_kinds_find(const struct posts_kinds *kinds, const char *code);

/* The hosts of videos; `i` below their count, which is 0 for NULL. */
size_t posts_kinds_host_count(const struct posts_kinds *kinds);
const char *posts_kinds_host(const struct posts_kinds *kinds, size_t i);

/* Whether a video may be linked to: https, one of the hosts or below it, and nothing before or
 * behind the host that could lead elsewhere. */
bool posts_kinds_video(const struct posts_kinds *kinds, const char *url);

#endif
