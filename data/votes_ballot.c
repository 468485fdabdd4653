#include "data/votes_ballot.h"

#include <string.h>

enum { KEY_BYTES = 16 /* of a ballot's row */ };

/* ---- as bytes -------------------------------------------------------------------------------- */

/* Of a choice and a scale one byte, 0: no answer. Of the others one for each option: 1 where it is
 * chosen, or its weight. */
static size_t size_of(const struct votes_question *q)
{
    return q->type == VOTES_choice || q->type == VOTES_scale ? 1 : q->option_count;
}

size_t votes_ballot_size(const struct votes_vote *vote)
{
    size_t size = 0;
    for (size_t i = 0; i < vote->question_count; i++)
        size += size_of(&vote->questions[i]);
    return size;
}

static enum err refuse(struct why *why, size_t i, const char *name, const char *detail)
{
    return err_say(why, ERR_INVALID, "answers/%zu/%s %s", i, name, detail);
}

static enum err write_one(const struct votes_question *q, size_t i, int64_t number, int64_t most,
                          unsigned char *to, struct why *why)
{
    if (number < 0 || number > most)
        return err_say(why, ERR_INVALID, "answers/%zu/%s must be from 1 to %lld", i,
                       q->type == VOTES_scale ? "value" : "choice", (long long)most);
    *to = (unsigned char)number;
    return ERR_OK;
}

static enum err write_choices(const struct votes_question *q, size_t i,
                              const struct votes_answer *a, unsigned char *to, struct why *why)
{
    if ((int64_t)a->choice_count < q->min || (int64_t)a->choice_count > q->max)
        return err_say(why, ERR_INVALID, "answers/%zu/choices must be from %lld to %lld options", i,
                       (long long)q->min, (long long)q->max);
    for (size_t j = 0; j < a->choice_count; j++) {
        int64_t option = a->choices[j];
        if (option < 1 || option > (int64_t)q->option_count)
            return refuse(why, i, "choices", "has an option that there is not");
        if (to[option - 1]++) return refuse(why, i, "choices", "has an option twice");
    }
    return ERR_OK;
}

static enum err write_weights(const struct votes_question *q, size_t i,
                              const struct votes_answer *a, unsigned char *to, struct why *why)
{
    int64_t sum = 0;
    if (a->weight_count != q->option_count)
        return refuse(why, i, "weights", "must have a number for each factor");
    for (size_t j = 0; j < a->weight_count; j++) {
        if (a->weights[j] < 0 || a->weights[j] > VOTES_WEIGHTS)
            return refuse(why, i, "weights", "must be from 0 to 100 each");
        sum += a->weights[j];
        to[j] = (unsigned char)a->weights[j];
    }
    return sum == VOTES_WEIGHTS ? ERR_OK : refuse(why, i, "weights", "must add up to 100");
}

/* Whether anything is there that is for another type of question. */
static bool is_strange(const struct votes_question *q, const struct votes_answer *a)
{
    return (a->choice && q->type != VOTES_choice) || (a->value && q->type != VOTES_scale) ||
           (a->choice_count && q->type != VOTES_choices) ||
           (a->weight_count && q->type != VOTES_factors);
}

static enum err write_answer(const struct votes_question *q, size_t i, const struct votes_answer *a,
                             unsigned char *to, struct why *why)
{
    bool is_none = !a->choice && !a->value && !a->choice_count && !a->weight_count;
    if (is_strange(q, a))
        return err_say(why, ERR_INVALID, "answers/%zu: the question is of the type %s", i,
                       votes_types[q->type]);
    if (is_none && q->optional) return ERR_OK;
    if (is_none) return err_say(why, ERR_INVALID, "answers/%zu: an answer is owed", i);
    switch (q->type) {
    case VOTES_choice:
        return write_one(q, i, a->choice, (int64_t)q->option_count, to, why);
    case VOTES_scale:
        return write_one(q, i, a->value, q->max, to, why);
    case VOTES_choices:
        return write_choices(q, i, a, to, why);
    default:
        return write_weights(q, i, a, to, why);
    }
}

