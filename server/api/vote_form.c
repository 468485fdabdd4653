#include "server/api/vote_form.h"

#include "geo/base/clock.h"
#include "geo/base/text.h"
#include "server/api/api_time.h"
#include "server/body.h"

#include <string.h>

enum { WORD_MAX = 20, TIME_MAX = 40, QUORUM = 50, MAJORITY = 50, SCALE = 5 };

#define NUMBER(field, low, high, owed, at)                                                         \
    {                                                                                              \
        .name = (field), .type = BODY_INT, .required = (owed), .min = (low), .max = (high),        \
        .number = (at)                                                                             \
    }
#define TEXT(field, high, owed, at)                                                                \
    {                                                                                              \
        .name = (field), .type = BODY_TEXT, .required = (owed), .max = (high), .text = (at)        \
    }
#define FLAG(field, owed, at)                                                                      \
    {                                                                                              \
        .name = (field), .type = BODY_BOOL, .required = (owed), .flag = (at)                       \
    }
#define INTS(field, high, owed, at)                                                                \
    {                                                                                              \
        .name = (field), .type = BODY_INTS, .required = (owed), .max = (high), .ints = (at)        \
    }
#define LIST(field, low, high, owed, at)                                                           \
    {                                                                                              \
        .name = (field), .type = BODY_LIST, .required = (owed), .min = (low), .max = (high),       \
        .list = (at)                                                                               \
    }
#define COUNT(fields) (sizeof(fields) / sizeof *(fields))

/* The place of a word among those that there are; NULL leaves `*place` alone. */
static enum err take_word(struct request *request, const char *name, const char *const *words,
                          const char *text, int *place)
{
    if (!text) return ERR_OK;
    for (int i = 0; words[i]; i++)
        if (text_same(words[i], text)) {
            *place = i;
            return ERR_OK;
        }
    struct buf list;
    buf_init(&list, 200);
    for (int i = 0; words[i]; i++)
        buf_printf(&list, "%s%s", i ? " " : "", words[i]);
    buf_putc(&list, '\0');
    (void)problem_say(request->problem, PROBLEM_PARAMETER, name, "must be one of: %s",
                      list.err ? "" : list.bytes);
    buf_fini(&list);
    return ERR_INVALID;
}

/* ---- a draft --------------------------------------------------------------------------------- */

static enum err read_option(struct request *request, const struct body_node *node, size_t i,
                            void *user)
{
    struct votes_option *option = (struct votes_option *)user + i;
    const struct body_field fields[] = {TEXT("name", VOTES_OPTION_MAX, true, &option->name),
                                        TEXT("name_en", VOTES_OPTION_MAX, false, &option->name_en),
                                        FLAG("adopts", false, &option->adopts)};
    option->name_en = "";
    return body_object(request, node, fields, COUNT(fields));
}

/* What is not said of how much may be chosen. */
static void fill_bounds(struct votes_question *asked, int64_t min, int64_t max)
{
    if (asked->type == VOTES_choices) {
        asked->min = min ? min : 1;
        asked->max = max ? max : (int64_t)asked->option_count;
    } else if (asked->type == VOTES_scale) {
        asked->min = min ? min : 1;
        asked->max = max ? max : SCALE;
    }
}

static enum err read_question(struct request *request, const struct body_node *node, size_t i,
                              void *user)
{
    struct votes_question *asked = (struct votes_question *)user + i;
    struct votes_option *options =
        arena_calloc(request->arena, VOTES_OPTIONS_MAX + 1, sizeof *options);
    struct body_list list = {.each = read_option, .user = options};
    const char *type = NULL;
    int64_t min = 0, max = 0;
    int place = 0;
    const struct body_field fields[] = {TEXT("type", WORD_MAX, true, &type),
                                        TEXT("title", VOTES_OPTION_MAX, true, &asked->title),
                                        TEXT("title_en", VOTES_OPTION_MAX, false, &asked->title_en),
                                        FLAG("optional", false, &asked->optional),
                                        NUMBER("min", 1, VOTES_OPTIONS_MAX, false, &min),
                                        NUMBER("max", 1, VOTES_OPTIONS_MAX, false, &max),
                                        LIST("options", 0, VOTES_OPTIONS_MAX, false, &list)};
    if (!options) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *asked = (struct votes_question){.title_en = "", .options = options};
    enum err e = body_object(request, node, fields, COUNT(fields));
    const char *path = arena_printf(request->arena, "questions/%zu/type", i);
    if (!e) e = take_word(request, path ? path : "questions", votes_types, type, &place);
    if (e) return e;
    asked->type = (enum votes_type)place;
    asked->option_count = list.count;
    fill_bounds(asked, min, max);
    return ERR_OK;
}

struct words {
    const char *purpose, *electorate, *of, *from, *to;
};

static enum err take_words(struct request *request, const struct words *words, struct votes_vote *v)
{
    static const char *const of[] = {"ballots", "electors", NULL};
    int purpose = 0, electorate = 0, base = 0;
    enum err e = take_word(request, "purpose", votes_purposes, words->purpose, &purpose);
    if (!e) e = take_word(request, "electorate", votes_electorates, words->electorate, &electorate);
    if (!e) e = take_word(request, "majority_of", of, words->of, &base);
    if (!e) e = api_time_member(request, "from", words->from, &v->from_ms);
    if (!e) e = api_time_member(request, "to", words->to, &v->to_ms);
    if (e) return e;
    v->purpose = (enum votes_purpose)purpose;
    v->electorate = (enum votes_electorate)electorate;
    v->of_electors = base == 1;
    return ERR_OK;
}

