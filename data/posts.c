#include "data/posts.h"

#include "data/changes.h"

#include <string.h>

bool posts_is_shown(const struct posts_post *post, int64_t now_ms)
{
    return !post->draft && post->from_ms <= now_ms && (!post->until_ms || post->until_ms > now_ms);
}

/* ---- one ------------------------------------------------------------------------------------- */

#define HEAD                                                                                       \
    "SELECT p.id, p.version, p.kind, p.title, p.title_en, p.summary, p.author, p.pinned, "         \
    "p.draft, p.from_ms, p.until_ms, p.tries, p.pass, p.points, p.reads, p.created_ms, "           \
    "p.updated_ms, EXISTS (SELECT 1 FROM post_reads r WHERE r.person_id = :reader AND r.post_id "  \
    "= p.id), p.rank, p.body, p.body_en, p.story FROM posts p "
enum { RANK = 18, BODY, BODY_EN, STORY };

static enum err read_head(struct db_query *q, struct arena *arena, bool whole,
                          struct posts_post *post)
{
    struct posts_post p = {.id = db_int(q, 0),
                           .version = db_int(q, 1),
                           .kind = arena_strdup(arena, db_text(q, 2)),
                           .title = arena_strdup(arena, db_text(q, 3)),
                           .title_en = arena_strdup(arena, db_text(q, 4)),
                           .summary = arena_strdup(arena, db_text(q, 5)),
                           .author = arena_strdup(arena, db_text(q, 6)),
                           .pinned = db_int(q, 7) != 0,
                           .draft = db_int(q, 8) != 0,
                           .from_ms = db_int(q, 9),
                           .until_ms = db_int(q, 10),
                           .tries = db_int(q, 11),
                           .pass = db_int(q, 12),
                           .points = db_int(q, 13),
                           .reads = db_int(q, 14),
                           .created_ms = db_int(q, 15),
                           .updated_ms = db_int(q, 16),
                           .read = db_int(q, 17) != 0,
                           .story = arena_strdup(arena, db_text(q, STORY)),
                           .body = whole ? arena_strdup(arena, db_text(q, BODY)) : "",
                           .body_en = whole ? arena_strdup(arena, db_text(q, BODY_EN)) : ""};
    if (!p.kind || !p.title || !p.title_en || !p.summary || !p.author || !p.body || !p.body_en ||
        !p.story)
        return ERR_NOMEM;
    *post = p;
    return ERR_OK;
}

static enum err read_areas(struct db *db, struct arena *arena, struct posts_post *post)
{
    int64_t *areas = arena_calloc(arena, POSTS_AREAS_MAX, sizeof *areas);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!areas) return ERR_NOMEM;
    enum err e =
        db_prepare(db, "SELECT area_id FROM post_areas WHERE post_id = :post ORDER BY area_id", &q);
    if (e) return e;
    db_bind_int(q, ":post", post->id);
    while (n < POSTS_AREAS_MAX && !(e = db_step(q, &row)) && row)
        areas[n++] = db_int(q, 0);
    db_done(q);
    post->areas = areas;
    post->area_count = n;
    return e;
}

static enum err read_videos(struct db *db, struct arena *arena, struct posts_post *post)
{
    struct posts_video *videos = arena_calloc(arena, POSTS_VIDEOS_MAX, sizeof *videos);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!videos) return ERR_NOMEM;
    enum err e = db_prepare(
        db, "SELECT url, title FROM post_videos WHERE post_id = :post ORDER BY place", &q);
    if (e) return e;
    db_bind_int(q, ":post", post->id);
    while (n < POSTS_VIDEOS_MAX && !(e = db_step(q, &row)) && row) {
        videos[n].url = arena_strdup(arena, db_text(q, 0));
        videos[n].title = arena_strdup(arena, db_text(q, 1));
        if (!videos[n].url || !videos[n].title) e = ERR_NOMEM;
        if (e) break;
        n++;
    }
    db_done(q);
    post->videos = videos;
    post->video_count = n;
    return e;
}

