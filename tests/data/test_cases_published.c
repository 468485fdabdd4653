#include "tests/data/store.h"

#include "data/cases_published.h"
#include "geo/space/geodesic.h"

static const char *const states[] = {"accepted", "filed"};

static struct cases_published everything(void)
{
    return (struct cases_published){.kind = "report",
                                    .states = states,
                                    .state_count = 2,
                                    .upto_ms = INT64_MAX,
                                    .limit = CASES_PUBLISHED_LIMIT};
}

static size_t listed(struct store *s, const struct cases_published *wanted,
                     const struct cases_case **cases)
{
    size_t count = 0;
    assert_ok(cases_published_list(s->db, wanted, &s->arena, cases, &count));
    return count;
}

static size_t updates_of(struct store *s, const struct cases_published *wanted,
                         const struct cases_published_update **updates)
{
    size_t count = 0;
    assert_ok(cases_published_updates(s->db, wanted, &s->arena, updates, &count));
    return count;
}

/* One that staff took up, made at a moment. */
static struct cases_case accepted(struct store *s, struct cases_new fresh, int64_t at_ms)
{
    struct why why = {""};
    fresh.now_ms = at_ms;
    struct cases_case c = store_created(s, &fresh);
    assert_ok(store_move(s, &c, "accepted", KINDS_STAFF, "看过了", &why));
    return c;
}

TEST(only_told_states_within_the_span_are_listed_newest_first)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct cases_case *cases;
    struct cases_published wanted = everything();
    (void)store_created(&s, &fresh); /* nobody looked at it */
    struct cases_case one = accepted(&s, fresh, 2000), two = accepted(&s, fresh, 3000);
    assert_int_equal(listed(&s, &wanted, &cases), 2);
    assert_string_equal(cases[0].public_id, two.public_id);
    assert_string_equal(cases[1].public_id, one.public_id);
    wanted.from_ms = 2000, wanted.upto_ms = 2999;
    assert_int_equal(listed(&s, &wanted, &cases), 1);
    wanted.from_ms = 2001;
    assert_int_equal(listed(&s, &wanted, &cases), 0);
    wanted = everything();
    wanted.category = "manhole";
    assert_int_equal(listed(&s, &wanted, &cases), 0);
    wanted = everything();
    wanted.by_update = true, wanted.changed_from_ms = 3001, wanted.changed_upto_ms = 3001;
    assert_int_equal(listed(&s, &wanted, &cases), 1);
    assert_string_equal(cases[0].public_id, two.public_id);
    wanted.limit = CASES_PUBLISHED_LIMIT + 1;
    size_t count;
    assert_err(cases_published_list(s.db, &wanted, &s.arena, &cases, &count), ERR_RANGE);
    store_close(&s);
    scratch_remove();
}

/* Held against the distance of each; pages together are the whole, in its order. */
TEST(what_lies_around_a_point_is_listed_and_pages_are_whole)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct coord centre = fresh.at;
    const struct cases_case *cases, *page;
    uint64_t random = random_seed();
    size_t within = 0;
    struct cases_published wanted = everything();
    wanted.at = centre, wanted.radius_m = 500;
    for (int i = 0; i < 40; i++) {
        fresh.at.lon = centre.lon + (random_unit(&random) - 0.5) * 0.0118;
        fresh.at.lat = centre.lat + (random_unit(&random) - 0.5) * 0.009;
        (void)accepted(&s, fresh, 2000 + i / 3); /* some in the same moment */
        within += geodesic_distance_m(centre, fresh.at) <= 500;
    }
    assert_int_equal(listed(&s, &wanted, &cases), within);
    for (size_t i = 0; i < within; i++)
        assert_true(geodesic_distance_m(centre, cases[i].at) <= 500);
    wanted.limit = 7;
    for (wanted.skip = 0; (size_t)wanted.skip < within; wanted.skip += 7) {
        size_t left = within - (size_t)wanted.skip, count = listed(&s, &wanted, &page);
        assert_int_equal(count, left < 7 ? left : 7);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(page[i].public_id, cases[(size_t)wanted.skip + i].public_id);
    }
    assert_int_equal(listed(&s, &wanted, &page), 0);
    store_close(&s);
    scratch_remove();
}

TEST(updates_are_moves_for_everybody_oldest_first_and_of_named_cases_alone)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct cases_new fresh = store_report();
    const struct cases_published_update *updates;
    struct cases_published wanted = everything();
    struct cases_case one = accepted(&s, fresh, 2000), two = accepted(&s, fresh, 3000);
    const struct cases_acting noted = {.public_id = one.public_id,
                                       .verb = CASES_noted,
                                       .actor = {KINDS_STAFF, 0},
                                       .reason = "只给同事看",
                                       .now_ms = 4000};
    assert_ok(store_act(s.db, s.kinds, &noted, &s.arena, &one, &why));
    assert_int_equal(updates_of(&s, &wanted, &updates), 4);
    for (size_t i = 1; i < 4; i++)
        assert_true(updates[i - 1].at_ms <= updates[i].at_ms);
    assert_string_equal(updates[1].state, "accepted");
    assert_string_equal(updates[1].reason, "看过了");
    const char *const ids[] = {two.public_id};
    wanted.ids = ids, wanted.id_count = 1;
    assert_int_equal(updates_of(&s, &wanted, &updates), 2);
    assert_string_equal(updates[0].public_id, two.public_id);
    wanted.skip = 1;
    assert_int_equal(updates_of(&s, &wanted, &updates), 1);
    assert_string_equal(updates[0].state, "accepted");
    store_close(&s);
    scratch_remove();
}

TEST(the_note_is_the_last_reason_for_everybody)
{
    struct store s = store_fresh();
    struct why why = {""};
    const char *note = NULL;
    struct cases_case c = accepted(&s, store_report(), 2000);
    assert_ok(store_move(&s, &c, "filed", KINDS_STAFF, "", &why));
    assert_ok(cases_published_note(s.db, c.id, &s.arena, &note));
    assert_string_equal(note, "看过了");
    struct cases_new fresh = store_report();
    assert_ok(cases_published_note(s.db, store_created(&s, &fresh).id, &s.arena, &note));
    assert_string_equal(note, "");
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(only_told_states_within_the_span_are_listed_newest_first),
    cmocka_unit_test(what_lies_around_a_point_is_listed_and_pages_are_whole),
    cmocka_unit_test(updates_are_moves_for_everybody_oldest_first_and_of_named_cases_alone),
    cmocka_unit_test(the_note_is_the_last_reason_for_everybody))
