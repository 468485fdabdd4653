#include "data/votes_check.h"

#include "data/record.h"

#include <stdio.h>
#include <string.h>

static enum err check_options(const struct votes_vote *vote, size_t i, size_t *adopting,
                              struct why *why)
{
    const struct votes_question *q = &vote->questions[i];
    for (size_t j = 0; j < q->option_count; j++) {
        const struct votes_option *option = &q->options[j];
        char name[80];
        (void)snprintf(name, sizeof name, "questions/%zu/options/%zu/name", i, j);
        enum err e = record_text(name, option->name, 1, VOTES_OPTION_MAX, why);
        if (e) return e;
        for (size_t k = 0; k < j; k++)
            if (strcmp(q->options[k].name, option->name) == 0)
                return err_say(why, ERR_INVALID, "questions/%zu/options/%zu/name is there already",
                               i, j);
        if (!option->adopts) continue;
        if (vote->purpose != VOTES_decision || q->type != VOTES_choice)
            return err_say(why, ERR_INVALID,
                           "questions/%zu/options/%zu/adopts is for a choice of a decision", i, j);
        if (++*adopting > 1)
            return err_say(why, ERR_INVALID,
                           "questions/%zu/options/%zu/adopts: one option of a vote may adopt", i,
                           j);
    }
    return ERR_OK;
}

/* How many options a type has, and what its min and max may be. */
static enum err check_shape(const struct votes_question *q, size_t i, struct why *why)
{
    bool is_scale = q->type == VOTES_scale;
    if (is_scale ? q->option_count != 0
                 : q->option_count < 2 || q->option_count > VOTES_OPTIONS_MAX)
        return err_say(why, ERR_INVALID,
                       is_scale ? "questions/%zu/options: a scale has none"
                                : "questions/%zu/options must be from 2 to 30",
                       i);
    if (is_scale && (q->min != 1 || q->max < 2 || q->max > VOTES_SCALE_MAX))
        return err_say(why, ERR_INVALID,
                       "questions/%zu/max must be from 2 to %d: a scale goes from 1 to that", i,
                       VOTES_SCALE_MAX);
    if (q->type == VOTES_choices &&
        (q->min < 1 || q->max < q->min || q->max > (int64_t)q->option_count))
        return err_say(why, ERR_INVALID,
                       "questions/%zu/max must be from min (1 or more) to the number of options",
                       i);
    return ERR_OK;
}

static enum err check_question(const struct votes_vote *vote, size_t i, size_t *adopting,
                               struct why *why)
{
    const struct votes_question *q = &vote->questions[i];
    char name[64];
    (void)snprintf(name, sizeof name, "questions/%zu/title", i);
    enum err e = record_text(name, q->title, 1, VOTES_OPTION_MAX, why);
    if (!e) e = check_shape(q, i, why);
    return e ? e : check_options(vote, i, adopting, why);
}

static enum err check_electorate(const struct votes_draft *draft, struct why *why)
{
    const struct votes_vote *v = &draft->vote;
    if ((v->electorate == VOTES_people) != (draft->people_count > 0))
        return err_say(why, ERR_INVALID,
                       v->electorate == VOTES_people
                           ? "people: who may vote is owed where the electorate is people"
                           : "people is for an electorate of people");
    if ((v->electorate == VOTES_branch) != (v->branch_id != 0))
        return err_say(why, ERR_INVALID,
                       v->electorate == VOTES_branch
                           ? "branch_id is owed where the electorate is a branch"
                           : "branch_id is for an electorate of a branch");
    if (v->electorate == VOTES_area && !v->area_id)
        return err_say(why, ERR_INVALID, "area_id is owed where the electorate is an area");
    return record_number("people", (int64_t)draft->people_count, 0, VOTES_PEOPLE_MAX, why);
}

enum err votes_check(const struct votes_draft *draft, struct why *why)
{
    const struct votes_vote *v = &draft->vote;
    size_t adopting = 0;
    enum err e = record_text("title", v->title, 1, VOTES_TITLE_MAX, why);
    if (!e) e = record_text("title_en", v->title_en, 0, VOTES_TITLE_MAX, why);
    if (!e) e = record_text("text", v->text, 0, VOTES_TEXT_MAX, why);
    if (!e) e = check_electorate(draft, why);
    if (!e) e = record_number("quorum", v->quorum, 0, 100, why);
    if (!e) e = record_number("majority", v->majority, 0, 99, why);
    if (!e && v->to_ms <= v->from_ms) e = err_say(why, ERR_INVALID, "to must be later than from");
    if (!e) e = record_number("questions", (int64_t)v->question_count, 1, VOTES_QUESTIONS_MAX, why);
    for (size_t i = 0; i < v->question_count && !e; i++)
        e = check_question(v, i, &adopting, why);
    return e;
}