/* What belongs to it beside its own row. */
static enum err read_rest(struct db *db, struct arena *arena, bool whole, struct posts_post *post)
{
    enum err e = read_areas(db, arena, post);
    if (!e)
        e = pictures_of(db, PICTURES_post, post->id, arena, &post->pictures, &post->picture_count);
    if (!e) e = read_videos(db, arena, post);
    if (!e && whole) e = quizzes_of(db, post->id, arena, &post->questions, &post->question_count);
    return e;
}

enum err posts_find(struct db *db, int64_t id, int64_t reader, struct arena *arena,
                    struct posts_post *found)
{
    struct posts_post post;
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, HEAD "WHERE p.id = :id AND p.removed_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":reader", reader);
    if (!(e = db_step(q, &row))) e = row ? read_head(q, arena, true, &post) : ERR_NOTFOUND;
    db_done(q);
    if (!e) e = read_rest(db, arena, true, &post);
    if (!e) *found = post;
    return e;
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* Areas as JSON, for json_each. */
static enum err areas_json(const int64_t *ids, size_t count, struct buf *json)
{
    buf_putc(json, '[');
    for (size_t i = 0; i < count; i++)
        buf_printf(json, "%s%lld", i ? "," : "", (long long)ids[i]);
    buf_put(json, "]", 2);
    return json->err;
}

static const char of_filter[] = HEAD
    "WHERE p.removed_ms IS NULL AND (p.rank < :rank OR (p.rank = :rank AND p.id < :last)) AND "
    "(:kind IS NULL OR p.kind = :kind) AND p.draft = (:state IN (1, 4, 5)) AND CASE :state WHEN "
    "0 THEN "
    "p.from_ms <= :now AND (p.until_ms IS NULL OR p.until_ms > :now) WHEN 2 THEN p.from_ms > "
    ":now WHEN 3 THEN p.until_ms <= :now WHEN 4 THEN p.story = 'sent' WHEN 5 THEN p.story = "
    "'returned' ELSE p.story = '' END "
    "AND (NOT :story OR p.story <> '') AND (NOT :unread OR NOT EXISTS (SELECT 1 "
    "FROM post_reads r WHERE r.person_id = :reader AND r.post_id = p.id)) AND (:area = 0 OR "
    "NOT EXISTS (SELECT 1 FROM post_areas a WHERE a.post_id = p.id) OR EXISTS (WITH RECURSIVE "
    "around (id) AS (SELECT :area UNION SELECT x.parent_id FROM areas x JOIN around b ON x.id "
    "= b.id WHERE x.parent_id IS NOT NULL) SELECT 1 FROM post_areas a JOIN around b ON b.id = "
    "a.area_id WHERE a.post_id = p.id)) AND (NOT :limited OR (EXISTS (SELECT 1 FROM "
    "post_areas a WHERE a.post_id = p.id) AND NOT EXISTS (SELECT 1 FROM post_areas a WHERE "
    "a.post_id = p.id AND a.area_id NOT IN (WITH RECURSIVE below (id) AS (SELECT value FROM "
    "json_each(:mine) UNION SELECT x.id FROM areas x JOIN below b ON x.parent_id = b.id) "
    "SELECT id FROM below)))) ORDER BY p.rank DESC, p.id DESC LIMIT :limit";

static void bind_filter(struct db_query *q, const struct posts_filter *f, const char *mine)
{
    db_bind_int(q, ":rank", f->has_after ? f->after_rank : INT64_MAX);
    db_bind_int(q, ":last", f->has_after ? f->after_id : INT64_MAX);
    db_bind_text(q, ":kind", f->kind);
    db_bind_int(q, ":state", f->state);
    db_bind_int(q, ":now", f->now_ms);
    db_bind_int(q, ":unread", f->unread);
    db_bind_int(q, ":story", f->story);
    db_bind_int(q, ":reader", f->reader);
    db_bind_int(q, ":area", f->area);
    db_bind_int(q, ":limited", f->limited);
    db_bind_text(q, ":mine", mine);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
}

static enum err list_heads(struct db *db, const struct posts_filter *f, const char *mine,
                           struct arena *arena, struct posts_post *made, size_t *count,
                           int64_t *ranks)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db, of_filter, &q);
    if (e) return e;
    bind_filter(q, f, mine);
    while (n <= f->limit && !(e = db_step(q, &row)) && row) {
        ranks[n] = db_int(q, RANK);
        if ((e = read_head(q, arena, false, &made[n++]))) break;
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

enum err posts_list(struct db *db, const struct posts_filter *filter, struct arena *arena,
                    const struct posts_post **list, size_t *count, bool *more, int64_t *rank,
                    int64_t *last)
{
    struct posts_post *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    int64_t *ranks = arena_calloc(arena, filter->limit + 1, sizeof *ranks);
    struct buf mine;
    size_t n = 0;
    if (!made || !ranks) return ERR_NOMEM;
    buf_init(&mine, (size_t)1 << 20);
    enum err e = areas_json(filter->mine, filter->mine_count, &mine);
    if (!e) e = list_heads(db, filter, mine.bytes, arena, made, &n, ranks);
    buf_fini(&mine);
    if (e) return e;
    *more = n > filter->limit;
    if (*more) n = filter->limit;
    for (size_t i = 0; i < n && !e; i++)
        e = read_rest(db, arena, false, &made[i]);
    if (e) return e;
    *list = made;
    *count = n;
    if (n) {
        *rank = ranks[n - 1];
        *last = made[n - 1].id;
    }
    return ERR_OK;
}

/* ---- who read what --------------------------------------------------------------------------- */

struct marking {
    int64_t id, person, now_ms;
};

static enum err run_mark(struct db *db, const char *sql, const struct marking *m, int64_t *changed)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", m->id);
    db_bind_int(q, ":person", m->person);
    return db_run(q, changed);
}

