#include "data/stories.h"

#include "data/audit.h"
#include "data/blobs_doomed.h"
#include "data/changes.h"
#include "data/inbox.h"
#include "data/record.h"

#include <stdio.h>
#include <string.h>

static const char *const states[STORIES_STATE_COUNT] = {
#define STORIES_NAME(name) [STORIES_##name] = #name,
    STORIES_STATES(STORIES_NAME)
#undef STORIES_NAME
};
const char stories_kind[] = "story";

const char *stories_state_name(enum stories_state state)
{
    return states[state];
}

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT p.id, p.version, p.sender_id, (SELECT min(area_id) FROM post_areas a WHERE a.post_id " \
    "= p.id), p.story, p.title, p.body, p.author, p.story_reason, p.created_ms, p.updated_ms "     \
    "FROM "                                                                                        \
    "posts p WHERE p.story <> '' AND p.removed_ms IS NULL AND "

static enum err read_row(struct db_query *q, struct arena *arena, struct stories_story *to)
{
    struct stories_story s = {.id = db_int(q, 0),
                              .version = db_int(q, 1),
                              .person = db_int(q, 2),
                              .area_id = db_int(q, 3),
                              .title = arena_strdup(arena, db_text(q, 5)),
                              .body = arena_strdup(arena, db_text(q, 6)),
                              .author = arena_strdup(arena, db_text(q, 7)),
                              .reason = arena_strdup(arena, db_text(q, 8)),
                              .created_ms = db_int(q, 9),
                              .updated_ms = db_int(q, 10)};
    for (int i = 0; i < STORIES_STATE_COUNT; i++)
        if (strcmp(states[i], db_text(q, 4)) == 0) s.state = (enum stories_state)i;
    if (!s.title || !s.body || !s.author || !s.reason) return ERR_NOMEM;
    *to = s;
    return ERR_OK;
}

static enum err read_pictures(struct db *db, struct arena *arena, struct stories_story *s)
{
    return pictures_of(db, PICTURES_post, s->id, arena, &s->pictures, &s->picture_count);
}

/* `person` 0: whoever's. */
static enum err find(struct db *db, int64_t id, int64_t person, struct arena *arena,
                     struct stories_story *found)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, COLUMNS "p.id = :id AND (:person = 0 OR p.sender_id = :person)", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : read_pictures(db, arena, found);
}

enum err stories_find(struct db *db, int64_t id, int64_t person, struct arena *arena,
                      struct stories_story *found)
{
    return find(db, id, person, arena, found);
}

