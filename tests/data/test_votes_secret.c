/* What a copy of the database tells of a secret vote. */
#include "tests/data/votes_scene.h"

#include <stdio.h>

TEST(a_secret_ballot_has_no_person_no_time_and_no_order)
{
    struct scene c = scene_open();
    /* Whoever adds a column thinks of this first. */
    assert_int_equal(value_of(c.s.db, "SELECT group_concat(name) = 'vote_id,key,sealed,answers' "
                                      "FROM pragma_table_info('vote_ballots')"),
                     1);
    assert_int_equal(
        value_of(c.s.db,
                 "SELECT group_concat(name) = 'id,vote_id,person_id,voted,once,answers,told' "
                 "FROM pragma_table_info('vote_electors')"),
        1);
    assert_int_equal(value_of(c.s.db, "PRAGMA secure_delete"), 1);
    scene_close(&c);
}

TEST(ballots_are_as_long_as_each_other_and_open_under_no_other_key)
{
    static const int64_t weights[] = {100, 0, 0};
    struct scene c = scene_open();
    const struct votes_draft draft = scene_draft(&c, true);
    struct votes_vote v = scene_opened(&c, &draft);
    const unsigned char other[SECRETS_KEY_BYTES] = {1};
    struct why why = {""};
    assert_ok(scene_cast(&c, v.id, c.people[0], 1, NULL, NULL, NULL));
    assert_ok(scene_cast(&c, v.id, c.people[1], 2, weights, NULL, NULL));
    assert_ok(scene_cast(&c, v.id, c.people[2], 1, weights, NULL, NULL));
    assert_int_equal(value_of(c.s.db, "SELECT count(DISTINCT length(sealed)) FROM vote_ballots"),
                     1);
    assert_int_equal(value_of(c.s.db, "SELECT count(DISTINCT sealed) FROM vote_ballots"), 3);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM changes WHERE topic = 'votes' AND verb "
                                      "NOT IN ('vote_made', 'vote_opened')"),
                     0);
    /* With a wrong key nothing is lost: the vote waits for the right one. */
    assert_err(votes_close(c.s.db, v.id, other, SCENE_END, &c.s.arena, &why), ERR_CHECKSUM);
    assert_non_null(strstr(why.text, "secret.key"));
    v = scene_closed(&c, v.id);
    assert_int_equal(v.ballots, 3);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_ballots WHERE sealed IS NULL"), 3);
    scene_close(&c);
}

/* Ballots that are all different, many times: after the close, none stands more often at the place
 * of its voter than chance says. */
TEST(after_the_close_the_place_of_a_ballot_says_nothing_of_its_voter)
{
    enum { ROUNDS = 60 };
    static const int64_t weights[SCENE_PEOPLE][3] = {
        {100, 0, 0}, {0, 100, 0}, {0, 0, 100}, {50, 50, 0}, {0, 50, 50}};
    struct scene c = scene_open();
    int hits = 0;
    for (int round = 0; round < ROUNDS; round++) {
        const struct votes_draft draft = scene_draft(&c, true);
        struct votes_vote v = scene_opened(&c, &draft);
        struct db_query *q;
        bool row = false;
        for (int i = 0; i < SCENE_PEOPLE; i++)
            assert_ok(scene_cast(&c, v.id, c.people[i], 1, weights[i], NULL, NULL));
        v = scene_closed(&c, v.id);
        assert_ok(db_prepare(
            c.s.db, "SELECT answers FROM vote_ballots WHERE vote_id = :vote ORDER BY key", &q));
        db_bind_int(q, ":vote", v.id);
        for (int i = 0; i < SCENE_PEOPLE; i++) {
            size_t len = 0;
            assert_ok(db_step(q, &row));
            const unsigned char *bytes = db_blob(q, 0, &len);
            assert_int_equal(len, 4);
            hits += bytes[1] == weights[i][0] && bytes[2] == weights[i][1];
        }
        db_done(q);
    }
    /* 300 places, each right by chance once in five: 60, with a deviation of about 8. */
    assert_in_range(hits, 20, 110);
    scene_close(&c);
}

TEST(of_two_who_voted_in_secret_nothing_is_counted_or_kept)
{
    struct scene c = scene_open();
    struct votes_draft draft = scene_draft(&c, true);
    draft.vote.quorum = 0;
    struct votes_vote v = scene_opened(&c, &draft);
    assert_ok(scene_cast(&c, v.id, c.people[0], 1, NULL, NULL, NULL));
    assert_ok(scene_cast(&c, v.id, c.people[1], 1, NULL, NULL, NULL));
    v = scene_closed(&c, v.id);
    assert_int_equal(v.outcome, VOTES_too_few);
    assert_int_equal(v.ballots, 2);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_ballots"), 0);
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_counts"), 0);
    scene_close(&c);
}

TEST(a_cancelled_vote_keeps_nothing_of_what_was_voted)
{
    for (int secret = 0; secret < 2; secret++) {
        struct scene c = scene_open();
        const struct votes_draft draft = scene_draft(&c, secret != 0);
        struct votes_vote v = scene_opened(&c, &draft);
        struct votes_act act = {.id = v.id, .version = v.version, .now_ms = SCENE_NOW + 9};
        bool gone = true;
        assert_ok(scene_cast(&c, v.id, c.people[0], 1, NULL, "k", NULL));
        assert_err(votes_draft_remove(c.s.db, &act, &c.s.arena, &gone, NULL), ERR_INVALID);
        act.reason = "题目有误";
        assert_ok(votes_draft_remove(c.s.db, &act, &c.s.arena, &gone, NULL));
        assert_false(gone);
        assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_ballots"), 0);
        assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM vote_electors WHERE answers IS NOT "
                                          "NULL OR once IS NOT NULL"),
                         0);
        assert_err(scene_cast(&c, v.id, c.people[1], 1, NULL, NULL, NULL), ERR_CONFLICT);
        scene_close(&c);
    }
}

RUN(cmocka_unit_test(a_secret_ballot_has_no_person_no_time_and_no_order),
    cmocka_unit_test(ballots_are_as_long_as_each_other_and_open_under_no_other_key),
    cmocka_unit_test(after_the_close_the_place_of_a_ballot_says_nothing_of_its_voter),
    cmocka_unit_test(of_two_who_voted_in_secret_nothing_is_counted_or_kept),
    cmocka_unit_test(a_cancelled_vote_keeps_nothing_of_what_was_voted))
