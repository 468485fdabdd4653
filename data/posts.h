/* Posts: what staff write for all to read - news, stories, series of pictures, lessons - in
 * Markdown, with pictures, links to videos, and a quiz where its kind has one. A post is a draft,
 * or comes at its time, and goes at the end of it; it is for the areas that it names and those
 * below them, or for everybody. */
#ifndef YZ_DATA_POSTS_H
#define YZ_DATA_POSTS_H

#include "data/markdown.h"
#include "data/pictures.h"
#include "data/quizzes.h"

/* Whether a row `p` of posts can be read at `:now`, to anybody. */
#define POSTS_READABLE                                                                             \
    "(p.removed_ms IS NULL AND p.draft = 0 AND p.from_ms <= :now AND (p.until_ms IS NULL OR "      \
    "p.until_ms > :now))"

enum {
    POSTS_TITLE_MAX = 80, /* characters */
    POSTS_AUTHOR_MAX = 60,
    POSTS_SUMMARY_MAX = 120,
    POSTS_URL_MAX = 500,
    POSTS_AREAS_MAX = 50,
    POSTS_VIDEOS_MAX = 10
};

struct posts_video {
    const char *url, *title;
};

struct posts_post {
    int64_t id, version;
    const char *kind, *title, *title_en, *body, *body_en, *author;
    const char *summary; /* made when it is stored */
    bool pinned, draft;
    int64_t from_ms, until_ms; /* 0: without end */
    const int64_t *areas;      /* none: everybody's */
    size_t area_count;
    const struct posts_video *videos;
    size_t video_count;
    const struct pictures_picture *pictures; /* as it is read; in a list the first alone */
    size_t picture_count;
    const char *const *picture_ids; /* as it is written */
    size_t picture_id_count;
    const struct quizzes_question *questions; /* not in a list */
    size_t question_count;
    int64_t tries, pass, points; /* of its quiz; tries 0: it has none */
    int64_t reads;
    bool read;         /* by whoever asked */
    const char *story; /* of what somebody sent: how it stands (stories.h); else "" */
    int64_t created_ms, updated_ms;
};

/* Whether it can be read now. */
bool posts_is_shown(const struct posts_post *post, int64_t now_ms);

/* Whole. `reader` 0: nobody. ERR_NOTFOUND; also of one that was removed. Texts are in the arena. */
enum err posts_find(struct db *db, int64_t id, int64_t reader, struct arena *arena,
                    struct posts_post *found);

/* What is wanted: pinned ones first, then the newest. */
/* POSTS_DRAFT: of staff; of stories, POSTS_SENT: those that wait for them, POSTS_RETURNED: those
 * that they sent back. */
enum posts_state {
    POSTS_SHOWN,
    POSTS_DRAFT,
    POSTS_COMING,
    POSTS_OVER,
    POSTS_SENT,
    POSTS_RETURNED,
    POSTS_STATES
};
struct posts_filter {
    enum posts_state state;
    const char *kind; /* NULL: all */
    int64_t area;     /* what concerns it: of it, of those around it, and everybody's; 0: all */
    int64_t reader;   /* 0: nobody */
    bool unread;      /* what the reader did not read */
    bool story;       /* what readers sent */
    bool limited;     /* to posts whose areas all are `mine`, or below them: for drafts */
    const int64_t *mine;
    size_t mine_count;
    int64_t now_ms;
    bool has_after; /* behind these; else from the beginning */
    int64_t after_rank, after_id;
    size_t limit;
};
/* Without texts in Markdown and questions; `*rank`, `*last`: of the last one. */
enum err posts_list(struct db *db, const struct posts_filter *filter, struct arena *arena,
                    const struct posts_post **list, size_t *count, bool *more, int64_t *rank,
                    int64_t *last);

/* Each opens its own transaction; what is stored by then is in `*post`. ERR_INVALID names the field
 * ("title: ..."); ERR_CONFLICT: another was faster, a picture is shown elsewhere, or somebody tried
 * the quiz that is changed; ERR_NOTFOUND. */
enum err posts_create(struct db *db, const struct posts_kinds *kinds, int64_t by,
                      const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                      struct posts_post *post, struct idempotency_answer *answer, struct why *why);
enum err posts_change(struct db *db, const struct posts_kinds *kinds, int64_t by, int64_t now_ms,
                      struct arena *arena, struct posts_post *post, struct why *why);
/* Its pictures go with it; tries at its quiz stay with who made them. */
enum err posts_remove(struct db *db, const struct datadir *dir, int64_t id, int64_t version,
                      int64_t now_ms, struct why *why);

/* ---- who read what --------------------------------------------------------------------------- */

/* Somebody read it, once or again. ERR_NOTFOUND: it cannot be read now. */
enum err posts_mark(struct db *db, int64_t id, int64_t person, int64_t now_ms);

/* What somebody read, of the highest id first, behind `before` (0: from the highest). */
struct posts_read {
    int64_t post;
    const char *title; /* while it can be read, at `now_ms`; else "" */
};
enum err posts_reads(struct db *db, int64_t person, int64_t now_ms, int64_t before, size_t limit,
                     struct arena *arena, const struct posts_read **list, size_t *count,
                     bool *more);

#endif
