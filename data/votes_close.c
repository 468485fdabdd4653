#include "data/votes_close.h"

#include "data/changes.h"
#include "data/secrets.h"
#include "data/votes_ballot.h"
#include "data/votes_plan.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 16 /* of a ballot's row */ };

struct work {
    int64_t id, now_ms;
    const unsigned char *key;
    struct arena *arena;
    struct votes_vote vote;
    unsigned char *ballots; /* `count` of them, of `size` bytes each */
    size_t count, size;
    int64_t *counts[VOTES_QUESTIONS_MAX];
    struct why *why;
};

enum err votes_close_due(struct db *db, int64_t now_ms, int64_t after, int64_t *ids, size_t room,
                         size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT id FROM votes WHERE state = 'open' AND to_ms <= :now AND id > "
                            ":after ORDER BY id LIMIT :room",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":room", (int64_t)room);
    while (n < room && !(e = db_step(q, &row)) && row)
        ids[n++] = db_int(q, 0);
    db_done(q);
    if (!e) *count = n;
    return e;
}

/* ---- what comes out -------------------------------------------------------------------------- */

/* Whether `count` is more than the majority asks for. */
static bool carries(const struct votes_vote *v, int64_t ballots, int64_t count)
{
    return count * 100 > v->majority * (v->of_electors ? v->electors : ballots);
}

/* Whether one option is ahead of all others, and far enough. */
static bool is_decided(const struct votes_vote *v, int64_t ballots,
                       const struct votes_question *asked, const int64_t *counts)
{
    int64_t most = 0, second = 0;
    for (size_t j = 1; j <= asked->option_count; j++) {
        if (counts[j] > most) {
            second = most;
            most = counts[j];
        } else if (counts[j] > second) {
            second = counts[j];
        }
    }
    return most > second && carries(v, ballots, most);
}

enum votes_outcome votes_close_outcome(const struct votes_vote *v, int64_t ballots,
                                       int64_t *const *counts)
{
    bool decided = true;
    if (!ballots || ballots * 100 < v->quorum * v->electors) return VOTES_no_quorum;
    if (v->purpose == VOTES_survey) return VOTES_counted;
    for (size_t i = 0; i < v->question_count; i++) {
        const struct votes_question *asked = &v->questions[i];
        if (asked->type != VOTES_choice) continue;
        for (size_t j = 0; j < asked->option_count; j++)
            if (asked->options[j].adopts)
                return carries(v, ballots, counts[i][j + 1]) ? VOTES_adopted : VOTES_rejected;
        decided = decided && is_decided(v, ballots, asked, counts[i]);
    }
    return decided ? VOTES_adopted : VOTES_rejected;
}

/* ---- counting -------------------------------------------------------------------------------- */

static enum err count_rows(struct db *db, const char *sql, int64_t vote, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    if (!(e = db_step(q, &row)) && row) *count = db_int(q, 0);
    db_done(q);
    return e;
}

/* One ballot's bytes, opened where they are sealed. */
static enum err take_ballot(const struct work *w, const void *bytes, size_t len,
                            const unsigned char *key, unsigned char *to)
{
    if (!w->vote.secret) {
        if (len != w->size) return ERR_CHECKSUM;
        memcpy(to, bytes, len);
        return ERR_OK;
    }
    if (len != w->size + SECRETS_SEAL_BYTES) return ERR_CHECKSUM;
    return secrets_open(key, w->id, bytes, len, to);
}

/* All ballots, by what is in them: whichever order they came in is lost. */
static enum err read_ballots(struct db *db, struct work *w, size_t count)
{
    unsigned char key[SECRETS_KEY_BYTES];
    struct db_query *q;
    bool row = false;
    size_t len = 0;
    votes_ballot_key(w->key, w->id, key);
    w->ballots = arena_calloc(w->arena, count + 1, w->size);
    if (!w->ballots) return ERR_NOMEM;
    enum err e =
        db_prepare(db,
                   w->vote.secret ? "SELECT sealed FROM vote_ballots WHERE vote_id = :vote"
                                  : "SELECT answers FROM vote_electors WHERE vote_id = :vote AND "
                                    "voted = 1",
                   &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->id);
    while (w->count < count && !(e = db_step(q, &row)) && row) {
        const void *bytes = db_blob(q, 0, &len);
        e = take_ballot(w, bytes, len, key, w->ballots + w->count * w->size);
        if (e) break;
        w->count++;
    }
    db_done(q);
    if (e == ERR_CHECKSUM)
        return err_say(w->why, e,
                       "a ballot of vote %lld does not open: put back the secret.key that it was "
                       "sealed with",
                       (long long)w->id);
    return e;
}

static enum err keep_counts(struct db *db, const struct work *w)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < w->vote.question_count; i++)
        for (size_t v = 0; v <= votes_values(&w->vote.questions[i]) && !e; v++) {
            struct db_query *q;
            e = db_prepare(db,
                           "INSERT INTO vote_counts (vote_id, question, option, count) VALUES "
                           "(:vote, :question, :option, :count)",
                           &q);
            if (e) return e;
            db_bind_int(q, ":vote", w->id);
            db_bind_int(q, ":question", (int64_t)i + 1);
            db_bind_int(q, ":option", (int64_t)v);
            db_bind_int(q, ":count", w->counts[i][v]);
            e = db_run(q, NULL);
        }
    return e;
}

