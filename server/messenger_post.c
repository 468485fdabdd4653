#include "server/messenger_post.h"

#include "data/secrets.h"
#include "geo/base/clock.h"

#include <stdio.h>
#include <string.h>

enum { LETTER_MAX = 16 * 1024, EARLIER_S = 300, PAUSES_MAX = 6 };

/* ---- waiting with all of it ------------------------------------------------------------------ */

static int64_t pause_ms(const struct messenger_post *m, int tries)
{
    return deliveries_pause(tries, m->service->options->webhook_retry_ms, secrets_chance());
}

/* WeChat itself cannot or will not: nothing is sent for a while, and no try counts. What was under
 * way by then says the same of the same moment, and makes it no longer. */
static void hold_back(struct messenger_post *m, const char *why, int64_t code)
{
    if (clock_utc_ms() < m->paused_until_ms) return;
    if (m->strikes < PAUSES_MAX) m->strikes++;
    m->paused_until_ms = clock_utc_ms() + pause_ms(m, m->strikes);
    log_say(m->service->log, APP_LOG_WARN, "WeChat is not called for a while: %s (%lld)", why,
            (long long)code);
}

/* ---- the access token ------------------------------------------------------------------------ */

static void on_token(struct messenger_post *m, const struct post_outcome *went)
{
    struct body_answer answer;
    enum wechat_verdict verdict =
        wechat_judge(went->status, went->answer, went->answer_len, &answer);
    m->asking = false;
    if (verdict != WECHAT_OK || !answer.access_token[0] || !answer.expires_s) {
        hold_back(m, "it gives no access token", answer.errcode);
        return;
    }
    memcpy(m->token, answer.access_token, sizeof m->token);
    m->token_until_ms =
        clock_utc_ms() +
        (answer.expires_s > 2 * EARLIER_S ? answer.expires_s - EARLIER_S : answer.expires_s / 2) *
            1000;
    m->force = false;
}

static enum err post_letter(struct messenger_post *m, const struct buf *url, const struct buf *body,
                            void *user)
{
    const struct post_letter letter = {.url = url->bytes,
                                       .headers = {"Content-Type: application/json", "Expect:"},
                                       .body = body->bytes,
                                       .len = body->len,
                                       .keep = true,
                                       .user = user};
    return url->err ? url->err : body->err ? body->err : post_send(m->post, &letter);
}

static enum err ask_token(struct messenger_post *m)
{
    struct buf url, body;
    buf_init(&url, LETTER_MAX);
    buf_init(&body, LETTER_MAX);
    wechat_token_letter(m->wechat, m->force, &url, &body);
    buf_put(&url, "", 1);
    enum err e = post_letter(m, &url, &body, NULL);
    m->asking = !e;
    buf_fini(&url);
    buf_fini(&body);
    return e;
}

/* ---- how it went ----------------------------------------------------------------------------- */

static void again(struct messenger_post *m, struct messenger_flight *f, bool counts,
                  const char *error)
{
    struct inbox_send_outcome *o = &f->outcome;
    int tries = f->tries + counts;
    o->tried = counts;
    o->error = error;
    o->state = tries < DELIVERIES_TRIES ? DELIVERIES_WAITING : DELIVERIES_DEAD;
    o->next_ms = clock_utc_ms() + (counts ? pause_ms(m, tries) : 0);
}

/* A token that is not valid is got anew at once, and by force; where that does not help either, all
 * waits. */
static void lose_token(struct messenger_post *m, struct messenger_flight *f, int64_t code)
{
    again(m, f, f->tries > 0, "the access token was not valid");
    if (f->tries > 0) hold_back(m, "new access tokens are not valid either", code);
    f->outcome.tried = true;
    m->token[0] = '\0';
    m->force = true;
}

static void on_message(struct messenger_post *m, struct messenger_flight *f,
                       const struct post_outcome *went)
{
    struct body_answer answer;
    enum wechat_verdict verdict =
        wechat_judge(went->status, went->answer, went->answer_len, &answer);
    struct inbox_send_outcome *o = &f->outcome;
    *o = (struct inbox_send_outcome){.id = f->delivery,
                                     .person = f->person,
                                     .group = f->group,
                                     .state = DELIVERIES_DONE,
                                     .tried = true,
                                     .sent_ms = f->sent_ms,
                                     .code = answer.errcode,
                                     .next_ms = clock_utc_ms()};
    f->landed = true;
    switch (verdict) {
    case WECHAT_OK:
        m->strikes = 0;
        break;
    case WECHAT_TOKEN:
        lose_token(m, f, answer.errcode);
        break;
    case WECHAT_REFUSED:
        o->state = DELIVERIES_DROPPED;
        o->refused = true;
        o->error = "they want no more of this group by WeChat";
        break;
    case WECHAT_LIMIT:
        again(m, f, false, "WeChat takes no more calls for now");
        hold_back(m, "it takes no more calls for now", answer.errcode);
        break;
    case WECHAT_WRONG:
    case WECHAT_CODE:
    case WECHAT_BLOCKED:
        o->state = DELIVERIES_DEAD;
        o->error = "WeChat does not take it: look at the template, its fields and the receiver";
        log_say(m->service->log, APP_LOG_WARN, "WeChat does not take delivery %lld: %lld",
                (long long)f->delivery, (long long)answer.errcode);
        break;
    default:
        again(m, f, true, went->status ? "the answer was a failure" : "there was no answer");
    }
}

