#include "tests/data/store.h"

#include "data/blobs.h"
#include "data/cases_forget.h"
#include "data/cases_sender.h"
#include "data/retention.h"

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

static const int64_t day_ms = 24 * 3600 * (int64_t)1000;

/* Closed (withdrawn by its sender) at 1001, with a photo, answers, one who joined, words. */
static struct cases_case closed(struct store *s, uint64_t mark, int64_t person)
{
    static const struct kinds_said leans = {"fault", "leans"};
    unsigned char bytes[64];
    const struct photos_clean photo = store_photo(bytes, mark);
    struct cases_new fresh = store_report();
    struct why why = {""};
    fresh.reporter = person;
    fresh.session = "somebody";
    fresh.address = "平安里 7 号";
    fresh.photos = &photo;
    fresh.photo_count = 1;
    fresh.said = &leans;
    fresh.said_count = 1;
    struct cases_case c = store_created(s, &fresh);
    struct cases_acting joining = {.public_id = c.public_id,
                                   .verb = CASES_joined,
                                   .voice = "10.0.0.7",
                                   .actor = {0, 0},
                                   .now_ms = 1000};
    assert_ok(store_act(s->db, s->kinds, &joining, &s->arena, &c, &why));
    struct cases_acting writing = {.public_id = c.public_id,
                                   .verb = CASES_written,
                                   .actor = {KINDS_REPORTER, person},
                                   .reason = "我住在隔壁",
                                   .now_ms = 1000};
    assert_ok(store_act(s->db, s->kinds, &writing, &s->arena, &c, &why));
    c.updated_ms = 1000;
    assert_ok(store_move(s, &c, "withdrawn", KINDS_REPORTER, NULL, &why));
    return c;
}

static struct retention_counts run_at(struct store *s, int64_t day, bool dry)
{
    struct retention_counts counts;
    struct why why = {""};
    assert_ok(
        retention_run(s->db, s->dir, s->kinds, 1001 + day * day_ms + 1, dry, NULL, &counts, &why));
    assert_string_equal(why.text, "");
    return counts;
}

static bool is_on_disk(struct store *s, const char *name)
{
    char path[PATH_MAX];
    assert_ok(blobs_path(s->dir, name, path, sizeof path));
    return access(path, F_OK) == 0;
}

TEST(photos_go_first_then_all_that_a_case_says_of_people_and_its_figures_stay)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case open = store_created(&s, &fresh), c = closed(&s, 1, 0), now;
    struct why why = {""};
    struct retention_counts n = run_at(&s, 364, false);
    assert_int_equal(n.cases + n.photos, 0);
    n = run_at(&s, 365, true);
    assert_int_equal(n.cases, 0);
    assert_int_equal(n.photos, 1);
    assert_true(is_on_disk(&s, c.photos[0].blobs[0]));
    n = run_at(&s, 365, false);
    assert_int_equal(n.photos, 1);
    for (int i = 0; i < PHOTOS_SIZES; i++)
        assert_false(is_on_disk(&s, c.photos[0].blobs[i]));
    assert_ok(cases_get(s.db, c.public_id, &s.arena, &now));
    assert_int_equal(now.photo_count, 0);
    assert_string_equal(now.description, "路灯不亮");
    assert_int_equal(now.version, c.version + 1);

    assert_int_equal(run_at(&s, 1095, true).cases, 1);
    assert_int_equal(run_at(&s, 1095, false).cases, 1);
    assert_ok(cases_get(s.db, c.public_id, &s.arena, &now));
    assert_true(now.anonymised);
    assert_string_equal(now.description, "");
    assert_string_equal(now.address, "");
    assert_int_equal(now.said_count, 0);
    assert_int_equal(now.joined, 1);
    assert_string_equal(now.state, "withdrawn");
    assert_string_equal(now.category, "lamp");
    assert_int_equal(now.created_ms, 1000);
    assert_int_equal(now.closed_ms, c.closed_ms);
    assert_true(now.at.lon != c.at.lon && now.at.lat != c.at.lat);
    assert_true(now.at.lon > 116.375 - 0.0026 && now.at.lon < 116.375 + 0.0026);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_events WHERE reason <> '' OR "
                                    "(person_id IS NOT NULL AND actor <> 'staff')"),
                     0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM cases WHERE sender_hash IS NOT NULL OR "
                                    "session_hash IS NOT NULL"),
                     1); /* the open one */
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_joins WHERE voice IS NOT NULL"), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes WHERE verb = 'anonymised'"), 1);
    assert_int_equal(run_at(&s, 2000, false).cases, 0);
    assert_ok(cases_get(s.db, open.public_id, &s.arena, &now));
    assert_string_equal(now.description, "路灯不亮");

    struct cases_acting writing = {.public_id = c.public_id,
                                   .verb = CASES_noted,
                                   .actor = {KINDS_ROLE(area_staff), 0},
                                   .reason = "again",
                                   .now_ms = 2000};
    assert_err(store_act(s.db, s.kinds, &writing, &s.arena, &now, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "no longer kept"));
    store_close(&s);
    scratch_remove();
}

