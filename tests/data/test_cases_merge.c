#include "tests/data/store.h"

#include "data/cases_forget.h"
#include "data/cases_links.h"
#include "data/cases_sender.h"

#define STAFF .actor = {KINDS_ROLE(area_staff), 0}

static struct cases_case now(struct store *s, const struct cases_case *c)
{
    struct cases_case read;
    assert_ok(cases_get(s->db, c->public_id, &s->arena, &read));
    return read;
}

static enum err act(struct store *s, const struct cases_case *c, struct cases_acting acting,
                    struct why *why)
{
    struct cases_case done;
    acting.public_id = c->public_id;
    acting.now_ms = now(s, c).updated_ms + 1;
    if (!acting.version && acting.verb == CASES_moved) acting.version = now(s, c).version;
    return store_act(s->db, s->kinds, &acting, &s->arena, &done, why);
}

static enum err repeat(struct store *s, const struct cases_case *c, const struct cases_case *of,
                       struct why *why)
{
    return act(s, c, (struct cases_acting){.to = "duplicate", STAFF, .duplicate_of = of->public_id},
               why);
}

/* The last event of a case. */
static struct cases_event last(struct store *s, const struct cases_case *c)
{
    const struct cases_event *events;
    size_t count;
    assert_ok(cases_history(s->db, c->id, &s->arena, &events, &count));
    return events[count - 1];
}

TEST(a_duplicate_brings_its_own_along_and_everybody_is_told_and_nobody_repeats_in_a_ring)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh), b = store_created(&s, &fresh),
                      c = store_created(&s, &fresh);
    struct why why = {""};
    assert_ok(repeat(&s, &c, &b, &why));
    assert_string_equal(last(&s, &b).verb, "merged");
    assert_string_equal(last(&s, &b).value, c.public_id);
    assert_int_equal(last(&s, &b).seen, CASES_STAFF);
    int64_t version = now(&s, &c).version;
    assert_ok(repeat(&s, &b, &a, &why));
    assert_string_equal(now(&s, &c).duplicate_of, a.public_id);
    assert_int_equal(now(&s, &c).version, version + 1);
    assert_string_equal(last(&s, &c).verb, "carried");
    assert_string_equal(last(&s, &c).value, a.public_id);
    assert_err(repeat(&s, &a, &c, &why), ERR_INVALID);
    assert_err(repeat(&s, &a, &b, &why), ERR_INVALID);

    assert_ok(act(&s, &a, (struct cases_acting){.to = "accepted", STAFF}, &why));
    assert_string_equal(last(&s, &b).verb, "followed");
    assert_string_equal(last(&s, &b).value, "accepted");
    assert_string_equal(last(&s, &b).actor, "system");
    assert_string_equal(last(&s, &b).to, "duplicate");
    assert_string_equal(last(&s, &c).value, "accepted");

    assert_ok(
        act(&s, &b, (struct cases_acting){.to = "submitted", STAFF, .reason = "另一处"}, &why));
    assert_string_equal(now(&s, &b).duplicate_of, "");
    assert_string_equal(last(&s, &a).verb, "split");
    assert_string_equal(last(&s, &a).value, b.public_id);
    assert_ok(act(&s, &a, (struct cases_acting){.to = "filed", STAFF}, &why));
    assert_string_equal(last(&s, &b).verb, "moved");
    assert_string_equal(last(&s, &c).value, "filed");
    store_close(&s);
    scratch_remove();
}

