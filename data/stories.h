/* Stories that anybody sends to be posts (投稿). One is a draft of the kind `story` for one area,
 * with pictures of its sender; staff of the area publish it as it is, or send it back with words,
 * and its sender sends it again or takes it away. Nobody but its sender changes its words. */
#ifndef YZ_DATA_STORIES_H
#define YZ_DATA_STORIES_H

#include "data/posts.h"

#define STORIES_STATES(X) X(sent) X(returned) X(published)
enum stories_state {
#define STORIES_ENUM(name) STORIES_##name,
    STORIES_STATES(STORIES_ENUM)
#undef STORIES_ENUM
        STORIES_STATE_COUNT
};
const char *stories_state_name(enum stories_state state);

enum {
    STORIES_BODY_MAX = 5000, /* characters */
    STORIES_REASON_MAX = 500,
    STORIES_WAITING_MAX = 10 /* of one person, sent or sent back */
};
extern const char stories_kind[]; /* of posts */

/* Texts are in an arena. */
struct stories_story {
    int64_t id, version; /* of the post */
    int64_t person, area_id;
    enum stories_state state;
    const char *title, *body;
    const char *author; /* as its sender wants to be named, or "" */
    const char *reason; /* why it was sent back, or "" */
    const struct pictures_picture *pictures;
    size_t picture_count;
    int64_t created_ms, updated_ms;
};

/* Somebody's own. ERR_NOTFOUND. */
enum err stories_find(struct db *db, int64_t id, int64_t person, struct arena *arena,
                      struct stories_story *found);

/* All of somebody's, newest first, behind the id `before` (0: from the newest). */
enum err stories_list(struct db *db, int64_t person, int64_t before, size_t limit,
                      struct arena *arena, const struct stories_story **list, size_t *count,
                      bool *more);

/* Sends one, or one's own again that waits or was sent back (`id`, with the version that was seen).
 * Opens its own transaction; what is stored by then is in `*story`. ERR_INVALID names the field;
 * ERR_CONFLICT: another was faster, it is published, a picture is shown elsewhere, or too many
 * wait; ERR_NOTFOUND. */
struct stories_sending {
    int64_t id, version, person, area_id;
    const char *title, *body, *author;
    const char *const *pictures; /* public ids */
    size_t picture_count;
    int64_t now_ms;
};
enum err stories_send(struct db *db, const struct stories_sending *sending,
                      const struct answers_reply *reply, struct arena *arena,
                      struct stories_story *story, struct idempotency_answer *answer,
                      struct why *why);

/* Takes one's own away, published or not, for good; its pictures go with it. */
enum err stories_take_back(struct db *db, const struct datadir *dir, int64_t id, int64_t version,
                           int64_t person, struct why *why);

/* Publishes one, or sends it back with a reason, also one that was published. Whose it is is told.
 * ERR_DENIED: it is their own; ERR_CONFLICT: another was faster, or it is no story or so already.
 */
struct stories_judging {
    int64_t id, version, by;
    bool published;
    const char *reason;
    int64_t now_ms;
};
enum err stories_judge(struct db *db, const struct stories_judging *judging, struct arena *arena,
                       struct why *why);

/* Inside db_write, before somebody is forgotten: nothing of theirs is left, published or not. */
enum err stories_forget(struct db *db, int64_t person);

#endif