enum err vote_form_draft(struct request *request, bool is_new, struct votes_draft *draft)
{
    struct votes_vote *v = &draft->vote;
    struct votes_question *questions =
        arena_calloc(request->arena, VOTES_QUESTIONS_MAX + 1, sizeof *questions);
    struct body_list list = {.each = read_question, .user = questions};
    struct body_ints people = {0};
    struct words words = {0};
    const struct body_field fields[] = {TEXT("purpose", WORD_MAX, true, &words.purpose),
                                        TEXT("title", VOTES_TITLE_MAX, true, &v->title),
                                        TEXT("title_en", VOTES_TITLE_MAX, false, &v->title_en),
                                        TEXT("text", VOTES_TEXT_MAX, false, &v->text),
                                        TEXT("electorate", WORD_MAX, true, &words.electorate),
                                        NUMBER("area_id", 1, INT64_MAX, false, &v->area_id),
                                        NUMBER("branch_id", 1, INT64_MAX, false, &v->branch_id),
                                        INTS("people", VOTES_PEOPLE_MAX, false, &people),
                                        FLAG("secret", true, &v->secret),
                                        FLAG("public", false, &v->is_public),
                                        NUMBER("quorum", 0, 100, false, &v->quorum),
                                        NUMBER("majority", 0, 99, false, &v->majority),
                                        TEXT("majority_of", WORD_MAX, false, &words.of),
                                        TEXT("from", TIME_MAX, false, &words.from),
                                        TEXT("to", TIME_MAX, true, &words.to),
                                        LIST("questions", 1, VOTES_QUESTIONS_MAX, true, &list),
                                        BODY_VERSION(&v->version)};
    if (!questions) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    *v = (struct votes_vote){.id = v->id,
                             .title_en = "",
                             .text = "",
                             .quorum = QUORUM,
                             .majority = MAJORITY,
                             .from_ms = is_new ? clock_utc_ms() : v->from_ms,
                             .questions = questions};
    enum err e = body_read(request, fields, is_new ? COUNT(fields) - 1 : COUNT(fields));
    if (!e) e = take_words(request, &words, v);
    v->question_count = list.count;
    draft->people = people.items;
    draft->people_count = people.count;
    return e;
}

/* ---- a ballot -------------------------------------------------------------------------------- */

static enum err read_answer(struct request *request, const struct body_node *node, size_t i,
                            void *user)
{
    struct votes_answer *answer = (struct votes_answer *)user + i;
    struct body_ints choices = {0}, weights = {0};
    const struct body_field fields[] = {
        NUMBER("choice", 1, VOTES_OPTIONS_MAX, false, &answer->choice),
        NUMBER("value", 1, VOTES_SCALE_MAX, false, &answer->value),
        INTS("choices", VOTES_OPTIONS_MAX, false, &choices),
        INTS("weights", VOTES_OPTIONS_MAX, false, &weights)};
    enum err e = body_object(request, node, fields, COUNT(fields));
    answer->choices = choices.items;
    answer->choice_count = choices.count;
    answer->weights = weights.items;
    answer->weight_count = weights.count;
    return e;
}

enum err vote_form_ballot(struct request *request, const struct votes_answer **answers,
                          size_t *count)
{
    struct votes_answer *read = arena_calloc(request->arena, VOTES_QUESTIONS_MAX + 1, sizeof *read);
    struct body_list list = {.each = read_answer, .user = read};
    const struct body_field fields[] = {LIST("answers", 1, VOTES_QUESTIONS_MAX, true, &list)};
    if (!read) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = body_read(request, fields, COUNT(fields));
    if (e) return e;
    *answers = read;
    *count = list.count;
    return ERR_OK;
}

/* ---- a plan ---------------------------------------------------------------------------------- */

struct rows {
    struct votes_plan_row *rows;
    size_t factors;
};

static enum err read_row(struct request *request, const struct body_node *node, size_t i,
                         void *user)
{
    struct rows *to = user;
    struct votes_plan_row *row = &to->rows[i];
    struct body_ints scores = {0};
    const struct body_field fields[] = {NUMBER("person", 1, INT64_MAX, false, &row->person),
                                        TEXT("name", VOTES_PLAN_NAME_MAX, true, &row->name),
                                        {.name = "scores",
                                         .type = BODY_INTS,
                                         .required = true,
                                         .min = 2,
                                         .max = VOTES_OPTIONS_MAX,
                                         .ints = &scores}};
    enum err e = body_object(request, node, fields, COUNT(fields));
    if (e) return e;
    if (i == 0) to->factors = scores.count;
    row->scores = scores.items;
    row->amount_fen = -1;
    if (scores.count == to->factors) return ERR_OK;
    return problem_say(request->problem, PROBLEM_PARAMETER,
                       arena_printf(request->arena, "rows/%zu/scores", i),
                       "must be as many as those of the first row");
}

enum err vote_form_plan(struct request *request, int64_t *version, struct votes_plan *plan)
{
    struct rows to = {.rows =
                          arena_calloc(request->arena, VOTES_PLAN_ROWS_MAX + 1, sizeof *to.rows)};
    struct body_list list = {.each = read_row, .user = &to};
    int64_t pot = 0;
    const struct body_field fields[] = {NUMBER("pot_fen", 1, VOTES_PLAN_POT_MAX, true, &pot),
                                        LIST("rows", 1, VOTES_PLAN_ROWS_MAX, true, &list),
                                        BODY_VERSION(version)};
    if (!to.rows) return problem_from_err(request->problem, ERR_NOMEM, NULL);
    enum err e = body_read(request, fields, COUNT(fields));
    if (!e) *plan = (struct votes_plan){pot, to.rows, list.count, to.factors};
    return e;
}