TEST(whoever_sent_or_joined_a_duplicate_is_with_the_original_until_it_is_split_off)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh);
    struct cases_created b;
    struct cases_acted joined;
    struct why why = {""};
    bool yes = true;
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &b, NULL));
    const struct cases_acting joining = {
        .public_id = b.made.public_id, .verb = CASES_joined, .voice = "address 1", .now_ms = 5000};
    assert_ok(cases_act(s.db, NULL, s.kinds, &joining, NULL, &s.arena, &joined, NULL));
    assert_ok(cases_sender_repeats(s.db, a.id, b.token, 0, &yes));
    assert_false(yes);
    assert_ok(repeat(&s, &b.made, &a, &why));
    assert_ok(cases_sender_repeats(s.db, a.id, b.token, 0, &yes));
    assert_true(yes);
    assert_ok(cases_sender_repeats(s.db, a.id, joined.token, 0, &yes));
    assert_true(yes);
    assert_ok(cases_sender_repeats(s.db, a.id, "yzr_wrong", 0, &yes));
    assert_false(yes);
    assert_ok(cases_sender_repeats(s.db, a.id, NULL, 0, &yes));
    assert_false(yes);
    assert_ok(
        act(&s, &b.made, (struct cases_acting){.to = "submitted", STAFF, .reason = "x"}, &why));
    assert_ok(cases_sender_repeats(s.db, a.id, b.token, 0, &yes));
    assert_false(yes);
    store_close(&s);
    scratch_remove();
}

static enum err link_to(struct store *s, const struct cases_case *c, enum cases_verb verb,
                        const char *other, int64_t version, struct why *why)
{
    return act(s, c,
               (struct cases_acting){.verb = verb,
                                     STAFF,
                                     .to = other,
                                     .version = version,
                                     .strict = version != 0,
                                     .reason = "同一路口"},
               why);
}

TEST(cases_are_linked_both_ways_once_and_the_reason_goes_with_either)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh), b = store_created(&s, &fresh);
    const struct cases_link *links;
    struct why why = {""};
    size_t count;
    assert_err(link_to(&s, &a, CASES_linked, a.public_id, 0, &why), ERR_INVALID);
    assert_err(link_to(&s, &a, CASES_linked, "2222222222222222222222", 0, &why), ERR_NOTFOUND);
    assert_err(link_to(&s, &a, CASES_linked, b.public_id, 7, &why), ERR_CONFLICT);
    assert_err(link_to(&s, &a, CASES_unlinked, b.public_id, 0, &why), ERR_CONFLICT);
    assert_ok(link_to(&s, &b, CASES_linked, a.public_id, 1, &why));
    assert_err(link_to(&s, &a, CASES_linked, b.public_id, 0, &why), ERR_CONFLICT);
    assert_int_equal(now(&s, &a).version, 1);
    assert_string_equal(last(&s, &a).verb, "linked");
    assert_string_equal(last(&s, &a).value, b.public_id);
    assert_string_equal(last(&s, &b).value, a.public_id);
    assert_string_equal(last(&s, &b).reason, "");
    assert_int_equal(last(&s, &b).seen, CASES_STAFF);
    assert_ok(cases_links_of(s.db, a.id, &s.arena, &links, &count));
    assert_int_equal(count, 1);
    assert_string_equal(links[0].other.public_id, b.public_id);
    assert_string_equal(links[0].reason, "同一路口");
    assert_ok(cases_links_of(s.db, b.id, &s.arena, &links, &count));
    assert_string_equal(links[0].other.public_id, a.public_id);

    assert_ok(link_to(&s, &a, CASES_unlinked, b.public_id, 0, &why));
    assert_ok(cases_links_of(s.db, b.id, &s.arena, &links, &count));
    assert_int_equal(count, 0);
    assert_string_equal(last(&s, &b).verb, "unlinked");
    store_close(&s);
    scratch_remove();
}

static enum err forget(struct db *db, void *user)
{
    int64_t photos;
    return cases_forget_all(db, *(const int64_t *)user, false, 9000, &photos);
}