static void on_done(void *context, const struct post_outcome *went)
{
    struct messenger_post *m = context;
    if (went->user)
        on_message(m, went->user, went);
    else
        on_token(m, went);
}

/* What cannot be kept now is kept the next time; until then it is not sent again. */
static enum err keep(struct messenger_post *m, struct db *db)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < MESSENGER_POST_FLIGHTS && !e; i++) {
        struct messenger_flight *f = &m->flights[i];
        if (!f->used || !f->landed) continue;
        e = inbox_send_settle(db, &f->outcome, clock_utc_ms());
        if (e) return e;
        *f = (struct messenger_flight){0};
        m->under_way--;
    }
    return e;
}

enum err messenger_post_run(struct messenger_post *m, struct db *db, int wait_ms)
{
    enum err e = post_run(m->post, wait_ms, on_done, m);
    return e ? e : keep(m, db);
}

/* ---- sending --------------------------------------------------------------------------------- */

static struct messenger_flight *free_flight(struct messenger_post *m, int64_t delivery)
{
    struct messenger_flight *found = NULL;
    for (size_t i = 0; i < MESSENGER_POST_FLIGHTS; i++) {
        if (m->flights[i].used && m->flights[i].delivery == delivery) return NULL;
        if (!m->flights[i].used) found = &m->flights[i];
    }
    return found;
}

/* What need not or cannot be sent; NULL: it is to be. */
static const char *dropped(const struct messenger_post *m, const struct inbox_send *d)
{
    if (d->withheld) return d->withheld;
    if (!m->wechat->templates[inbox_verbs_group(d->item.verb)].id)
        return "the group has no template";
    return NULL;
}

static enum err send_one(struct messenger_post *m, struct db *db, const struct inbox_send *d,
                         int64_t now_ms)
{
    const struct wechat_message message = {d->openid, &d->item, d->english};
    const char *why = dropped(m, d);
    struct messenger_flight *f = free_flight(m, d->id);
    struct buf url, body;
    if (!f) return ERR_OK; /* under way, or no room: one that lands makes some */
    if (why)
        return inbox_send_settle(
            db,
            &(struct inbox_send_outcome){
                .id = d->id, .state = DELIVERIES_DROPPED, .error = why, .next_ms = now_ms},
            now_ms);
    buf_init(&url, LETTER_MAX);
    buf_init(&body, LETTER_MAX);
    wechat_message_letter(m->wechat, m->token, &message, &url, &body);
    buf_put(&url, "", 1);
    enum err e = post_letter(m, &url, &body, f);
    buf_fini(&url);
    buf_fini(&body);
    if (e) return e;
    *f = (struct messenger_flight){.delivery = d->id,
                                   .person = d->person,
                                   .group = inbox_verbs_group(d->item.verb),
                                   .tries = d->tries,
                                   .sent_ms = now_ms,
                                   .used = true};
    m->under_way++;
    return ERR_OK;
}

enum err messenger_post_send(struct messenger_post *m, struct db *db, int64_t now_ms)
{
    enum { ROOM = 2 * MESSENGER_POST_FLIGHTS };
    struct inbox_send due[ROOM];
    struct arena arena;
    size_t count = 0;
    if (now_ms < m->paused_until_ms || m->under_way == MESSENGER_POST_FLIGHTS) return ERR_OK;
    arena_init(&arena, 0);
    enum err e = inbox_send_due(db, m->service->seal_key, now_ms, &arena, due, ROOM, &count);
    if (!e && count && (!m->token[0] || now_ms >= m->token_until_ms)) {
        if (!m->asking && !m->under_way) e = ask_token(m);
        count = 0;
    }
    for (size_t i = 0; i < count && !e; i++)
        e = send_one(m, db, &due[i], now_ms);
    arena_fini(&arena);
    return e;
}