enum err stories_list(struct db *db, int64_t person, int64_t before, size_t limit,
                      struct arena *arena, const struct stories_story **list, size_t *count,
                      bool *more)
{
    struct stories_story *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db, COLUMNS "p.sender_id = :person AND p.id < :before ORDER BY p.id DESC LIMIT :limit", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    while (n <= limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    *more = n > limit;
    *count = *more ? limit : n;
    for (size_t i = 0; i < *count && !e; i++)
        e = read_pictures(db, arena, &made[i]);
    *list = made;
    return e;
}

/* ---- sending --------------------------------------------------------------------------------- */

struct work {
    const struct stories_sending *sending; /* or */
    const struct stories_judging *judging; /* this one */
    const struct answers_reply *reply;
    struct arena *arena;
    struct stories_story *story;
    struct idempotency_answer *answer;
    struct why *why;
};

static enum err check(const struct stories_sending *s, struct why *why)
{
    struct why said = {""};
    enum err e = record_text("title", s->title, 1, POSTS_TITLE_MAX, why);
    if (!e) e = record_text("body", s->body, 1, STORIES_BODY_MAX, why);
    if (!e) e = record_text("author", s->author, 0, POSTS_AUTHOR_MAX, why);
    if (e) return e;
    e = markdown_check(s->body, strlen(s->body), &said);
    return e == ERR_LIMIT ? err_say(why, ERR_INVALID, "body: %s", said.text) : e;
}

static enum err count_waiting(struct db *db, int64_t person, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM posts WHERE sender_id = :person AND story IN "
                            "('sent', 'returned') AND removed_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err judge_sending(struct db *db, const struct work *w)
{
    const struct stories_sending *s = w->sending;
    struct stories_story was;
    int64_t waiting = 0;
    enum err e;
    if (!s->id) {
        e = count_waiting(db, s->person, &waiting);
        if (e || waiting < STORIES_WAITING_MAX) return e;
        return err_say(w->why, ERR_CONFLICT, "%d of yours wait already: take one away first",
                       STORIES_WAITING_MAX);
    }
    e = find(db, s->id, s->person, w->arena, &was);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such story of yours");
    if (!e) e = record_seen("the story", was.version, s->version, w->why);
    if (!e && was.state == STORIES_published)
        return err_say(w->why, ERR_CONFLICT, "it is published: take it away, and send it anew");
    return e;
}

static enum err put_row(struct db *db, const struct stories_sending *s, int64_t *id)
{
    struct buf words;
    struct db_query *q;
    buf_init(&words, (size_t)POSTS_SUMMARY_MAX * 4 + 8);
    enum err e = markdown_words(s->body, strlen(s->body), POSTS_SUMMARY_MAX, &words);
    buf_putc(&words, '\0');
    if (!e) e = words.err;
    if (!e)
        e = db_prepare(
            db,
            s->id ? "UPDATE posts SET version = version + 1, title = :title, body = :body, author "
                    "= :author, summary = :summary, story = 'sent', story_reason = '', updated_ms "
                    "= :now WHERE id = :id AND sender_id = :person"
                  : "INSERT INTO posts (id, version, kind, title, body, summary, author, pinned, "
                    "draft, from_ms, rank, created_ms, updated_ms, sender_id, story) VALUES "
                    "(NULLIF(:id, 0), 1, 'story', :title, :body, :summary, :author, 0, 1, :now, "
                    ":now, :now, :now, :person, 'sent')",
            &q);
    if (!e) {
        db_bind_int(q, ":id", s->id);
        db_bind_int(q, ":person", s->person);
        db_bind_text(q, ":title", s->title);
        db_bind_text(q, ":body", s->body);
        db_bind_text(q, ":author", s->author);
        db_bind_text(q, ":summary", words.bytes);
        db_bind_int(q, ":now", s->now_ms);
        e = db_run(q, NULL);
    }
    buf_fini(&words);
    if (!e) *id = s->id ? s->id : db_last_id(db);
    return e;
}

static enum err put_area(struct db *db, int64_t id, int64_t area)
{
    static const char *const statements[] = {
        "DELETE FROM post_areas WHERE post_id = :id AND :area > 0",
        "INSERT INTO post_areas (post_id, area_id) VALUES (:id, :area)"};
    enum err e = ERR_OK;
    for (size_t i = 0; i < 2 && !e; i++) {
        struct db_query *q;
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":id", id);
        db_bind_int(q, ":area", area);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err put(struct db *db, void *user)
{
    struct work *w = user;
    const struct stories_sending *s = w->sending;
    char number[24];
    int64_t id = 0;
    bool done = false;
    enum err e = answers_find(db, w->reply, s->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = judge_sending(db, w);
    if (!e) e = put_row(db, s, &id);
    if (!e) e = put_area(db, id, s->area_id);
    const struct pictures_showing showing = {.owner = PICTURES_post,
                                             .owner_id = id,
                                             .by = s->person,
                                             .ids = s->pictures,
                                             .count = s->picture_count,
                                             .now_ms = s->now_ms};
    if (!e) e = pictures_show(db, &showing, w->why);
    if (!e) e = find(db, id, s->person, w->arena, w->story);
    if (!e) e = changes_add(db, CHANGES_posts, id, "story_sent");
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return e ? e : answers_keep(db, w->reply, number, s->now_ms, w->arena, w->answer);
}

enum err stories_send(struct db *db, const struct stories_sending *sending,
                      const struct answers_reply *reply, struct arena *arena,
                      struct stories_story *story, struct idempotency_answer *answer,
                      struct why *why)
{
    struct work w = {
        .sending = sending, .reply = reply, .arena = arena, .story = story, .answer = answer};
    enum err e = check(sending, why);
    return e ? e : db_write_said(db, put, &w, &w.why, why);
}

/* ---- taking away ----------------------------------------------------------------------------- */

/* Its row stays, so that who read it is still counted; its words do not. */
static enum err erase(struct db *db, int64_t id)
{
    struct db_query *q;
    enum err e = pictures_drop(db, PICTURES_post, id);
    if (!e)
        e = db_prepare(db,
                       "UPDATE posts SET version = version + 1, title = '-', title_en = '', body = "
                       "'', body_en = '', summary = '', author = '', story_reason = '', sender_id "
                       "= NULL, draft = 1, removed_ms = updated_ms WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_posts, id, "story_taken_back");
}

static enum err take_back(struct db *db, void *user)
{
    struct work *w = user;
    const struct stories_sending *s = w->sending;
    struct stories_story was;
    enum err e = find(db, s->id, s->person, w->arena, &was);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such story of yours");
    if (!e) e = record_seen("the story", was.version, s->version, w->why);
    return e ? e : erase(db, s->id);
}

enum err stories_take_back(struct db *db, const struct datadir *dir, int64_t id, int64_t version,
                           int64_t person, struct why *why)
{
    const struct stories_sending sending = {.id = id, .version = version, .person = person};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.sending = &sending, .arena = &arena};
    enum err e = db_write_said(db, take_back, &w, &w.why, why);
    arena_fini(&arena);
    if (!e) (void)blobs_doomed_erase(db, dir, NULL, NULL);
    return e;
}

enum err stories_forget(struct db *db, int64_t person)
{
    enum err e = ERR_OK;
    bool row = true;
    while (!e && row) {
        struct db_query *q;
        int64_t id = 0;
        e = db_prepare(db, "SELECT id FROM posts WHERE sender_id = :person LIMIT 1", &q);
        if (e) return e;
        db_bind_int(q, ":person", person);
        if (!(e = db_step(q, &row)) && row) id = db_int(q, 0);
        db_done(q);
        if (!e && row) e = erase(db, id);
    }
    return e;
}

/* ---- judging --------------------------------------------------------------------------------- */

static enum err judge_verdict(const struct work *w, const struct stories_story *was)
{
    const struct stories_judging *j = w->judging;
    enum err e = record_seen("the story", was->version, j->version, w->why);
    if (!e) e = record_text("reason", j->reason, !j->published, STORIES_REASON_MAX, w->why);
    if (e) return e;
    if (was->person == j->by) return err_say(w->why, ERR_DENIED, "nobody judges their own story");
    if (was->state == STORIES_returned || (j->published && was->state == STORIES_published))
        return err_say(w->why, ERR_CONFLICT, "the story is %s", states[was->state]);
    return ERR_OK;
}

static enum err note(struct db *db, const struct work *w, const struct stories_story *was)
{
    const struct stories_judging *j = w->judging;
    const struct inbox_message message = {
        .person = was->person,
        .verb = j->published ? INBOX_story_published : INBOX_story_returned,
        .about = arena_printf(w->arena, "/v1/me/stories/%lld", (long long)was->id),
        .title = was->title,
        .note = j->published ? NULL : j->reason};
    const struct audit_row row = {.verb =
                                      j->published ? AUDIT_story_published : AUDIT_story_returned,
                                  .person = j->by,
                                  .subject = was->person,
                                  .area = was->area_id,
                                  .detail = arena_printf(w->arena, "post %lld", (long long)was->id),
                                  .at_ms = j->now_ms};
    if (!message.about || !row.detail) return ERR_NOMEM;
    enum err e = was->person ? inbox_put(db, &message, j->now_ms) : ERR_OK;
    if (!e) e = audit_add(db, &row);
    return e ? e
             : changes_add(db, CHANGES_posts, was->id,
                           j->published ? "story_published" : "story_returned");
}

static enum err judge(struct db *db, void *user)
{
    struct work *w = user;
    const struct stories_judging *j = w->judging;
    struct stories_story was;
    struct db_query *q;
    enum err e = find(db, j->id, 0, w->arena, &was);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such story");
    if (!e) e = judge_verdict(w, &was);
    if (!e)
        e = db_prepare(
            db,
            j->published ? "UPDATE posts SET version = version + 1, draft = 0, story = "
                           "'published', story_reason = :reason, from_ms = :now, rank = :now + "
                           "pinned * 1125899906842624, updated_ms = :now WHERE id = :id"
                         : "UPDATE posts SET version = version + 1, draft = 1, story = 'returned', "
                           "story_reason = :reason, updated_ms = :now WHERE id = :id",
            &q);
    if (e) return e;
    db_bind_text(q, ":reason", j->published ? "" : j->reason);
    db_bind_int(q, ":now", j->now_ms);
    db_bind_int(q, ":id", j->id);
    e = db_run(q, NULL);
    return e ? e : note(db, w, &was);
}

enum err stories_judge(struct db *db, const struct stories_judging *judging, struct arena *arena,
                       struct why *why)
{
    struct work w = {.judging = judging, .arena = arena};
    return db_write_said(db, judge, &w, &w.why, why);
}
