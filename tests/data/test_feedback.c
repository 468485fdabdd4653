#include "tests/data/store.h"

#include "data/feedback.h"
#include "data/voices.h"

static struct categories *words(void)
{
    struct categories *list;
    struct why why = {""};
    assert_ok(categories_load(HOUSE_ROOT "/data/categories", &list, &why));
    return list;
}

static const struct places_by staff = {.actor = "staff", .now_ms = 1000};

static struct places_row station(struct store *s, const struct categories *list)
{
    const struct places_row row = {.category = "rest_station",
                                   .name = "驿站",
                                   .at = {116.3, 39.9},
                                   .amenities = "water microwave wifi"};
    struct places_created made;
    struct why why = {""};
    assert_ok(places_create(s->db, list, &row, &staff, NULL, &s->arena, &made, &why));
    return made.made;
}

static struct cases_case say(struct store *s, int64_t place, const char *problem, const char *who)
{
    const struct cases_new fresh = {.kind = FEEDBACK_KIND,
                                    .category = problem,
                                    .has_position = true,
                                    .at = {116.3, 39.9},
                                    .accuracy_m = -1,
                                    .place = place,
                                    .amenity = "microwave",
                                    .session = who,
                                    .now_ms = 2000};
    return store_created(s, &fresh);
}

struct asking {
    int64_t place;
    const char *who;
    unsigned char voice[SECRETS_HASH_BYTES];
    int32_t day;
    bool first;
};

static enum err ask_voice(struct db *db, void *user)
{
    struct asking *a = user;
    return voices_of(db, a->place, a->who, a->voice);
}

static enum err ask_first(struct db *db, void *user)
{
    struct asking *a = user;
    return voices_first(db, a->place, a->who, a->day, &a->first);
}

static bool is_first(struct store *s, int64_t place, const char *who, int32_t day)
{
    struct asking a = {.place = place, .who = who, .day = day};
    assert_ok(db_write(s->db, ask_first, &a));
    return a.first;
}

TEST(a_voice_is_the_same_at_one_place_and_another_elsewhere)
{
    struct store s = store_fresh();
    struct asking here = {.place = 1, .who = "address 1"}, again = here, there = here, other = here;
    there.place = 2;
    other.who = "address 2";
    assert_ok(db_write(s.db, ask_voice, &here));
    assert_ok(db_write(s.db, ask_voice, &again));
    assert_ok(db_write(s.db, ask_voice, &there));
    assert_ok(db_write(s.db, ask_voice, &other));
    assert_memory_equal(here.voice, again.voice, SECRETS_HASH_BYTES);
    assert_memory_not_equal(here.voice, there.voice, SECRETS_HASH_BYTES);
    assert_memory_not_equal(here.voice, other.voice, SECRETS_HASH_BYTES);
    store_close(&s);
    scratch_remove();
}

TEST(a_voice_counts_once_a_day_and_yesterday_is_forgotten)
{
    struct store s = store_fresh();
    struct categories *list = words();
    int64_t a = station(&s, list).id, b = station(&s, list).id;
    assert_true(is_first(&s, a, "address 1", 10));
    assert_false(is_first(&s, a, "address 1", 10));
    assert_true(is_first(&s, b, "address 1", 10));
    assert_true(is_first(&s, a, "person 1", 10));
    assert_true(is_first(&s, a, "address 1", 11));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM place_voices"), 1);
    categories_free(list);
    store_close(&s);
    scratch_remove();
}

TEST(a_place_is_doubted_while_enough_different_senders_say_that_it_is_closed)
{
    struct store s = store_fresh();
    struct categories *list = words();
    int64_t place = station(&s, list).id;
    struct why why = {""};
    static const char doubted[] = "SELECT doubted FROM places";
    (void)say(&s, place, "closed", "address 1");
    (void)say(&s, place, "closed", "address 1");
    (void)say(&s, place, "closed", "address 2");
    (void)say(&s, place, "moved", "address 3");
    assert_int_equal(value_of(s.db, doubted), 0);
    int64_t before = value_of(s.db, "SELECT count(*) FROM changes WHERE topic = 'places'");
    struct cases_case third = say(&s, place, "closed", "address 3");
    assert_int_equal(value_of(s.db, doubted), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes WHERE topic = 'places'"),
                     before + 1);
    assert_ok(store_move(&s, &third, "rejected", KINDS_STAFF, "在营业", &why));
    assert_int_equal(value_of(s.db, doubted), 0);
    int64_t open = 0;
    assert_ok(feedback_open(s.db, s.kinds, place, &open));
    assert_int_equal(open, 4);
    categories_free(list);
    store_close(&s);
    scratch_remove();
}

TEST(a_place_and_its_case_are_mended_together_or_not_at_all)
{
    struct store s = store_fresh();
    struct categories *list = words();
    struct places_row place = station(&s, list), after = {0};
    struct cases_case c = say(&s, place.id, "missing_facility", "address 1"), moved;
    struct cases_acting moving = {.public_id = c.public_id,
                                  .to = "dispatched",
                                  .version = 1,
                                  .actor = {KINDS_STAFF, 0},
                                  .now_ms = 3000};
    struct feedback_mending mending = {
        .moving = &moving, .mend = FEEDBACK_AMENITY, .place_version = 1, .by = &staff};
    struct why why = {""};
    assert_int_equal(feedback_mends(&c), 1u << FEEDBACK_AMENITY);
    assert_err(feedback_settle(s.db, s.kinds, list, &mending, &s.arena, &moved, &after, &why),
               ERR_INVALID);
    assert_non_null(strstr(why.text, "there is no state"));
    assert_int_equal(value_of(s.db, "SELECT version FROM places"), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM place_events"), 1);
    moving.to = "handled";
    mending.place_version = 2;
    assert_err(feedback_settle(s.db, s.kinds, list, &mending, &s.arena, &moved, &after, &why),
               ERR_CONFLICT);
    assert_int_equal(value_of(s.db, "SELECT version FROM cases"), 1);
    mending.place_version = 1;
    mending.mend = FEEDBACK_CLOSE;
    assert_err(feedback_settle(s.db, s.kinds, list, &mending, &s.arena, &moved, &after, &why),
               ERR_INVALID);
    mending.mend = FEEDBACK_AMENITY;
    assert_ok(feedback_settle(s.db, s.kinds, list, &mending, &s.arena, &moved, &after, &why));
    assert_string_equal(after.amenities, "water wifi");
    assert_string_equal(moved.state, "handled");
    categories_free(list);
    store_close(&s);
    scratch_remove();
}

TEST(feedback_about_a_place_that_never_was_is_refused)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_created made;
    struct why why = {""};
    fresh.place = 99;
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why),
               ERR_INVALID);
    assert_non_null(strstr(why.text, "the place"));
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_voice_is_the_same_at_one_place_and_another_elsewhere),
    cmocka_unit_test(a_voice_counts_once_a_day_and_yesterday_is_forgotten),
    cmocka_unit_test(a_place_is_doubted_while_enough_different_senders_say_that_it_is_closed),
    cmocka_unit_test(a_place_and_its_case_are_mended_together_or_not_at_all),
    cmocka_unit_test(feedback_about_a_place_that_never_was_is_refused))
