#include "tests/data/plan.h"
#include "tests/data/votes_scene.h"

#include <stdio.h>

TEST(a_decision_is_adopted_by_more_than_half_and_its_counts_are_its_ballots)
{
    static const int64_t even[] = {40, 40, 20}, first[] = {100, 0, 0};
    for (int secret = 0; secret < 2; secret++) {
        struct scene c = scene_open();
        const struct votes_draft draft = scene_draft(&c, secret != 0);
        struct votes_vote v = scene_opened(&c, &draft);
        int64_t *counts[VOTES_QUESTIONS_MAX];
        assert_int_equal(v.electors, SCENE_PEOPLE);
        assert_ok(scene_cast(&c, v.id, c.people[0], 1, even, NULL, NULL));
        assert_ok(scene_cast(&c, v.id, c.people[1], 1, first, NULL, NULL));
        assert_ok(scene_cast(&c, v.id, c.people[2], 2, NULL, NULL, NULL));
        v = scene_closed(&c, v.id);
        assert_int_equal(v.state, VOTES_closed);
        assert_int_equal(v.outcome, VOTES_adopted);
        assert_int_equal(v.ballots, 3);
        assert_ok(votes_counts(c.s.db, &v, &c.s.arena, &counts));
        assert_int_equal(counts[0][0], 0);
        assert_int_equal(counts[0][1], 2);
        assert_int_equal(counts[0][2], 1);
        assert_int_equal(counts[1][0], 1);
        assert_int_equal(counts[1][1], 140);
        assert_int_equal(counts[1][2], 40);
        assert_int_equal(counts[1][3], 20);
        scene_close(&c);
    }
}

TEST(nobody_votes_twice_and_the_same_request_may_come_again)
{
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, true);
    struct votes_vote v = scene_opened(&c, &draft);
    struct why why = {""};
    assert_ok(scene_cast(&c, v.id, c.people[0], 1, NULL, "k", NULL));
    assert_ok(scene_cast(&c, v.id, c.people[0], 1, NULL, "k", NULL));
    assert_err(scene_cast(&c, v.id, c.people[0], 2, NULL, "other", &why), ERR_CONFLICT);
    assert_string_equal(why.text, "you have voted already");
    assert_err(scene_cast(&c, v.id, c.people[0], 2, NULL, NULL, NULL), ERR_CONFLICT);
    assert_err(scene_cast(&c, v.id, 999, 1, NULL, NULL, NULL), ERR_DENIED);
    assert_err(scene_cast(&c, 999, c.people[0], 1, NULL, NULL, NULL), ERR_NOTFOUND);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_ballots"), 1);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM idempotency"), 0);
    scene_close(&c);
}

TEST(answers_that_are_none_are_named)
{
    static const int64_t short_of[] = {40, 40, 19}, whole[] = {50, 50, 0};
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, false);
    struct votes_vote v = scene_opened(&c, &draft);
    struct why why = {""};
    assert_err(scene_cast(&c, v.id, c.people[0], 3, NULL, NULL, &why), ERR_INVALID);
    assert_string_equal(why.text, "answers/0/choice must be from 1 to 2");
    assert_err(scene_cast(&c, v.id, c.people[0], 0, whole, NULL, &why), ERR_INVALID);
    assert_string_equal(why.text, "answers/0: an answer is owed");
    assert_err(scene_cast(&c, v.id, c.people[0], 1, short_of, NULL, &why), ERR_INVALID);
    assert_string_equal(why.text, "answers/1/weights must add up to 100");
    assert_ok(scene_cast(&c, v.id, c.people[0], 1, whole, NULL, NULL));
    scene_close(&c);
}

