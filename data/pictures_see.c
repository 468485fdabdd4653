#include "data/pictures_see.h"

#include "data/posts.h"

/* Of what shows it: whether everybody may look, and whose own it is. */
static const char *const questions[PICTURES_OWNER_COUNT] = {
    [PICTURES_post] = ("SELECT " POSTS_READABLE ", 0 FROM posts p WHERE p.id = :id"),
    [PICTURES_deed] = ("SELECT d.published_ms IS NOT NULL, s.person_id FROM activity_deeds d JOIN "
                       "activity_signups s ON s.id = d.signup_id WHERE d.id = :id AND :now > 0"),
    [PICTURES_activity] = "SELECT state <> 'draft', 0 FROM activities WHERE id = :id AND :now > 0",
    [PICTURES_reward] = "SELECT 1, 0 FROM rewards WHERE id = :id AND :now > 0",
    [PICTURES_offer] = "SELECT 1, 0 FROM offers WHERE id = :id AND :now > 0",
};

enum err pictures_see(struct db *db, const struct pictures_picture *picture, int64_t now_ms,
                      struct pictures_seen *seen)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, questions[picture->owner], &q);
    if (e) return e;
    db_bind_int(q, ":id", picture->owner_id);
    db_bind_int(q, ":now", now_ms);
    if (!(e = db_step(q, &row)))
        *seen =
            (struct pictures_seen){.by_all = row && db_int(q, 0), .whose = row ? db_int(q, 1) : 0};
    db_done(q);
    return e;
}