static enum err is_readable(struct db *db, const struct marking *m, bool *readable)
{
    struct db_query *q;
    enum err e = db_prepare(db, "SELECT 1 FROM posts p WHERE p.id = :id AND " POSTS_READABLE, &q);
    if (e) return e;
    db_bind_int(q, ":id", m->id);
    db_bind_int(q, ":now", m->now_ms);
    e = db_step(q, readable);
    db_done(q);
    return e;
}

static enum err mark(struct db *db, void *user)
{
    const struct marking *m = user;
    bool readable = false;
    int64_t fresh = 0;
    enum err e = is_readable(db, m, &readable);
    if (!e && !readable) e = ERR_NOTFOUND;
    if (!e)
        e = run_mark(db,
                     "INSERT INTO post_reads (person_id, post_id) VALUES (:person, :id) ON "
                     "CONFLICT DO NOTHING",
                     m, &fresh);
    if (e || !fresh) return e;
    e = run_mark(db, "UPDATE posts SET reads = reads + 1 WHERE id = :id AND :person > 0", m, NULL);
    return e ? e : changes_add(db, CHANGES_posts, m->id, "post_read");
}

/* What was read before costs no write. */
enum err posts_mark(struct db *db, int64_t id, int64_t person, int64_t now_ms)
{
    struct marking m = {id, person, now_ms};
    struct db_query *q;
    bool there = false, readable = false;
    enum err e =
        db_prepare(db, "SELECT 1 FROM post_reads WHERE person_id = :person AND post_id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":person", person);
    e = db_step(q, &there);
    db_done(q);
    if (!e && there) {
        e = is_readable(db, &m, &readable);
        return e || readable ? e : ERR_NOTFOUND;
    }
    return e ? e : db_write(db, mark, &m);
}

enum err posts_reads(struct db *db, int64_t person, int64_t now_ms, int64_t before, size_t limit,
                     struct arena *arena, const struct posts_read **list, size_t *count, bool *more)
{
    struct posts_read *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT r.post_id, CASE WHEN " POSTS_READABLE
                            " THEN p.title END FROM post_reads r JOIN posts p ON p.id = r.post_id "
                            "WHERE r.person_id = :person AND r.post_id < :before ORDER BY "
                            "r.post_id DESC LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    while (n <= limit && !(e = db_step(q, &row)) && row) {
        made[n].post = db_int(q, 0);
        if (!(made[n++].title = arena_strdup(arena, db_text(q, 1)))) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}
