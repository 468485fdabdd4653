#include "server/api/vote_json.h"

#include "server/api/api_time.h"

static void write_option(struct jsonw *json, const struct votes_option *option)
{
    jsonw_object(json);
    jsonw_key_string(json, "name", option->name);
    if (option->name_en[0]) jsonw_key_string(json, "name_en", option->name_en);
    if (option->adopts) jsonw_key_bool(json, "adopts", true);
    jsonw_object_end(json);
}

static void write_question(struct jsonw *json, const struct votes_question *asked)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", votes_types[asked->type]);
    jsonw_key_string(json, "title", asked->title);
    if (asked->title_en[0]) jsonw_key_string(json, "title_en", asked->title_en);
    jsonw_key_bool(json, "optional", asked->optional);
    if (asked->max) jsonw_key_int(json, "min", asked->min);
    if (asked->max) jsonw_key_int(json, "max", asked->max);
    if (asked->option_count) {
        jsonw_key(json, "options");
        jsonw_array(json);
        for (size_t i = 0; i < asked->option_count; i++)
            write_option(json, &asked->options[i]);
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
}

/* ---- what was counted ------------------------------------------------------------------------ */

static void write_mean(struct jsonw *json, const struct votes_question *asked,
                       const int64_t *counts)
{
    int64_t sum = 0, n = 0;
    for (int64_t v = 1; v <= asked->max; v++) {
        sum += v * counts[v];
        n += counts[v];
    }
    jsonw_key(json, "mean");
    if (n)
        jsonw_number(json, (double)sum / (double)n, 2);
    else
        jsonw_null(json);
}

/* Hundredths of a percent as percent. */
static void write_weights(struct jsonw *json, size_t count, const int64_t *sums)
{
    int64_t weights[VOTES_OPTIONS_MAX];
    votes_plan_weights(sums, count, weights);
    jsonw_key(json, "weights");
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        jsonw_number(json, (double)weights[i] / 100, 2);
    jsonw_array_end(json);
}

static void write_counted(struct jsonw *json, const struct votes_question *asked,
                          const int64_t *counts)
{
    jsonw_object(json);
    jsonw_key_string(json, "type", votes_types[asked->type]);
    jsonw_key_int(json, "none", counts[0]);
    if (asked->type == VOTES_factors) {
        write_weights(json, asked->option_count, counts + 1);
    } else {
        jsonw_key(json, "counts");
        jsonw_array(json);
        for (size_t v = 1; v <= votes_values(asked); v++)
            jsonw_int(json, counts[v]);
        jsonw_array_end(json);
    }
    if (asked->type == VOTES_scale) write_mean(json, asked, counts);
    jsonw_object_end(json);
}

static void write_result(struct jsonw *json, const struct votes_vote *vote, int64_t *const *counts)
{
    jsonw_key(json, "result");
    jsonw_array(json);
    for (size_t i = 0; i < vote->question_count; i++)
        write_counted(json, &vote->questions[i], counts[i]);
    jsonw_array_end(json);
}

/* ---- a vote ---------------------------------------------------------------------------------- */

static void write_rules(struct jsonw *json, const struct votes_vote *vote)
{
    jsonw_key_string(json, "electorate", votes_electorates[vote->electorate]);
    if (vote->area_id) jsonw_key_int(json, "area_id", vote->area_id);
    if (vote->branch_id) jsonw_key_int(json, "branch_id", vote->branch_id);
    jsonw_key_bool(json, "secret", vote->secret);
    jsonw_key_bool(json, "public", vote->is_public);
    jsonw_key_int(json, "quorum", vote->quorum);
    jsonw_key_int(json, "majority", vote->majority);
    jsonw_key_string(json, "majority_of", vote->of_electors ? "electors" : "ballots");
    api_time_write(json, "from", vote->from_ms);
    api_time_write(json, "to", vote->to_ms);
}