TEST(more_cases_than_one_batch_are_all_gone_over_and_counted_once)
{
    enum { CASES = 47 };
    struct store s = store_fresh();
    for (int i = 0; i < CASES; i++)
        (void)closed(&s, 100 + (uint64_t)i, 0);
    struct retention_counts n = run_at(&s, 1095, true);
    assert_int_equal(n.cases, CASES);
    assert_int_equal(n.photos, CASES);
    n = run_at(&s, 1095, false);
    assert_int_equal(n.cases, CASES);
    assert_int_equal(n.photos, CASES);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs"), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_file_that_cannot_be_deleted_holds_nothing_up_is_told_and_tried_again)
{
    struct store s = store_fresh();
    struct retention_counts counts;
    struct why why = {""};
    char path[PATH_MAX];
    struct cases_case c = closed(&s, 1, 0);
    for (int i = 0; i < 20; i++)
        (void)closed(&s, 100 + (uint64_t)i, 0);
    int64_t now_ms = 1001 + 1095 * day_ms + 1;
    assert_ok(blobs_path(s.dir, c.photos[0].blobs[0], path, sizeof path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0); /* not even root can unlink it */
    for (int64_t expected = 21; expected >= 0; expected -= 21) {
        why.text[0] = '\0';
        assert_int_not_equal(
            retention_run(s.db, s.dir, s.kinds, now_ms, false, NULL, &counts, &why), ERR_OK);
        assert_non_null(strstr(why.text, "cannot delete "));
        assert_int_equal(counts.cases, expected);
        assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 1);
    }
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(run_at(&s, 1095, false).cases, 0); /* nothing new, but what was left */
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM blobs_doomed"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_history_is_emptied_where_the_case_was_and_changed_in_no_other_way)
{
    static const char *const refused[] = {
        "UPDATE case_events SET reason = 'other'",
        "UPDATE case_events SET at_ms = at_ms + 1",
        "UPDATE case_events SET from_state = 'x'",
        "UPDATE case_events SET to_state = 'closed'",
        "UPDATE case_events SET actor = 'staff'",
        "UPDATE case_events SET verb = 'noted'",
        "UPDATE case_events SET value = 'x'",
        "UPDATE case_events SET seen_by = 'staff'",
        "UPDATE case_events SET due_ms = 7",
        "UPDATE case_events SET person_id = (SELECT max(id) FROM people)",
        "UPDATE case_events SET reason = '', at_ms = 1",
        "UPDATE case_events SET case_id = 1, id = id + 1000",
        "DELETE FROM case_events",
        "UPDATE cases SET description = 'x' WHERE anonymised_ms IS NOT NULL",
        "UPDATE cases SET anonymised_ms = NULL WHERE anonymised_ms IS NOT NULL",
        "UPDATE cases SET reporter_id = 1 WHERE anonymised_ms IS NOT NULL",
    };
    struct store s = store_fresh();
    struct why why = {""};
    int64_t rider, other;
    assert_ok(people_add(s.db, NULL, NULL, "li", "李", "correct horse", &rider, &why));
    assert_ok(people_add(s.db, NULL, NULL, "wang", "王", "correct horse", &other, &why));
    struct cases_case c = closed(&s, 1, rider);
    assert_err(db_exec(s.db, "UPDATE case_events SET reason = '' WHERE reason <> ''"),
               ERR_CONFLICT);
    assert_err(db_exec(s.db, "UPDATE case_events SET person_id = NULL WHERE person_id > 0"),
               ERR_CONFLICT);
    assert_int_equal(run_at(&s, 1095, false).cases, 1);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (db_exec(s.db, refused[i]) != ERR_CONFLICT) fail_msg("it ran: %s", refused[i]);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_events WHERE person_id > 0"), 0);
    (void)c;
    store_close(&s);
    scratch_remove();
}

TEST(who_asks_with_the_secret_is_forgotten_and_takes_back_what_can_be)
{
    struct store s = store_fresh();
    struct cases_created made;
    struct cases_case now;
    struct why why = {""};
    struct cases_new fresh = store_report();
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why));
    struct cases_forgetting forgetting = {
        .public_id = made.made.public_id, .token = "yzr_wrong", .now_ms = 5000};
    assert_err(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, &why), ERR_DENIED);
    forgetting.token = made.token;
    assert_ok(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, &why));
    assert_ok(cases_get(s.db, made.made.public_id, &s.arena, &now));
    assert_string_equal(now.state, "withdrawn");
    assert_true(now.anonymised);
    assert_err(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, &why), ERR_DENIED);

    /* One that staff work on goes on, and is forgotten when it is closed. */
    assert_ok(cases_create(s.db, s.dir, s.kinds, &fresh, NULL, &s.arena, &made, &why));
    struct cases_case c = made.made;
    unsigned staff = KINDS_ROLE(area_lead);
    assert_ok(store_move(&s, &c, "accepted", staff, NULL, &why));
    assert_ok(store_move(&s, &c, "filed", staff, NULL, &why));
    forgetting.public_id = c.public_id;
    forgetting.token = made.token;
    assert_ok(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, &why));
    assert_ok(cases_get(s.db, c.public_id, &s.arena, &now));
    assert_string_equal(now.state, "filed");
    assert_string_equal(now.description, "路灯不亮");
    assert_int_equal(run_at(&s, 0, false).cases, 0);
    assert_err(store_move(&s, &now, "dispatched", KINDS_REPORTER, NULL, &why), ERR_DENIED);
    assert_ok(db_exec(s.db, "UPDATE cases SET state = 'closed', closed_ms = updated_ms WHERE state "
                            "= 'filed'"));
    assert_int_equal(run_at(&s, 0, false).cases, 1);
    assert_ok(cases_get(s.db, c.public_id, &s.arena, &now));
    assert_string_equal(now.description, "");
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(photos_go_first_then_all_that_a_case_says_of_people_and_its_figures_stay),
    cmocka_unit_test(more_cases_than_one_batch_are_all_gone_over_and_counted_once),
    cmocka_unit_test(a_file_that_cannot_be_deleted_holds_nothing_up_is_told_and_tried_again),
    cmocka_unit_test(a_history_is_emptied_where_the_case_was_and_changed_in_no_other_way),
    cmocka_unit_test(who_asks_with_the_secret_is_forgotten_and_takes_back_what_can_be))