TEST(drafts_that_nobody_could_vote_on_are_refused)
{
    struct scene c = scene_open();
    struct votes_vote made;
    struct why why = {""};
    struct votes_draft draft = scene_draft(&c, true);
    draft.people_count = 2;
    if (scene_try(&c, &draft, &made, &why)) fail_msg("%s", why.text);
    const struct votes_act act = {.id = made.id, .version = 1, .now_ms = SCENE_NOW};
    assert_err(votes_draft_open(c.s.db, &act, &c.s.arena, &made, &why), ERR_CONFLICT);
    const struct votes_act late = {.id = made.id, .version = 1, .now_ms = SCENE_END};
    assert_err(votes_draft_open(c.s.db, &late, &c.s.arena, &made, &why), ERR_CONFLICT);
    draft.people = (const int64_t[]){c.people[0], c.people[0]};
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    assert_string_equal(why.text, "people/1 is nobody whom you can ask, or is there twice");
    draft = scene_draft(&c, true);
    draft.vote.electorate = VOTES_branch;
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    draft = scene_draft(&c, true);
    draft.vote.purpose = VOTES_survey;
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    draft = scene_draft(&c, true);
    draft.vote.to_ms = draft.vote.from_ms;
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    draft = scene_draft(&c, true);
    draft.asker = c.people[0];
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    assert_string_equal(why.text, "people/1 is nobody whom you can ask, or is there twice");
    draft = scene_draft(&c, true);
    draft.people = (const int64_t[]){0};
    draft.people_count = 1;
    assert_err(scene_try(&c, &draft, &made, &why), ERR_INVALID);
    assert_ok(db_exec(c.s.db, "INSERT INTO branches (id, version, name, alongside, form, code, "
                              "created_ms, updated_ms) VALUES (7, 1, '分会', 0, 1, "
                              "'2222222222222222222222', 1, 1)"));
    draft = scene_draft(&c, false);
    draft.people_count = 0;
    draft.vote.electorate = VOTES_branch;
    draft.vote.branch_id = 7;
    assert_ok(scene_try(&c, &draft, &made, &why));
    draft.vote.area_id = 5; /* where its writer saw it; it is the whole city's by now */
    assert_err(scene_try(&c, &draft, &made, &why), ERR_CONFLICT);
    scene_close(&c);
}

TEST(what_is_settled_is_refused_by_the_database_itself)
{
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, true);
    struct votes_vote v = scene_opened(&c, &draft);
    static const char *const while_open[] = {
        "UPDATE votes SET title = 'other'",
        "UPDATE votes SET to_ms = to_ms + 1",
        "UPDATE votes SET secret = 0",
        "UPDATE votes SET state = 'draft', opened_ms = NULL, electors = NULL",
        "DELETE FROM votes",
        "DELETE FROM vote_electors",
        "INSERT INTO vote_electors (vote_id, person_id) VALUES (1, 1)",
        "UPDATE vote_electors SET voted = 0 WHERE voted = 1",
        "UPDATE vote_electors SET answers = x'01' WHERE voted = 1",
        "UPDATE vote_electors SET voted = 1, answers = x'01'",
        "UPDATE vote_electors SET person_id = NULL",
        "UPDATE vote_ballots SET sealed = x'00'",
        "DELETE FROM vote_options",
        "INSERT INTO vote_options VALUES (1, 1, 3, 'a', '', 0)",
        "UPDATE vote_questions SET title = 'other'",
        "UPDATE votes SET state = 'closed', ended_ms = 1, ballots = 3, outcome = 'adopted'",
        "UPDATE votes SET state = 'cancelled', ended_ms = 1, reason = 'x'"};
    static const char *const after_it[] = {
        "UPDATE votes SET ballots = 2",
        "UPDATE votes SET outcome = 'rejected'",
        "UPDATE votes SET state = 'open', ended_ms = NULL, ballots = NULL, outcome = NULL",
        "DELETE FROM votes",
        "UPDATE vote_counts SET count = count + 1",
        "DELETE FROM vote_counts",
        "INSERT INTO vote_counts VALUES (1, 1, 9, 9)",
        "DELETE FROM vote_ballots",
        "INSERT INTO vote_ballots (vote_id, key, answers) VALUES (1, randomblob(16), x'01010101')",
        "UPDATE vote_electors SET voted = 1 WHERE voted = 0",
        "UPDATE vote_electors SET voted = 0, once = NULL WHERE voted = 1"};
    for (int i = 0; i < 3; i++)
        assert_ok(scene_cast(&c, v.id, c.people[i], 1, NULL, "k", NULL));
    for (size_t i = 0; i < sizeof while_open / sizeof *while_open; i++)
        if (db_exec(c.s.db, while_open[i]) != ERR_CONFLICT) fail_msg("%s", while_open[i]);
    v = scene_closed(&c, v.id);
    assert_int_equal(v.outcome, VOTES_adopted);
    for (size_t i = 0; i < sizeof after_it / sizeof *after_it; i++)
        if (db_exec(c.s.db, after_it[i]) != ERR_CONFLICT) fail_msg("%s", after_it[i]);
    assert_err(scene_cast(&c, v.id, c.people[4], 1, NULL, NULL, NULL), ERR_CONFLICT);
    scene_close(&c);
}