TEST(a_link_of_an_anonymised_case_says_no_reason_and_no_new_one_is_made)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh), b = store_created(&s, &fresh),
                      c = store_created(&s, &fresh);
    const struct cases_link *links;
    struct why why = {""};
    size_t count;
    assert_ok(link_to(&s, &a, CASES_linked, b.public_id, 0, &why));
    assert_ok(db_write(s.db, forget, &b.id));
    assert_ok(cases_links_of(s.db, a.id, &s.arena, &links, &count));
    assert_int_equal(count, 1);
    assert_string_equal(links[0].reason, "");
    assert_err(link_to(&s, &c, CASES_linked, b.public_id, 0, &why), ERR_CONFLICT);
    assert_err(repeat(&s, &c, &b, &why), ERR_INVALID);

    /* One that repeats another is told of nothing any more, and carried along all the same. */
    struct cases_case d = store_created(&s, &fresh);
    assert_ok(repeat(&s, &d, &c, &why));
    assert_ok(db_write(s.db, forget, &d.id));
    assert_ok(act(&s, &c, (struct cases_acting){.to = "accepted", STAFF}, &why));
    assert_string_equal(last(&s, &d).verb, "moved");
    assert_ok(repeat(&s, &c, &a, &why));
    assert_string_equal(now(&s, &d).duplicate_of, a.public_id);
    assert_string_equal(last(&s, &d).verb, "moved");
    store_close(&s);
    scratch_remove();
}

TEST(only_staff_link_and_a_case_has_so_many_links_and_no_more)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case a = store_created(&s, &fresh);
    struct why why = {""};
    enum err e = ERR_OK;
    int linked = 0;
    for (; !e && linked < 1000; linked++) {
        struct cases_case other = store_created(&s, &fresh);
        e = link_to(&s, linked % 2 ? &other : &a, CASES_linked,
                    linked % 2 ? a.public_id : other.public_id, 0, &why);
    }
    assert_err(e, ERR_CONFLICT);
    assert_int_equal(linked - 1, CASES_LINKS_MAX);
    struct cases_case b = store_created(&s, &fresh), c = store_created(&s, &fresh);
    assert_err(act(&s, &b,
                   (struct cases_acting){
                       .verb = CASES_linked, .actor = {KINDS_REPORTER, 0}, .to = c.public_id},
                   &why),
               ERR_DENIED);
    store_close(&s);
    scratch_remove();
}

TEST(what_others_repeat_is_not_withdrawn_and_goes_on_without_who_sent_it)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_created first;
    struct cases_case second = store_created(&s, &fresh);
    struct why why = {""};
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &first, NULL));
    assert_ok(repeat(&s, &second, &first.made, &why));
    const struct cases_acting back = {.to = "withdrawn", .actor = {KINDS_REPORTER, 0}};
    assert_err(act(&s, &first.made, back, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "others sent the same"));
    const struct cases_forgetting forgetting = {
        .public_id = first.made.public_id, .token = first.token, .now_ms = 9000};
    assert_ok(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, &why));
    assert_string_equal(now(&s, &first.made).state, "submitted");
    assert_int_equal(now(&s, &first.made).anonymised, 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM cases WHERE forgotten_ms IS NOT NULL AND "
                                    "sender_hash IS NULL"),
                     1);
    /* Once it is split off, nobody waits. */
    assert_ok(act(&s, &second, (struct cases_acting){.to = "submitted", STAFF, .reason = "另一处"},
                  &why));
    assert_ok(act(&s, &first.made, back, &why));
    store_close(&s);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_duplicate_brings_its_own_along_and_everybody_is_told_and_nobody_repeats_in_a_ring),
        cmocka_unit_test(
            whoever_sent_or_joined_a_duplicate_is_with_the_original_until_it_is_split_off),
        cmocka_unit_test(cases_are_linked_both_ways_once_and_the_reason_goes_with_either),
        cmocka_unit_test(a_link_of_an_anonymised_case_says_no_reason_and_no_new_one_is_made),
        cmocka_unit_test(only_staff_link_and_a_case_has_so_many_links_and_no_more),
        cmocka_unit_test(what_others_repeat_is_not_withdrawn_and_goes_on_without_who_sent_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
