#include "data/blobs_doomed.h"
#include "data/changes.h"
#include "data/posts.h"
#include "data/record.h"
#include "geo/base/text.h"

#include <stdio.h>
#include <string.h>

/* ---- checking -------------------------------------------------------------------------------- */

static enum err check_text(const char *name, const char *text, size_t min, size_t max,
                           struct why *why)
{
    size_t len = strlen(text), n = text_utf8_count(text, len);
    if (n <= max && (!min || (n >= min && text_visible(text, len)))) return ERR_OK;
    return err_say(why, ERR_INVALID, "%s: must have %zu to %zu characters", name, min, max);
}

static enum err check_markdown(const char *name, const char *text, struct why *why)
{
    struct why said = {""};
    enum err e = markdown_check(text, strlen(text), &said);
    return e == ERR_LIMIT ? err_say(why, ERR_INVALID, "%s: %s", name, said.text) : e;
}

static enum err check_videos(const struct posts_kinds *kinds, const struct posts_post *p,
                             struct why *why)
{
    for (size_t i = 0; i < p->video_count; i++) {
        const struct posts_video *v = &p->videos[i];
        if (!posts_kinds_video(kinds, v->url))
            return err_say(why, ERR_INVALID,
                           "videos/%zu/url: must begin with https:// and one of the hosts of "
                           "GET /v1/posts/kinds",
                           i);
        if (text_utf8_count(v->title, strlen(v->title)) > POSTS_TITLE_MAX)
            return err_say(why, ERR_INVALID, "videos/%zu/title: may have %d characters", i,
                           POSTS_TITLE_MAX);
    }
    return ERR_OK;
}

static enum err check_quiz(const struct posts_kind *kind, const struct posts_post *p,
                           struct why *why)
{
    if (!kind->quiz && p->question_count)
        return err_say(why, ERR_INVALID, "questions: a post of kind \"%s\" has none", kind->code);
    if (!p->question_count) return ERR_OK;
    if (p->tries < 1 || p->tries > POSTS_KINDS_TRIES_MAX)
        return err_say(why, ERR_INVALID, "tries: must be from 1 to %d", POSTS_KINDS_TRIES_MAX);
    if (p->pass < 1 || p->pass > 100)
        return err_say(why, ERR_INVALID, "pass: must be from 1 to 100 percent");
    if (p->points < 0 || p->points > kind->most)
        return err_say(why, ERR_INVALID, "points: a lesson brings %lld at most",
                       (long long)kind->most);
    return quizzes_check(p->questions, p->question_count, why);
}

static enum err check(const struct posts_kinds *kinds, const struct posts_post *p, struct why *why)
{
    const struct posts_kind *kind = posts_kinds_find(kinds, p->kind);
    enum err e = check_text("title", p->title, 1, POSTS_TITLE_MAX, why);
    if (!kind) return err_say(why, ERR_INVALID, "kind: there are no posts \"%s\"", p->kind);
    if (!e) e = check_text("title_en", p->title_en, 0, POSTS_TITLE_MAX, why);
    if (!e) e = check_text("author", p->author, 0, POSTS_AUTHOR_MAX, why);
    if (!e) e = check_markdown("body", p->body, why);
    if (!e) e = check_markdown("body_en", p->body_en, why);
    if (!e && p->until_ms && p->until_ms <= p->from_ms)
        e = err_say(why, ERR_INVALID, "until: must be later than from");
    if (!e && !p->draft && (int64_t)p->picture_id_count < kind->pictures)
        e = err_say(why, ERR_INVALID, "pictures: a post of kind \"%s\" has %lld at least",
                    kind->code, (long long)kind->pictures);
    if (!e) e = check_videos(kinds, p, why);
    return e ? e : check_quiz(kind, p, why);
}

/* ---- writing --------------------------------------------------------------------------------- */

struct work {
    struct posts_post *post;
    int64_t by, now_ms;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct why *why;
};

static enum err summary_of(const struct posts_post *p, struct buf *words)
{
    buf_init(words, (size_t)POSTS_SUMMARY_MAX * 4 + 8);
    enum err e = markdown_words(p->body, strlen(p->body), POSTS_SUMMARY_MAX, words);
    buf_putc(words, '\0');
    return e ? e : words->err;
}