static enum err run_of(struct db *db, const char *sql, int64_t vote)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    return db_run(q, NULL);
}

struct shuffled {
    unsigned char key[KEY_BYTES];
    const unsigned char *answers;
};

static int by_key(const void *a, const void *b)
{
    return memcmp(a, b, KEY_BYTES);
}

/* New random keys, and the rows in the order of these: where they lie on their pages says nothing
 * either. */
static enum err shuffle(struct db *db, const struct work *w)
{
    struct shuffled *rows = arena_calloc(w->arena, w->count + 1, sizeof *rows);
    if (!rows) return ERR_NOMEM;
    for (size_t i = 0; i < w->count; i++) {
        secrets_random(rows[i].key, KEY_BYTES);
        rows[i].answers = w->ballots + i * w->size;
    }
    qsort(rows, w->count, sizeof *rows, by_key);
    enum err e = run_of(db, "DELETE FROM vote_ballots WHERE vote_id = :vote", w->id);
    for (size_t i = 0; i < w->count && !e; i++) {
        struct db_query *q;
        e = db_prepare(
            db, "INSERT INTO vote_ballots (vote_id, key, answers) VALUES (:vote, :key, :answers)",
            &q);
        if (e) return e;
        db_bind_int(q, ":vote", w->id);
        db_bind_blob(q, ":key", rows[i].key, KEY_BYTES);
        db_bind_blob(q, ":answers", rows[i].answers, w->size);
        e = db_run(q, NULL);
    }
    return e;
}

static enum err end(struct db *db, const struct work *w, int64_t ballots,
                    enum votes_outcome outcome)
{
    struct db_query *q;
    enum err e = run_of(
        db, "UPDATE vote_electors SET once = NULL WHERE vote_id = :vote AND once IS NOT NULL",
        w->id);
    if (!e)
        e = db_prepare(db,
                       "UPDATE votes SET version = version + 1, round = round + 1, state = "
                       "'closed', ended_ms = :now, "
                       "ballots = :ballots, outcome = :outcome, updated_ms = :now WHERE id = :vote",
                       &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->id);
    db_bind_int(q, ":ballots", ballots);
    db_bind_text(q, ":outcome", votes_outcomes[outcome]);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_votes, w->id, "vote_closed");
}

/* Two people know each other's vote from a count of both. */
static enum err drop_few(struct db *db, const struct work *w, int64_t ballots)
{
    enum err e = run_of(db, "DELETE FROM vote_ballots WHERE vote_id = :vote", w->id);
    return e ? e : end(db, w, ballots, VOTES_too_few);
}

static enum err count(struct db *db, struct work *w, int64_t ballots)
{
    w->size = votes_ballot_size(&w->vote);
    for (size_t i = 0; i < w->vote.question_count; i++) {
        w->counts[i] =
            arena_calloc(w->arena, votes_values(&w->vote.questions[i]) + 1, sizeof(int64_t));
        if (!w->counts[i]) return ERR_NOMEM;
    }
    enum err e = read_ballots(db, w, (size_t)ballots);
    if (e) return e;
    for (size_t i = 0; i < w->count; i++)
        votes_ballot_count(&w->vote, w->ballots + i * w->size, w->counts);
    e = keep_counts(db, w);
    if (!e && w->vote.secret) e = shuffle(db, w);
    if (e) return e;
    enum votes_outcome outcome = votes_close_outcome(&w->vote, ballots, w->counts);
    long factors = votes_plan_question(&w->vote);
    if (outcome == VOTES_adopted && w->vote.has_plan && factors >= 0) {
        /* A plan that nobody gave weights for divides nothing. */
        if (w->counts[factors][0] == ballots)
            outcome = VOTES_rejected;
        else
            e = votes_plan_adopt(db, &w->vote, w->counts[factors] + 1, w->arena);
    }
    return e ? e : end(db, w, ballots, outcome);
}

static enum err close_one(struct db *db, void *user)
{
    struct work *w = user;
    int64_t ballots = 0;
    enum err e = votes_find(db, w->id, w->arena, &w->vote);
    if (e || w->vote.state != VOTES_open || w->vote.to_ms > w->now_ms) return e;
    e = count_rows(db, "SELECT count(*) FROM vote_electors WHERE vote_id = :vote AND voted = 1",
                   w->id, &ballots);
    if (e) return e;
    if (w->vote.secret && ballots < VOTES_SECRET_MIN) return drop_few(db, w, ballots);
    return count(db, w, ballots);
}

enum err votes_close(struct db *db, int64_t id, const unsigned char *key, int64_t now_ms,
                     struct arena *arena, struct why *why)
{
    struct why said = {""};
    struct work w = {.id = id, .now_ms = now_ms, .key = key, .arena = arena, .why = &said};
    enum err e = db_write(db, close_one, &w);
    if (e && !said.text[0])
        (void)err_say(&said, e, "vote %lld cannot be counted: %s", (long long)id, db_error(db));
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}
