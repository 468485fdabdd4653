#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/cases_sender.h"

#include <limits.h>
#include <unistd.h>

/* One act, by somebody who is `as` to the case; `c` is how it is then. */
static enum err act(struct store *s, struct cases_case *c, struct cases_acting acting,
                    struct why *why)
{
    struct why said = {""};
    acting.public_id = c->public_id;
    if (!acting.now_ms) acting.now_ms = c->updated_ms + 1;
    if (acting.version == 0 && acting.actor.as & KINDS_STAFF) acting.version = c->version;
    enum err e = store_act(s->db, s->kinds, &acting, &s->arena, c, why ? why : &said);
    if (!why) assert_string_equal(said.text, "");
    return e;
}

#define STAFF .actor = {KINDS_ROLE(area_staff), 0}

TEST(a_case_is_given_to_a_unit_a_person_and_nobody_and_its_events_say_so)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    const struct cases_event *events;
    struct why why = {""};
    size_t count;
    int64_t person;
    assert_ok(people_add(s.db, NULL, NULL, "li", "李", "correct horse", &person, NULL));
    assert_ok(
        act(&s, &c, (struct cases_acting){.verb = CASES_assigned, STAFF, .unit = "园林"}, NULL));
    assert_string_equal(c.unit, "园林");
    assert_ok(act(&s, &c, (struct cases_acting){.verb = CASES_assigned, STAFF, .assignee = person},
                  NULL));
    assert_int_equal(c.assignee, person);
    assert_string_equal(c.unit, "");
    assert_ok(
        act(&s, &c, (struct cases_acting){.verb = CASES_prioritised, STAFF, .priority = 2}, NULL));
    assert_ok(
        act(&s, &c, (struct cases_acting){.verb = CASES_recategorised, STAFF, .to = "bin"}, NULL));
    assert_ok(
        act(&s, &c, (struct cases_acting){.verb = CASES_noted, STAFF, .reason = "内部"}, NULL));
    assert_int_equal(c.version, 5);
    assert_string_equal(c.category, "bin");
    assert_err(
        act(&s, &c, (struct cases_acting){.verb = CASES_assigned, STAFF, .assignee = 999}, &why),
        ERR_INVALID);
    assert_err(act(&s, &c,
                   (struct cases_acting){
                       .verb = CASES_assigned, .actor = {KINDS_REPORTER, 0}, .unit = "x"},
                   &why),
               ERR_DENIED);
    assert_ok(cases_history(s.db, c.id, &s.arena, &events, &count));
    static const struct {
        const char *verb, *value;
        enum cases_seen seen;
    } told[] = {{"created", "", CASES_PUBLIC},          {"assigned", "unit:园林", CASES_STAFF},
                {"assigned", "person:1", CASES_STAFF},  {"prioritised", "2", CASES_STAFF},
                {"recategorised", "bin", CASES_PUBLIC}, {"noted", "", CASES_STAFF}};
    assert_int_equal(count, sizeof told / sizeof *told);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(events[i].verb, told[i].verb);
        assert_string_equal(events[i].value, told[i].value);
        assert_int_equal(events[i].seen, told[i].seen);
    }
    store_close(&s);
    scratch_remove();
}

TEST(whoever_holds_the_secret_goes_on_with_a_case_and_nobody_else)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_created made;
    unsigned as = 9;
    struct why why = {""};
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, NULL));
    assert_ok(cases_sender_is(s.db, &made.made, made.token, 0, &as));
    assert_int_equal(as, KINDS_REPORTER);
    assert_ok(cases_sender_is(s.db, &made.made, "yzr_wrong", 0, &as));
    assert_int_equal(as, 0);
    assert_ok(cases_sender_is(s.db, &made.made, NULL, 0, &as));
    assert_int_equal(as, 0);

    const struct cases_acting joining = {.public_id = made.made.public_id,
                                         .verb = CASES_joined,
                                         .voice = "address 1",
                                         .now_ms = 5000};
    struct cases_acted acted;
    assert_ok(cases_act(s.db, NULL, s.kinds, &joining, NULL, &s.arena, &acted, NULL));
    assert_int_equal(acted.now.joined, 1);
    assert_int_equal(acted.now.version, 1); /* nobody's judgement is outdated by it */
    assert_ok(cases_sender_is(s.db, &made.made, acted.token, 0, &as));
    assert_int_equal(as, KINDS_JOINER);
    assert_err(cases_act(s.db, NULL, s.kinds, &joining, NULL, &s.arena, &acted, &why),
               ERR_CONFLICT);
    assert_string_equal(why.text, "you are with this case already");
    store_close(&s);
    scratch_remove();
}