/* Of ballots and counts alone. */
TEST(outcomes_follow_from_quorum_and_majority)
{
    static const struct {
        int64_t electors, ballots, yes, no, quorum, majority;
        bool of_electors;
        enum votes_outcome want;
    } table[] = {
        {10, 0, 0, 0, 0, 50, false, VOTES_no_quorum}, {10, 4, 4, 0, 50, 50, false, VOTES_no_quorum},
        {10, 5, 3, 2, 50, 50, false, VOTES_adopted},  {10, 6, 3, 3, 50, 50, false, VOTES_rejected},
        {10, 5, 5, 0, 50, 50, true, VOTES_rejected},  {10, 6, 6, 0, 50, 50, true, VOTES_adopted},
        {10, 9, 6, 3, 0, 66, false, VOTES_adopted},   {10, 9, 5, 4, 0, 66, false, VOTES_rejected},
        {3, 3, 1, 1, 0, 0, false, VOTES_adopted},     {3, 3, 0, 3, 0, 0, false, VOTES_rejected},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        int64_t first[] = {table[i].ballots - table[i].yes - table[i].no, table[i].yes,
                           table[i].no};
        int64_t second[] = {0, 0, 0, 0};
        int64_t *const counts[] = {first, second};
        const struct votes_vote v = {.purpose = VOTES_decision,
                                     .electors = table[i].electors,
                                     .quorum = table[i].quorum,
                                     .majority = table[i].majority,
                                     .of_electors = table[i].of_electors,
                                     .questions = scene_asked,
                                     .question_count = 2};
        if (votes_close_outcome(&v, table[i].ballots, counts) != table[i].want)
            fail_msg("row %zu", i);
    }
}

static enum err forget(struct db *db, void *user)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE people SET forgotten_ms = 1 WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", *(const int64_t *)user);
    e = db_run(q, NULL);
    return e ? e : votes_electors_forget(db, *(const int64_t *)user);
}

TEST(who_leaves_is_nobody_among_the_electors_and_the_count_stays)
{
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, false);
    struct votes_vote v = scene_opened(&c, &draft);
    const struct votes_electors_filter all = {.limit = 9};
    const struct votes_elector *list = NULL;
    size_t count = 0;
    bool more = true;
    for (int i = 0; i < 3; i++)
        assert_ok(scene_cast(&c, v.id, c.people[i], 1, NULL, "k", NULL));
    assert_ok(db_write(c.s.db, forget, &c.people[0])); /* who voted */
    assert_ok(db_write(c.s.db, forget, &c.people[4])); /* who did not */
    v = scene_closed(&c, v.id);
    assert_int_equal(v.electors, 5);
    assert_int_equal(v.ballots, 3);
    assert_ok(votes_electors_list(c.s.db, &v, &all, &c.s.arena, &list, &count, &more));
    assert_int_equal(count, 5);
    assert_int_equal(list[0].person, 0);
    assert_string_equal(list[0].name, "");
    assert_true(list[0].voted && list[0].ballot);
    assert_false(list[4].voted);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_electors WHERE once IS NOT NULL"),
                     0);
    scene_close(&c);
}