enum err votes_ballot_write(const struct votes_vote *vote, const struct votes_answer *answers,
                            size_t count, unsigned char *bytes, struct why *why)
{
    if (count != vote->question_count)
        return err_say(why, ERR_INVALID, "answers must be %zu, one for each question",
                       vote->question_count);
    memset(bytes, 0, votes_ballot_size(vote));
    for (size_t i = 0; i < count; i++) {
        enum err e = write_answer(&vote->questions[i], i, &answers[i], bytes, why);
        if (e) return e;
        bytes += size_of(&vote->questions[i]);
    }
    return ERR_OK;
}

static enum err read_list(const struct votes_question *q, const unsigned char *bytes,
                          struct arena *arena, struct votes_answer *answer)
{
    int64_t *list = arena_calloc(arena, q->option_count + 1, sizeof *list);
    size_t n = 0, any = 0;
    if (!list) return ERR_NOMEM;
    for (size_t j = 0; j < q->option_count; j++) {
        any += bytes[j] != 0;
        if (q->type == VOTES_factors)
            list[n++] = bytes[j];
        else if (bytes[j])
            list[n++] = (int64_t)j + 1;
    }
    if (!any) return ERR_OK;
    if (q->type == VOTES_factors)
        *answer = (struct votes_answer){.weights = list, .weight_count = n};
    else
        *answer = (struct votes_answer){.choices = list, .choice_count = n};
    return ERR_OK;
}

enum err votes_ballot_read(const struct votes_vote *vote, const unsigned char *bytes,
                           struct arena *arena, struct votes_answer *answers)
{
    enum err e = ERR_OK;
    for (size_t i = 0; i < vote->question_count && !e; i++) {
        const struct votes_question *q = &vote->questions[i];
        answers[i] = (struct votes_answer){.choice = q->type == VOTES_choice ? bytes[0] : 0,
                                           .value = q->type == VOTES_scale ? bytes[0] : 0};
        if (q->type == VOTES_choices || q->type == VOTES_factors)
            e = read_list(q, bytes, arena, &answers[i]);
        bytes += size_of(q);
    }
    return e;
}

void votes_ballot_count(const struct votes_vote *vote, const unsigned char *bytes,
                        int64_t *const *counts)
{
    for (size_t i = 0; i < vote->question_count; i++) {
        const struct votes_question *q = &vote->questions[i];
        bool any = false;
        if (size_of(q) == 1 && (q->type == VOTES_choice || q->type == VOTES_scale)) {
            counts[i][bytes[0]]++;
        } else {
            for (size_t j = 0; j < q->option_count; j++) {
                counts[i][j + 1] += bytes[j];
                any = any || bytes[j];
            }
            counts[i][0] += !any;
        }
        bytes += size_of(q);
    }
}

/* ---- casting --------------------------------------------------------------------------------- */

void votes_ballot_key(const unsigned char *key, int64_t vote, unsigned char *of)
{
    _Static_assert(SECRETS_KEY_BYTES == SECRETS_HASH_BYTES, "a key is such a hash");
    secrets_keyed(key, "ballots", &vote, sizeof vote, of);
}

struct work {
    const struct votes_casting *casting;
    struct arena *arena;
    unsigned char once[SECRETS_HASH_BYTES];
    bool has_once;
    struct why *why;
};

/* What a request is known again by: nobody guesses from it which key it had. */
static void keep_once(struct work *w)
{
    const struct votes_casting *c = w->casting;
    const char *text =
        arena_printf(w->arena, "%lld %lld %s", (long long)c->vote, (long long)c->person, c->once);
    if (!text) return;
    secrets_keyed(c->key, "ballot once", text, strlen(text), w->once);
    w->has_once = true;
}