TEST(what_a_kind_asks_and_whom_it_sends_away)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    const struct kinds_said dark = {"fault", "dark"}, red = {"fault", "red"};
    struct cases_created made;
    struct why why = {""};
    fresh.said = &red;
    fresh.said_count = 1;
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why),
               ERR_INVALID);
    fresh.said = &dark;
    struct cases_case c = store_created(&s, &fresh);
    assert_int_equal(c.said_count, 1);
    assert_string_equal(c.said[0].value, "dark");
    fresh.said_count = 0;
    fresh.category = "gas_leak";
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why),
               ERR_INVALID);
    assert_non_null(strstr(why.text, "119"));

    const struct kinds_said leans = {"fault", "leans"};
    assert_ok(act(
        &s, &c,
        (struct cases_acting){
            .verb = CASES_written, .actor = {KINDS_REPORTER, 0}, .said = &leans, .said_count = 1},
        NULL));
    assert_string_equal(c.said[0].value, "leans");
    assert_err(
        act(&s, &c,
            (struct cases_acting){.verb = CASES_written, STAFF, .said = &leans, .said_count = 1},
            &why),
        ERR_INVALID);
    assert_err(act(&s, &c, (struct cases_acting){.verb = CASES_written, STAFF}, &why), ERR_INVALID);
    store_close(&s);
    scratch_remove();
}

/* Whether the file of these contents is there. */
static bool is_kept(const struct store *s, const struct photos_picture *picture)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    char name[SECRETS_HEX_SIZE], path[PATH_MAX];
    secrets_sha256(picture->bytes, picture->len, hash);
    secrets_hex(hash, name);
    assert_ok(blobs_path(s->dir, name, path, sizeof path));
    return access(path, F_OK) == 0;
}

TEST(a_refused_act_leaves_no_photo_on_disk_and_takes_none_from_another_case)
{
    struct store s = store_fresh();
    unsigned char one[64], two[64];
    struct photos_clean first = store_photo(one, 1), second = store_photo(two, 2);
    struct cases_new fresh = store_report();
    struct cases_acted acted;
    struct why why = {""};
    fresh.photos = &first;
    fresh.photo_count = 1;
    struct cases_case c = store_created(&s, &fresh);
    const struct photos_clean both[] = {first, second};
    const struct cases_acting stale = {.public_id = c.public_id,
                                       .to = "accepted",
                                       .version = 99,
                                       STAFF,
                                       .photos = both,
                                       .photo_count = 2,
                                       .now_ms = 5000};
    assert_err(cases_act(s.db, s.dir, s.kinds, &stale, NULL, &s.arena, &acted, &why), ERR_CONFLICT);
    assert_false(is_kept(&s, &second.large));
    assert_false(is_kept(&s, &second.small));
    assert_true(is_kept(&s, &first.large));
    fresh.area_id = 99; /* that there is not */
    fresh.photos = &second;
    struct cases_created made;
    assert_err(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why),
               ERR_INVALID);
    assert_false(is_kept(&s, &second.large));
    store_close(&s);
    scratch_remove();
}

