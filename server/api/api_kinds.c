#include "server/api/api_kinds.h"

#include "server/api/label_json.h"
#include "server/tools.h"

static void write_question(struct jsonw *json, const struct kinds_question *question)
{
    jsonw_object(json);
    jsonw_key_string(json, "code", question->code);
    label_json_write(json, "label", question->label.zh, question->label.en);
    jsonw_key_string(json, "type", kinds_answer_name(question->type));
    jsonw_key_bool(json, "required", question->required);
    if (question->value_count) {
        jsonw_key(json, "values");
        jsonw_array(json);
        for (size_t i = 0; i < question->value_count; i++) {
            jsonw_object(json);
            jsonw_key_string(json, "code", question->values[i].code);
            label_json_write(json, "label", question->values[i].label.zh,
                             question->values[i].label.en);
            jsonw_object_end(json);
        }
        jsonw_array_end(json);
    }
    jsonw_object_end(json);
}

static void write_category(struct jsonw *json, const struct kinds_kind *kind,
                           const struct kinds_category *c)
{
    static const char *const closures[] = {NULL, "shut", "slow"};
    jsonw_object(json);
    jsonw_key_string(json, "code", c->code);
    label_json_write(json, "label", c->label.zh, c->label.en);
    jsonw_key_string(json, "group", kind->groups[c->group].code);
    if (c->deadline_min) jsonw_key_int(json, "deadline_min", c->deadline_min);
    if (c->radius_m) jsonw_key_int(json, "radius_m", c->radius_m);
    if (c->unit && c->unit[0]) jsonw_key_string(json, "unit", c->unit);
    if (closures[c->closure]) jsonw_key_string(json, "closure", closures[c->closure]);
    if (c->phone) {
        jsonw_key(json, "redirect");
        jsonw_object(json);
        jsonw_key_string(json, "phone", c->phone);
        label_json_write(json, "label", c->redirect.zh, c->redirect.en);
        jsonw_object_end(json);
    }
    jsonw_key(json, "questions");
    jsonw_array(json);
    for (size_t i = 0; i < c->question_count; i++)
        write_question(json, &c->questions[i]);
    jsonw_array_end(json);
    jsonw_object_end(json);
}

static void write_categories(struct jsonw *json, const struct kinds_kind *kind)
{
    jsonw_key(json, "groups");
    jsonw_array(json);
    for (size_t i = 0; i < kind->group_count; i++) {
        jsonw_object(json);
        jsonw_key_string(json, "code", kind->groups[i].code);
        label_json_write(json, "label", kind->groups[i].label.zh, kind->groups[i].label.en);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
    jsonw_key(json, "categories");
    jsonw_array(json);
    for (size_t i = 0; i < kind->category_count; i++)
        write_category(json, kind, &kind->categories[i]);
    jsonw_array_end(json);
}

static void write_states(struct jsonw *json, const struct kinds_kind *kind)
{
    jsonw_key(json, "states");
    jsonw_array(json);
    for (size_t i = 0; i < kind->state_count; i++) {
        const struct kinds_state *state = &kind->states[i];
        jsonw_object(json);
        jsonw_key_string(json, "code", state->code);
        label_json_write(json, "label", state->label.zh, state->label.en);
        jsonw_key_bool(json, "open", state->open);
        jsonw_key_bool(json, "paused", state->paused);
        if (state->edit) jsonw_key_bool(json, "edit", true);
        if (state->adopted) jsonw_key_bool(json, "adopted", true);
        if (state->step) jsonw_key_int(json, "step", state->step);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

/* The words of those who may make a move. */
static void write_by(struct jsonw *json, unsigned by)
{
    static const struct {
        unsigned bit;
        const char *word;
    } others[] = {{KINDS_REPORTER, "reporter"}, {KINDS_JOINER, "joiner"}, {KINDS_SYSTEM, "system"}};
    jsonw_key(json, "by");
    jsonw_array(json);
    for (int role = 0; role < PEOPLE_ROLE_COUNT; role++)
        if (by >> role & 1) jsonw_string(json, people_role_name((enum people_role)role));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (by & others[i].bit) jsonw_string(json, others[i].word);
    jsonw_array_end(json);
}

static void write_needs(struct jsonw *json, const struct kinds_move *move)
{
    const struct {
        bool is;
        const char *word;
    } needs[] = {{move->reason, "reason"}, {move->link, "duplicate_of"}, {move->deadline, "due_at"},
                 {move->proof, "proof"},   {move->rating, "rating"},     {move->owner, "owner"}};
    jsonw_key(json, "needs");
    jsonw_array(json);
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        if (needs[i].is) jsonw_string(json, needs[i].word);
    jsonw_array_end(json);
}

static void write_moves(struct jsonw *json, const struct kinds_kind *kind)
{
    jsonw_key(json, "moves");
    jsonw_array(json);
    for (size_t i = 0; i < kind->move_count; i++) {
        const struct kinds_move *move = &kind->moves[i];
        jsonw_object(json);
        jsonw_key_string(json, "from", kind->states[move->from].code);
        jsonw_key_string(json, "to", kind->states[move->to].code);
        label_json_write(json, "label", move->label.zh, move->label.en);
        write_by(json, move->by);
        write_needs(json, move);
        jsonw_object_end(json);
    }
    jsonw_array_end(json);
}

static void write_kind(struct jsonw *json, const struct kinds_kind *kind)
{
    static const char *const listed[] = {"none", "taken_up", "at_once"};
    jsonw_object(json);
    jsonw_key_string(json, "code", kind->code);
    label_json_write(json, "label", kind->label.zh, kind->label.en);
    jsonw_key_bool(json, "private", kind->is_private);
    jsonw_key_bool(json, "anonymous", kind->anonymous);
    jsonw_key_string(json, "public", listed[kind->public]);
    jsonw_key_bool(json, "support", kind->support);
    jsonw_key_bool(json, "comments", kind->comments);
    if (kind->answer_min) jsonw_key_int(json, "answer_min", kind->answer_min);
    jsonw_key(json, "needs");
    jsonw_array(json);
    if (kind->photo) jsonw_string(json, "photo");
    if (kind->position) jsonw_string(json, "position");
    jsonw_array_end(json);
    jsonw_key_string(json, "first_state", kind->states[kind->first_state].code);
    write_categories(json, kind);
    write_states(json, kind);
    write_moves(json, kind);
    jsonw_object_end(json);
}

enum err api_kinds_list(struct request *request, struct response *response, struct tools *tools)
{
    const struct kinds *kinds = tools->service->kinds;
    struct jsonw *json = response_json(response);
    (void)request;
    jsonw_object(json);
    jsonw_key(json, "kinds");
    jsonw_array(json);
    for (size_t i = 0; i < kinds_count(kinds); i++)
        write_kind(json, kinds_at(kinds, i));
    jsonw_array_end(json);
    jsonw_object_end(json);
    response_header(response, "Cache-Control", "no-cache"); /* to be held against its ETag */
    return ERR_OK;
}
