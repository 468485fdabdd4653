/* Votes of people of a list, and what is done with them, as the tests of votes need it. */
#ifndef YZ_TESTS_DATA_VOTES_SCENE_H
#define YZ_TESTS_DATA_VOTES_SCENE_H

#include "tests/data/store.h"

#include "data/votes_close.h"
#include "data/votes_draft.h"
#include "data/votes_electors.h"
#include "data/votes_plan.h"

enum { SCENE_NOW = 1000000, SCENE_END = 2000000, SCENE_PEOPLE = 5 };

struct scene {
    struct store s;
    int64_t people[SCENE_PEOPLE];
};

static const unsigned char scene_key[SECRETS_KEY_BYTES] = {7, 1, 5};

static inline struct scene scene_open(void)
{
    struct scene c = {.s = store_fresh()};
    for (int i = 0; i < SCENE_PEOPLE; i++) {
        char sql[160];
        (void)snprintf(sql, sizeof sql,
                       "INSERT INTO people (login, created_ms, updated_ms) VALUES ('p%d', 1, 1)",
                       i);
        assert_ok(db_exec(c.s.db, sql));
        c.people[i] = db_last_id(c.s.db);
    }
    return c;
}

static inline void scene_close(struct scene *c)
{
    store_close(&c->s);
    scratch_remove();
}

/* A decision of all five, by a yes that adopts, with weights of three factors. */
static struct votes_option scene_answers[] = {{"赞成", "Yes", true}, {"反对", "No", false}};
static struct votes_option scene_factors[] = {
    {"出勤", "", false}, {"技能", "", false}, {"安全", "", false}};
static struct votes_question scene_asked[] = {{.type = VOTES_choice,
                                               .title = "同意吗",
                                               .title_en = "",
                                               .options = scene_answers,
                                               .option_count = 2},
                                              {.type = VOTES_factors,
                                               .title = "各占多少",
                                               .title_en = "",
                                               .optional = true,
                                               .options = scene_factors,
                                               .option_count = 3}};

static inline struct votes_draft scene_draft(const struct scene *c, bool secret)
{
    return (struct votes_draft){.vote = {.purpose = VOTES_decision,
                                         .title = "奖金分配",
                                         .title_en = "",
                                         .text = "",
                                         .electorate = VOTES_people,
                                         .secret = secret,
                                         .quorum = 50,
                                         .majority = 50,
                                         .from_ms = SCENE_NOW,
                                         .to_ms = SCENE_END,
                                         .questions = scene_asked,
                                         .question_count = 2},
                                .people = c->people,
                                .people_count = SCENE_PEOPLE};
}

static inline enum err scene_nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

static inline enum err scene_try(struct scene *c, const struct votes_draft *draft,
                                 struct votes_vote *made, struct why *why)
{
    const struct answers_reply reply = {.status = 201, .render = scene_nothing};
    struct idempotency_answer answer;
    return votes_draft_create(c->s.db, draft, 0, &reply, SCENE_NOW, &c->s.arena, made, &answer,
                              why);
}

static inline struct votes_vote scene_opened(struct scene *c, const struct votes_draft *draft)
{
    struct votes_vote made;
    struct why why = {""};
    if (scene_try(c, draft, &made, &why)) fail_msg("%s", why.text);
    const struct votes_act act = {.id = made.id, .version = made.version, .now_ms = SCENE_NOW};
    if (votes_draft_open(c->s.db, &act, &c->s.arena, &made, &why)) fail_msg("%s", why.text);
    return made;
}

static inline enum err scene_cast(struct scene *c, int64_t vote, int64_t person, int64_t choice,
                                  const int64_t *weights, const char *once, struct why *why)
{
    const struct votes_answer answers[] = {{.choice = choice},
                                           {.weights = weights, .weight_count = weights ? 3 : 0}};
    const struct votes_casting casting = {.vote = vote,
                                          .person = person,
                                          .once = once,
                                          .key = scene_key,
                                          .answers = answers,
                                          .answer_count = 2,
                                          .now_ms = SCENE_NOW + 1};
    return votes_ballot_cast(c->s.db, &casting, &c->s.arena, why);
}

static inline struct votes_vote scene_closed(struct scene *c, int64_t vote)
{
    struct votes_vote now;
    struct why why = {""};
    if (votes_close(c->s.db, vote, scene_key, SCENE_END, &c->s.arena, &why))
        fail_msg("%s", why.text);
    assert_ok(votes_find(c->s.db, vote, &c->s.arena, &now));
    return now;
}

#endif
