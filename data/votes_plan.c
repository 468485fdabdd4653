#include "data/votes_plan.h"

#include "data/changes.h"
#include "data/record.h"
#include "data/votes_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHOLE = 10000 /* hundredths of a percent */ };

/* ---- dividing -------------------------------------------------------------------------------- */

struct remainder {
    int64_t rest;
    size_t i;
};

static int compare(const void *a, const void *b)
{
    const struct remainder *x = a, *y = b;
    if (x->rest != y->rest) return x->rest < y->rest ? 1 : -1;
    return (x->i > y->i) - (x->i < y->i);
}

/* `total` by shares whose sum is `sum`, in whole numbers. Products stay below 2^63: see the bounds
 * of pots, scores and weights. */
static void divide(int64_t total, const int64_t *shares, int64_t sum, struct remainder *order,
                   size_t count, int64_t *parts)
{
    int64_t left = total;
    for (size_t i = 0; i < count; i++) {
        parts[i] = total * shares[i] / sum;
        order[i] = (struct remainder){total * shares[i] % sum, i};
        left -= parts[i];
    }
    qsort(order, count, sizeof *order, compare);
    for (size_t i = 0; i < (size_t)left; i++)
        parts[order[i].i]++;
}

void votes_plan_weights(const int64_t *sums, size_t count, int64_t *weights)
{
    struct remainder order[VOTES_OPTIONS_MAX];
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += sums[i];
    memset(weights, 0, count * sizeof *weights);
    if (sum) divide(WHOLE, sums, sum, order, count, weights);
}

enum err votes_plan_divide(const struct votes_plan *plan, const int64_t *weights,
                           struct arena *arena, int64_t **amounts)
{
    size_t n = plan->row_count;
    int64_t *shares = arena_calloc(arena, n + 1, sizeof *shares), sum = 0;
    int64_t *parts = arena_calloc(arena, n + 1, sizeof *parts);
    struct remainder *order = arena_calloc(arena, n + 1, sizeof *order);
    if (!shares || !parts || !order) return ERR_NOMEM;
    for (size_t i = 0; i < n; i++) {
        for (size_t f = 0; f < plan->factor_count; f++)
            shares[i] += weights[f] * plan->rows[i].scores[f];
        sum += shares[i];
    }
    if (!sum) return ERR_INVALID;
    divide(plan->pot_fen, shares, sum, order, n, parts);
    *amounts = parts;
    return ERR_OK;
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err read_plan(struct db *db, int64_t vote, struct votes_plan *plan)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT pot_fen, (SELECT count(*) FROM vote_plan_rows WHERE vote_id = "
                            ":vote), (SELECT COALESCE(max(factor), 0) FROM vote_plan_scores WHERE "
                            "vote_id = :vote) FROM vote_plans WHERE vote_id = :vote",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    if (!(e = db_step(q, &row)) && row)
        *plan = (struct votes_plan){.pot_fen = db_int(q, 0),
                                    .row_count = (size_t)db_int(q, 1),
                                    .factor_count = (size_t)db_int(q, 2)};
    db_done(q);
    return e || row ? e : ERR_NOTFOUND;
}

static enum err read_rows(struct db *db, int64_t vote, struct arena *arena, struct votes_plan *plan)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT r.number, r.person_id, r.name, COALESCE(r.amount_fen, -1), s.factor, s.score FROM "
        "vote_plan_rows r JOIN vote_plan_scores s ON s.vote_id = r.vote_id AND s.number = r.number "
        "WHERE r.vote_id = :vote ORDER BY r.number, s.factor",
        &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    while (!(e = db_step(q, &row)) && row) {
        struct votes_plan_row *to = &plan->rows[db_int(q, 0) - 1];
        int64_t *scores = (int64_t *)(uintptr_t)to->scores;
        if (!scores) {
            scores = arena_calloc(arena, plan->factor_count + 1, sizeof *scores);
            *to = (struct votes_plan_row){db_int(q, 1), arena_strdup(arena, db_text(q, 2)), scores,
                                          db_int(q, 3)};
            if (!scores || !to->name) e = ERR_NOMEM;
        }
        if (e) break;
        scores[db_int(q, 4) - 1] = db_int(q, 5);
    }
    db_done(q);
    return e;
}