TEST(electors_are_told_once_a_round_and_reminded_only_while_they_have_not_voted)
{
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, true);
    struct votes_vote v = scene_opened(&c, &draft);
    int64_t reminded = 0, again = 0;
    size_t told = 0, sum = 0;
    do {
        assert_ok(votes_electors_tell(c.s.db, SCENE_NOW, 2, &c.s.arena, &told));
        sum += told;
    } while (told);
    assert_int_equal(sum, 5);
    for (int i = 0; i < 3; i++)
        assert_ok(scene_cast(&c, v.id, c.people[i], 1, NULL, NULL, NULL));
    assert_ok(votes_electors_remind(c.s.db, v.id, SCENE_NOW + 5, &c.s.arena, &reminded, NULL));
    assert_ok(votes_electors_remind(c.s.db, v.id, SCENE_NOW + 9, &c.s.arena, &again, NULL));
    assert_int_equal(reminded, again);
    assert_ok(votes_electors_tell(c.s.db, SCENE_NOW + 9, 99, &c.s.arena, &told));
    assert_ok(votes_electors_tell(c.s.db, SCENE_NOW + 9, 99, &c.s.arena, &told));
    assert_int_equal(told, 0);
    assert_int_equal(
        value_of(c.s.db, "SELECT count(*) FROM inbox_messages WHERE verb = 'vote.opened'"), 5);
    assert_int_equal(
        value_of(c.s.db, "SELECT count(*) FROM inbox_messages WHERE verb = 'vote.reminder'"), 2);
    v = scene_closed(&c, v.id);
    assert_ok(votes_electors_tell(c.s.db, SCENE_END, 99, &c.s.arena, &told));
    assert_int_equal(
        value_of(c.s.db, "SELECT count(*) FROM inbox_messages WHERE verb = 'vote.closed'"), 5);
    assert_err(votes_electors_remind(c.s.db, v.id, SCENE_END, &c.s.arena, &again, NULL),
               ERR_CONFLICT);
    scene_close(&c);
}

TEST(whom_to_tell_is_found_without_reading_all_electors)
{
    static const char behind[] =
        "EXPLAIN QUERY PLAN SELECT v.id, v.round FROM votes v WHERE v.updated_ms > :since AND "
        "v.state IN ('open', 'closed') AND EXISTS (SELECT 1 FROM vote_electors x WHERE x.vote_id = "
        "v.id AND x.told < v.round AND x.person_id IS NOT NULL) LIMIT 1";
    struct scene c = scene_open();
    plan_uses(c.s.db, behind, "votes_told (updated_ms>?)");
    plan_uses(c.s.db, behind, "vote_electors_told (vote_id=? AND told<?)");
    plan_uses(c.s.db,
              "EXPLAIN QUERY PLAN SELECT id, person_id, voted FROM vote_electors WHERE vote_id = "
              ":vote AND told < :round AND person_id IS NOT NULL LIMIT :max",
              "vote_electors_told (vote_id=? AND told<?)");
    scene_close(&c);
}

RUN(cmocka_unit_test(a_decision_is_adopted_by_more_than_half_and_its_counts_are_its_ballots),
    cmocka_unit_test(nobody_votes_twice_and_the_same_request_may_come_again),
    cmocka_unit_test(answers_that_are_none_are_named),
    cmocka_unit_test(drafts_that_nobody_could_vote_on_are_refused),
    cmocka_unit_test(what_is_settled_is_refused_by_the_database_itself),
    cmocka_unit_test(outcomes_follow_from_quorum_and_majority),
    cmocka_unit_test(who_leaves_is_nobody_among_the_electors_and_the_count_stays),
    cmocka_unit_test(electors_are_told_once_a_round_and_reminded_only_while_they_have_not_voted),
    cmocka_unit_test(whom_to_tell_is_found_without_reading_all_electors))