static enum err put_row(struct db *db, const struct work *w, const char *sql)
{
    const struct posts_post *p = w->post;
    struct buf words;
    struct db_query *q;
    bool quiz = p->question_count != 0;
    enum err e = summary_of(p, &words);
    if (!e) e = db_prepare(db, sql, &q);
    if (e) {
        buf_fini(&words);
        return e;
    }
    db_bind_int(q, ":id", p->id);
    db_bind_int(q, ":by", w->by);
    db_bind_text(q, ":kind", p->kind);
    db_bind_text(q, ":title", p->title);
    db_bind_text(q, ":title_en", p->title_en);
    db_bind_text(q, ":body", p->body);
    db_bind_text(q, ":body_en", p->body_en);
    db_bind_text(q, ":summary", words.bytes);
    db_bind_text(q, ":author", p->author);
    db_bind_int(q, ":pinned", p->pinned);
    db_bind_int(q, ":draft", p->draft);
    db_bind_int(q, ":from", p->from_ms);
    db_bind_int(q, ":until", p->until_ms);
    db_bind_int(q, ":tries", quiz ? p->tries : 0);
    db_bind_int(q, ":pass", quiz ? p->pass : 0);
    db_bind_int(q, ":points", quiz ? p->points : 0);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    buf_fini(&words);
    return e;
}

static enum err run_for(struct db *db, const char *sql, int64_t id)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    return db_run(q, NULL);
}