enum err votes_plan_find(struct db *db, int64_t vote, struct arena *arena, struct votes_plan *plan)
{
    struct votes_plan found;
    enum err e = read_plan(db, vote, &found);
    if (e) return e;
    found.rows = arena_calloc(arena, found.row_count + 1, sizeof *found.rows);
    if (!found.rows) return ERR_NOMEM;
    e = read_rows(db, vote, arena, &found);
    if (!e) *plan = found;
    return e;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct work {
    int64_t vote, version, by;
    const struct votes_plan *plan;
    struct arena *arena;
    struct why *why;
};

static enum err check_row(const struct votes_plan *plan, size_t i, struct why *why)
{
    const struct votes_plan_row *row = &plan->rows[i];
    char name[64];
    (void)snprintf(name, sizeof name, "rows/%zu/name", i);
    enum err e = record_text(name, row->name, 1, VOTES_PLAN_NAME_MAX, why);
    if (e) return e;
    for (size_t f = 0; f < plan->factor_count; f++)
        if (row->scores[f] < 0 || row->scores[f] > VOTES_PLAN_SCORE_MAX)
            return err_say(why, ERR_INVALID, "rows/%zu/scores/%zu must be from 0 to %d", i, f,
                           VOTES_PLAN_SCORE_MAX);
    for (size_t j = 0; j < i && row->person; j++)
        if (plan->rows[j].person == row->person)
            return err_say(why, ERR_INVALID, "rows/%zu/person is there twice", i);
    return ERR_OK;
}

/* A factor in which nobody has a score could be all that is voted for, and divide nothing. */
static enum err check(const struct votes_plan *plan, struct why *why)
{
    enum err e = ERR_OK;
    if (plan->pot_fen < 1 || plan->pot_fen > VOTES_PLAN_POT_MAX)
        e = err_say(why, ERR_INVALID, "pot_fen must be from 1 to %lld",
                    (long long)VOTES_PLAN_POT_MAX);
    if (!e && (plan->row_count < 1 || plan->row_count > VOTES_PLAN_ROWS_MAX))
        e = err_say(why, ERR_INVALID, "rows must be from 1 to %d", VOTES_PLAN_ROWS_MAX);
    for (size_t i = 0; i < plan->row_count && !e; i++)
        e = check_row(plan, i, why);
    for (size_t f = 0; f < plan->factor_count && !e; f++) {
        int64_t sum = 0;
        for (size_t i = 0; i < plan->row_count; i++)
            sum += plan->rows[i].scores[f];
        if (!sum) e = err_say(why, ERR_INVALID, "rows: nobody has a score of factor %zu", f + 1);
    }
    return e;
}

static enum err run_of(struct db *db, const char *sql, const struct work *w)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->vote);
    db_bind_int(q, ":value", w->plan->pot_fen);
    return db_run(q, NULL);
}

static enum err put_score(struct db *db, const struct work *w, size_t i, size_t f)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO vote_plan_scores (vote_id, number, factor, score) VALUES "
                            "(:vote, :number, :factor, :score)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->vote);
    db_bind_int(q, ":number", (int64_t)i + 1);
    db_bind_int(q, ":factor", (int64_t)f + 1);
    db_bind_int(q, ":score", w->plan->rows[i].scores[f]);
    return db_run(q, NULL);
}

static enum err put_row(struct db *db, const struct work *w, size_t i)
{
    const struct votes_plan_row *row = &w->plan->rows[i];
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO vote_plan_rows (vote_id, number, person_id, name) VALUES "
                            "(:vote, :number, NULLIF(:person, 0), :name)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", w->vote);
    db_bind_int(q, ":number", (int64_t)i + 1);
    db_bind_int(q, ":person", row->person);
    db_bind_text(q, ":name", row->name);
    e = db_run(q, NULL);
    for (size_t f = 0; f < w->plan->factor_count && !e; f++)
        e = put_score(db, w, i, f);
    return e;
}

/* Whom the rows are of; a name typed beside a number must not tell whether there is such a one. */
static enum err check_people(struct db *db, const struct work *w, const struct votes_vote *vote)
{
    const struct votes_plan *plan = w->plan;
    int64_t *people = arena_calloc(w->arena, plan->row_count + 1, sizeof *people);
    size_t first = 0;
    if (!people) return ERR_NOMEM;
    for (size_t i = 0; i < plan->row_count; i++)
        people[i] = plan->rows[i].person;
    enum err e =
        votes_people_stranger(db, vote, w->by, people, plan->row_count, w->arena, &first, w->why);
    if (e || first == plan->row_count) return e;
    return err_say(w->why, ERR_INVALID, "rows/%zu/person is nobody whom you can ask", first);
}