/* `*done`: this very request has been taken before. */
static enum err judge_elector(struct db *db, const struct work *w, bool *done)
{
    const struct votes_casting *c = w->casting;
    struct db_query *q;
    bool row = false, voted = false;
    size_t len = 0;
    enum err e = db_prepare(db,
                            "SELECT voted, once FROM vote_electors WHERE vote_id = :vote AND "
                            "person_id = :person",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", c->vote);
    db_bind_int(q, ":person", c->person);
    if (!(e = db_step(q, &row)) && row) {
        const void *kept = db_blob(q, 1, &len);
        voted = db_int(q, 0) != 0;
        *done = voted && w->has_once && len == sizeof w->once &&
                secrets_same(kept, w->once, sizeof w->once);
    }
    db_done(q);
    if (e) return e;
    if (!row) return err_say(w->why, ERR_DENIED, "you are not among those who vote here");
    return voted && !*done ? err_say(w->why, ERR_CONFLICT, "you have voted already") : ERR_OK;
}

static enum err judge_time(const struct work *w, const struct votes_vote *v)
{
    int64_t now_ms = w->casting->now_ms;
    if (v->state != VOTES_open)
        return err_say(w->why, ERR_CONFLICT, "the vote is %s", votes_states[v->state]);
    if (now_ms < v->from_ms) return err_say(w->why, ERR_CONFLICT, "the vote has not begun");
    if (now_ms >= v->to_ms) return err_say(w->why, ERR_CONFLICT, "the vote is over");
    return ERR_OK;
}

static enum err mark(struct db *db, const struct work *w, const unsigned char *answers, size_t size)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE vote_electors SET voted = 1, once = :once, answers = :answers "
                            "WHERE vote_id = :vote AND person_id = :person",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->casting->vote);
    db_bind_int(q, ":person", w->casting->person);
    if (w->has_once)
        db_bind_blob(q, ":once", w->once, sizeof w->once);
    else
        db_bind_null(q, ":once");
    if (answers)
        db_bind_blob(q, ":answers", answers, size);
    else
        db_bind_null(q, ":answers");
    return db_run(q, NULL);
}

static enum err drop_in(struct db *db, const struct work *w, const unsigned char *answers,
                        size_t size)
{
    unsigned char sealed[VOTES_BALLOT_MAX + SECRETS_SEAL_BYTES], key[SECRETS_KEY_BYTES];
    unsigned char row[KEY_BYTES];
    struct db_query *q;
    votes_ballot_key(w->casting->key, w->casting->vote, key);
    secrets_seal(key, w->casting->vote, answers, size, sealed);
    secrets_random(row, sizeof row);
    enum err e = db_prepare(
        db, "INSERT INTO vote_ballots (vote_id, key, sealed) VALUES (:vote, :key, :sealed)", &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->casting->vote);
    db_bind_blob(q, ":key", row, sizeof row);
    db_bind_blob(q, ":sealed", sealed, size + SECRETS_SEAL_BYTES);
    return db_run(q, NULL);
}

static enum err cast(struct db *db, void *user)
{
    struct work *w = user;
    const struct votes_casting *c = w->casting;
    unsigned char bytes[VOTES_BALLOT_MAX];
    struct votes_vote v;
    bool done = false;
    enum err e = votes_find(db, c->vote, w->arena, &v);
    if (e == ERR_NOTFOUND || (!e && v.state == VOTES_draft))
        return err_say(w->why, ERR_NOTFOUND, "there is no such vote");
    if (!e && v.state != VOTES_open) e = judge_time(w, &v);
    if (!e) e = judge_elector(db, w, &done);
    if (e || done) return e;
    e = judge_time(w, &v);
    if (!e) e = votes_ballot_write(&v, c->answers, c->answer_count, bytes, w->why);
    if (!e && v.secret) e = drop_in(db, w, bytes, votes_ballot_size(&v));
    return e ? e : mark(db, w, v.secret ? NULL : bytes, votes_ballot_size(&v));
}

enum err votes_ballot_cast(struct db *db, const struct votes_casting *casting, struct arena *arena,
                           struct why *why)
{
    struct work w = {.casting = casting, .arena = arena};
    if (casting->once) keep_once(&w);
    return db_write_said(db, cast, &w, &w.why, why);
}