static enum err put_areas(struct db *db, const struct posts_post *p)
{
    enum err e = run_for(db, "DELETE FROM post_areas WHERE post_id = :id", p->id);
    for (size_t i = 0; i < p->area_count && !e; i++) {
        struct db_query *q;
        e = db_prepare(db,
                       "INSERT INTO post_areas (post_id, area_id) VALUES (:id, :area) ON CONFLICT "
                       "DO NOTHING",
                       &q);
        if (e) return e;
        db_bind_int(q, ":id", p->id);
        db_bind_int(q, ":area", p->areas[i]);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err put_videos(struct db *db, const struct posts_post *p)
{
    enum err e = run_for(db, "DELETE FROM post_videos WHERE post_id = :id", p->id);
    for (size_t i = 0; i < p->video_count && !e; i++) {
        struct db_query *q;
        e = db_prepare(db,
                       "INSERT INTO post_videos (post_id, place, url, title) VALUES (:id, :place, "
                       ":url, :title)",
                       &q);
        if (e) return e;
        db_bind_int(q, ":id", p->id);
        db_bind_int(q, ":place", (int64_t)i);
        db_bind_text(q, ":url", p->videos[i].url);
        db_bind_text(q, ":title", p->videos[i].title);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err put_pictures(struct db *db, const struct work *w)
{
    const struct posts_post *p = w->post;
    const struct pictures_showing showing = {.owner = PICTURES_post,
                                             .owner_id = p->id,
                                             .by = w->by,
                                             .ids = p->picture_ids,
                                             .count = p->picture_id_count,
                                             .now_ms = w->now_ms};
    return pictures_show(db, &showing, w->why);
}

/* What belongs to it beside its own row; then it is read again as it is. */
static enum err put_rest(struct db *db, struct work *w, const char *verb)
{
    struct posts_post *p = w->post;
    enum err e = put_areas(db, p);
    if (!e) e = put_videos(db, p);
    if (!e) e = put_pictures(db, w);
    if (!e) e = quizzes_put(db, p->id, p->questions, p->question_count, w->why);
    if (!e) e = posts_find(db, p->id, w->by, w->arena, p);
    return e ? e : changes_add(db, CHANGES_posts, p->id, verb);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = put_row(db, w,
                "INSERT INTO posts (id, version, kind, title, title_en, body, body_en, summary, "
                "author, pinned, draft, from_ms, until_ms, rank, tries, pass, points, created_by, "
                "created_ms, updated_ms) VALUES (NULLIF(:id, 0), 1, :kind, :title, :title_en, "
                ":body, :body_en, :summary, :author, :pinned, :draft, :from, NULLIF(:until, 0), "
                ":from + :pinned * 1125899906842624, :tries, :pass, :points, :by, :now, :now)");
    if (e) return e;
    w->post->id = db_last_id(db);
    e = put_rest(db, w, "post_made");
    (void)snprintf(number, sizeof number, "%lld", (long long)w->post->id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* The post is there, and as its writer saw it. */
static enum err find_present(struct db *db, const struct work *w)
{
    struct db_query *q;
    bool row = false;
    int64_t version = 0;
    enum err e =
        db_prepare(db, "SELECT version FROM posts WHERE id = :id AND removed_ms IS NULL", &q);
    if (e) return e;
    db_bind_int(q, ":id", w->post->id);
    if (!(e = db_step(q, &row)) && row) version = db_int(q, 0);
    db_done(q);
    if (e) return e;
    if (!row) return err_say(w->why, ERR_NOTFOUND, "there is no such post");
    return record_seen("the post", version, w->post->version, w->why);
}

/* Words that somebody sent are theirs; what staff may do to them is publish them or not. */
static enum err judge_story(struct db *db, const struct work *w, bool removing)
{
    struct posts_post was;
    enum err e = posts_find(db, w->post->id, 0, w->arena, &was);
    if (e || !was.story[0]) return e;
    if (removing || was.draft)
        return err_say(w->why, ERR_CONFLICT,
                       "it is somebody's story: publish it or send it back (judged)");
    const struct posts_post *p = w->post;
    if (strcmp(p->kind, was.kind) != 0 || strcmp(p->title, was.title) != 0 ||
        strcmp(p->title_en, was.title_en) != 0 || strcmp(p->body, was.body) != 0 ||
        strcmp(p->body_en, was.body_en) != 0 || strcmp(p->author, was.author) != 0 || p->draft)
        return err_say(w->why, ERR_CONFLICT,
                       "it is somebody's story, whose words are theirs: send it back instead");
    return ERR_OK;
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find_present(db, w);
    if (!e) e = judge_story(db, w, false);
    if (!e)
        e = put_row(db, w,
                    "UPDATE posts SET version = version + 1, kind = :kind, title = :title, "
                    "title_en = :title_en, body = :body, body_en = :body_en, summary = :summary, "
                    "author = :author, pinned = :pinned, draft = :draft, from_ms = :from, until_ms "
                    "= NULLIF(:until, 0), rank = :from + :pinned * 1125899906842624, tries = "
                    ":tries, pass = :pass, points = :points, updated_ms = :now WHERE id = :id AND "
                    ":by > 0");
    return e ? e : put_rest(db, w, "post_changed");
}

static enum err take_away(struct db *db, void *user)
{
    struct work *w = user;
    struct db_query *q;
    enum err e = find_present(db, w);
    if (!e) e = judge_story(db, w, true);
    if (!e) e = pictures_drop(db, PICTURES_post, w->post->id);
    if (!e)
        e = db_prepare(db,
                       "UPDATE posts SET version = version + 1, removed_ms = :now, updated_ms = "
                       ":now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":id", w->post->id);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_posts, w->post->id, "post_removed");
}

enum err posts_create(struct db *db, const struct posts_kinds *kinds, int64_t by,
                      const struct answers_reply *reply, int64_t now_ms, struct arena *arena,
                      struct posts_post *post, struct idempotency_answer *answer, struct why *why)
{
    struct work w = {
        .post = post, .by = by, .now_ms = now_ms, .reply = reply, .answer = answer, .arena = arena};
    enum err e = check(kinds, post, why);
    return e ? e : db_write_said(db, create, &w, &w.why, why);
}

enum err posts_change(struct db *db, const struct posts_kinds *kinds, int64_t by, int64_t now_ms,
                      struct arena *arena, struct posts_post *post, struct why *why)
{
    struct work w = {.post = post, .by = by, .now_ms = now_ms, .arena = arena};
    enum err e = check(kinds, post, why);
    return e ? e : db_write_said(db, change, &w, &w.why, why);
}

enum err posts_remove(struct db *db, const struct datadir *dir, int64_t id, int64_t version,
                      int64_t now_ms, struct why *why)
{
    struct posts_post post = {.id = id, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.post = &post, .now_ms = now_ms, .arena = &arena};
    enum err e = db_write_said(db, take_away, &w, &w.why, why);
    arena_fini(&arena);
    if (!e) (void)blobs_doomed_erase(db, dir, NULL, NULL);
    return e;
}