static enum err find_draft(struct db *db, const struct work *w)
{
    struct votes_vote now;
    enum err e = votes_find(db, w->vote, w->arena, &now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such vote");
    if (!e) e = record_seen("the vote", now.version, w->version, w->why);
    if (e) return e;
    if (now.state != VOTES_draft)
        return err_say(w->why, ERR_CONFLICT, "the vote is %s: only a draft can be changed",
                       votes_states[now.state]);
    long q = votes_plan_question(&now);
    if (q < 0 || now.purpose != VOTES_decision)
        return err_say(w->why, ERR_CONFLICT,
                       "a plan is divided by a decision with one question of factors");
    if (now.questions[q].option_count != w->plan->factor_count)
        return err_say(w->why, ERR_INVALID,
                       "rows: the question has %zu factors, so a row has %zu scores",
                       now.questions[q].option_count, now.questions[q].option_count);
    return check_people(db, w, &now);
}

static enum err put(struct db *db, void *user)
{
    static const char *const statements[] = {
        "DELETE FROM vote_plan_scores WHERE vote_id = :vote AND :value > 0",
        "DELETE FROM vote_plan_rows WHERE vote_id = :vote AND :value > 0",
        "DELETE FROM vote_plans WHERE vote_id = :vote AND :value > 0",
        "INSERT INTO vote_plans (vote_id, pot_fen) VALUES (:vote, :value)",
        "UPDATE votes SET version = version + 1 WHERE id = :vote AND :value > 0"};
    struct work *w = user;
    enum err e = find_draft(db, w);
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++)
        e = run_of(db, statements[i], w);
    for (size_t i = 0; i < w->plan->row_count && !e; i++)
        e = put_row(db, w, i);
    return e ? e : changes_add(db, CHANGES_votes, w->vote, "vote_changed");
}

enum err votes_plan_put(struct db *db, int64_t vote, int64_t version, const struct votes_plan *plan,
                        int64_t by, struct arena *arena, struct why *why)
{
    struct work w = {vote, version, by, plan, arena, NULL};
    enum err e = check(plan, why);
    return e ? e : db_write_said(db, put, &w, &w.why, why);
}

/* ---- with its vote --------------------------------------------------------------------------- */

long votes_plan_question(const struct votes_vote *vote)
{
    long found = -1;
    for (size_t i = 0; i < vote->question_count; i++) {
        if (vote->questions[i].type != VOTES_factors) continue;
        if (found >= 0) return -1;
        found = (long)i;
    }
    return found;
}

enum err votes_plan_fits(struct db *db, const struct votes_vote *vote, struct why *why)
{
    struct votes_plan plan;
    enum err e = read_plan(db, vote->id, &plan);
    long q = votes_plan_question(vote);
    if (e) return e == ERR_NOTFOUND ? ERR_OK : e;
    if (q >= 0 && vote->purpose == VOTES_decision &&
        vote->questions[q].option_count == plan.factor_count)
        return ERR_OK;
    return err_say(why, ERR_CONFLICT,
                   "the plan is not for what is asked any more: a decision with one question of "
                   "its %zu factors; write the plan anew",
                   plan.factor_count);
}

static enum err set_amount(struct db *db, int64_t vote, size_t i, int64_t amount)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE vote_plan_rows SET amount_fen = :amount WHERE vote_id = :vote "
                            "AND number = :number",
                            &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    db_bind_int(q, ":number", (int64_t)i + 1);
    db_bind_int(q, ":amount", amount);
    return db_run(q, NULL);
}

enum err votes_plan_adopt(struct db *db, const struct votes_vote *vote, const int64_t *sums,
                          struct arena *arena)
{
    int64_t weights[VOTES_OPTIONS_MAX], *amounts = NULL;
    struct votes_plan plan;
    enum err e = votes_plan_find(db, vote->id, arena, &plan);
    if (e) return e;
    votes_plan_weights(sums, plan.factor_count, weights);
    e = votes_plan_divide(&plan, weights, arena, &amounts);
    for (size_t i = 0; i < plan.row_count && !e; i++)
        e = set_amount(db, vote->id, i, amounts[i]);
    return e;
}