TEST(a_crowd_cannot_keep_staff_from_their_proof_nor_write_without_end)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    struct why why = {""};
    unsigned char bytes[64];
    struct cases_acting word = {
        .verb = CASES_written, .actor = {KINDS_JOINER, 0}, .reason = "也看到了"};
    struct cases_acted acted;
    struct photos_clean photo = store_photo(bytes, 5);
    struct cases_acting sent = {.public_id = c.public_id,
                                .verb = CASES_written,
                                .actor = {KINDS_JOINER, 0},
                                .photos = &photo,
                                .photo_count = 1,
                                .now_ms = 5000};
    for (int i = 0; i < CASES_PHOTOS_SENT; i++)
        assert_ok(cases_act(s.db, s.dir, s.kinds, &sent, NULL, &s.arena, &acted, &why));
    assert_err(cases_act(s.db, s.dir, s.kinds, &sent, NULL, &s.arena, &acted, &why), ERR_LIMIT);
    sent.actor.as = KINDS_ROLE(handler);
    assert_ok(cases_act(s.db, s.dir, s.kinds, &sent, NULL, &s.arena, &acted, &why));
    enum err e = ERR_OK;
    int words = CASES_PHOTOS_SENT;
    while (!(e = act(&s, &c, word, &why)) && words < 10000)
        words++;
    assert_err(e, ERR_CONFLICT);
    assert_int_equal(words, 300);
    assert_ok(
        act(&s, &c, (struct cases_acting){.verb = CASES_written, STAFF, .reason = "收到"}, NULL));
    store_close(&s);
    scratch_remove();
}

TEST(what_staff_do_is_staffs_whatever_else_they_are_to_the_case)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    const struct cases_event *events;
    size_t count;
    const unsigned both =
        KINDS_ROLE(rider) | KINDS_ROLE(area_staff) | KINDS_REPORTER | KINDS_JOINER;
    assert_ok(act(&s, &c,
                  (struct cases_acting){
                      .verb = CASES_prioritised, .actor = {both, 0}, .version = 1, .priority = 1},
                  NULL));
    assert_ok(act(&s, &c,
                  (struct cases_acting){.verb = CASES_written, .actor = {both, 0}, .reason = "x"},
                  NULL));
    assert_ok(act(
        &s, &c, (struct cases_acting){.to = "withdrawn", .actor = {both, 0}, .version = 2}, NULL));
    assert_ok(cases_history(s.db, c.id, &s.arena, &events, &count));
    assert_string_equal(events[1].actor, "area_staff");
    assert_string_equal(events[2].actor, "area_staff");
    assert_string_equal(events[3].actor, "reporter");
    store_close(&s);
    scratch_remove();
}

TEST(a_private_case_is_nobody_elses_to_join_and_who_is_shown_what)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct why why = {""};
    fresh.kind = "difficulty";
    fresh.category = "other";
    struct cases_case c = store_created(&s, &fresh);
    assert_err(act(&s, &c,
                   (struct cases_acting){
                       .verb = CASES_joined, .actor = {KINDS_ROLE(branch_staff), 0}, .voice = "a"},
                   &why),
               ERR_CONFLICT);
    static const struct {
        enum cases_seen seen;
        bool by_staff;
        unsigned as;
        bool shown;
    } table[] = {{CASES_PUBLIC, false, 0, true},
                 {CASES_SENDER, true, 0, false},
                 {CASES_SENDER, true, KINDS_JOINER, true},
                 {CASES_SENDER, false, KINDS_JOINER, false},
                 {CASES_SENDER, false, KINDS_REPORTER, true},
                 {CASES_STAFF, true, KINDS_REPORTER | KINDS_JOINER, false},
                 {CASES_STAFF, true, KINDS_ROLE(rider), false},
                 {CASES_STAFF, true, KINDS_ROLE(handler), true}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        assert_int_equal(cases_is_shown(table[i].seen, table[i].by_staff, table[i].as),
                         table[i].shown);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_case_is_given_to_a_unit_a_person_and_nobody_and_its_events_say_so),
    cmocka_unit_test(whoever_holds_the_secret_goes_on_with_a_case_and_nobody_else),
    cmocka_unit_test(what_a_kind_asks_and_whom_it_sends_away),
    cmocka_unit_test(a_crowd_cannot_keep_staff_from_their_proof_nor_write_without_end),
    cmocka_unit_test(what_staff_do_is_staffs_whatever_else_they_are_to_the_case),
    cmocka_unit_test(a_private_case_is_nobody_elses_to_join_and_who_is_shown_what),
    cmocka_unit_test(a_refused_act_leaves_no_photo_on_disk_and_takes_none_from_another_case))