static void write_state(struct jsonw *json, const struct votes_vote *vote,
                        const struct vote_json *how)
{
    jsonw_key_string(json, "state", votes_states[vote->state]);
    if (vote->opened_ms) api_time_write(json, "opened_at", vote->opened_ms);
    if (vote->ended_ms) api_time_write(json, "ended_at", vote->ended_ms);
    if (vote->reason[0]) jsonw_key_string(json, "reason", vote->reason);
    if (vote->state != VOTES_draft) jsonw_key_int(json, "electors", vote->electors);
    if (how->me) jsonw_key_bool(json, "voted", how->me->voted);
    if (how->turnout) jsonw_key_int(json, "turnout", *how->turnout);
    if (vote->state == VOTES_closed) {
        jsonw_key_int(json, "ballots", vote->ballots);
        jsonw_key_string(json, "outcome", votes_outcomes[vote->outcome]);
    }
    if (how->for_staff && vote->reminded_ms) api_time_write(json, "reminded_at", vote->reminded_ms);
    if (vote->has_plan) jsonw_key_bool(json, "has_plan", true);
}

void vote_json_write(struct jsonw *json, const struct votes_vote *vote, const struct vote_json *how)
{
    jsonw_object(json);
    jsonw_key_int(json, "id", vote->id);
    jsonw_key_int(json, "version", vote->version);
    jsonw_key_string(json, "purpose", votes_purposes[vote->purpose]);
    jsonw_key_string(json, "title", vote->title);
    if (vote->title_en[0]) jsonw_key_string(json, "title_en", vote->title_en);
    if (vote->text[0]) jsonw_key_string(json, "text", vote->text);
    write_rules(json, vote);
    write_state(json, vote, how);
    jsonw_key(json, "questions");
    jsonw_array(json);
    for (size_t i = 0; i < vote->question_count; i++)
        write_question(json, &vote->questions[i]);
    jsonw_array_end(json);
    if (how->people) {
        jsonw_key(json, "people");
        jsonw_array(json);
        for (size_t i = 0; i < how->people_count; i++)
            jsonw_int(json, how->people[i]);
        jsonw_array_end(json);
    }
    if (how->counts) write_result(json, vote, how->counts);
    jsonw_object_end(json);
}

/* ---- ballots and plans ----------------------------------------------------------------------- */

static void write_numbers(struct jsonw *json, const char *key, const int64_t *numbers, size_t count)
{
    jsonw_key(json, key);
    jsonw_array(json);
    for (size_t i = 0; i < count; i++)
        jsonw_int(json, numbers[i]);
    jsonw_array_end(json);
}

enum err vote_json_answers(struct jsonw *json, const struct votes_vote *vote,
                           const unsigned char *ballot, struct arena *arena)
{
    struct votes_answer answers[VOTES_QUESTIONS_MAX];
    enum err e = votes_ballot_read(vote, ballot, arena, answers);
    if (e) return e;
    jsonw_key(json, "answers");
    jsonw_array(json);
    for (size_t i = 0; i < vote->question_count; i++) {
        const struct votes_answer *a = &answers[i];
        jsonw_object(json);
        if (a->choice) jsonw_key_int(json, "choice", a->choice);
        if (a->value) jsonw_key_int(json, "value", a->value);
        if (a->choice_count) write_numbers(json, "choices", a->choices, a->choice_count);
        if (a->weight_count) write_numbers(json, "weights", a->weights, a->weight_count);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    return ERR_OK;
}

void vote_json_plan(struct jsonw *json, const struct votes_vote *vote,
                    const struct votes_plan *plan, bool for_staff, int64_t person)
{
    long q = votes_plan_question(vote);
    jsonw_object(json);
    jsonw_key_int(json, "vote", vote->id);
    jsonw_key_int(json, "version", vote->version);
    jsonw_key_int(json, "pot_fen", plan->pot_fen);
    jsonw_key(json, "factors");
    jsonw_array(json);
    for (size_t f = 0; q >= 0 && f < vote->questions[q].option_count; f++)
        jsonw_string(json, vote->questions[q].options[f].name);
    jsonw_array_end(json);
    jsonw_key(json, "rows");
    jsonw_array(json);
    for (size_t i = 0; i < plan->row_count; i++) {
        const struct votes_plan_row *row = &plan->rows[i];
        jsonw_object(json);
        jsonw_key_string(json, "name", row->name);
        if (row->person && (for_staff || row->person == person))
            jsonw_key_int(json, "person", row->person);
        write_numbers(json, "scores", row->scores, plan->factor_count);
        if (row->amount_fen >= 0) jsonw_key_int(json, "amount_fen", row->amount_fen);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_object_end(json);
}
