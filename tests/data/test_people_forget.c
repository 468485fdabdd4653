#include "tests/data/plan.h"
#include "tests/data/store.h"

#include "data/cases_comments.h"
#include "data/cases_mine.h"
#include "data/cases_support.h"
#include "data/inbox_wants.h"
#include "data/people_forget.h"
#include "data/people_profile.h"
#include "data/wechat_people.h"

static const int64_t hour_ms = 3600 * (int64_t)1000;

/* Somebody with a session that was opened `age_ms` ago. */
static int64_t somebody(struct store *s, const char *login, int64_t now_ms, int64_t age_ms,
                        struct people_actor *actor)
{
    struct why why = {""};
    struct db_query *q;
    int64_t id;
    assert_ok(people_add(s->db, NULL, NULL, login, "王小二", "correct horse", &id, &why));
    *actor = (struct people_actor){.id = id, .login = login, .name = "王小二"};
    secrets_sha256(login, strlen(login), actor->token);
    assert_ok(db_prepare(s->db,
                         "INSERT INTO tokens (hash, person_id, purpose, label, created_ms, "
                         "seen_ms, expires_ms) VALUES (:hash, :id, 'session', 'Firefox', :made, "
                         ":made, :until)",
                         &q));
    db_bind_blob(q, ":hash", actor->token, sizeof actor->token);
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":made", now_ms - age_ms);
    db_bind_int(q, ":until", now_ms + hour_ms);
    assert_ok(db_run(q, NULL));
    return id;
}

static enum err leave(struct store *s, const struct people_actor *actor, int64_t now_ms,
                      struct why *why)
{
    return people_forget(s->db, s->dir, s->kinds, actor, now_ms, why);
}

TEST(a_rider_leaves_and_what_is_worked_on_goes_on_without_them)
{
    struct store s = store_fresh();
    struct people_actor actor;
    struct why why = {""};
    struct cases_mine mine[8];
    size_t count = 0;
    int64_t id = somebody(&s, "wang", 10 * hour_ms, 0, &actor), again;
    struct cases_new fresh = store_report();
    struct cases_case others = store_created(&s, &fresh);
    fresh.reporter = id;
    struct cases_case one = store_created(&s, &fresh), two = store_created(&s, &fresh), now;
    assert_ok(store_move(&s, &two, "accepted", KINDS_ROLE(area_lead), NULL, &why));
    assert_ok(store_move(&s, &two, "filed", KINDS_ROLE(area_lead), NULL, &why));
    struct cases_acting joining = {
        .public_id = others.public_id, .verb = CASES_joined, .actor = {0, id}, .now_ms = 3000};
    assert_ok(store_act(s.db, s.kinds, &joining, &s.arena, &now, &why));
    assert_ok(cases_mine_find(s.db, id, 0, mine, 8, &count));
    assert_int_equal(count, 3);
    assert_false(mine[0].sent);
    assert_true(mine[1].sent);

    assert_ok(leave(&s, &actor, 10 * hour_ms, &why));
    assert_ok(cases_get(s.db, one.public_id, &s.arena, &now));
    assert_string_equal(now.state, "withdrawn");
    assert_string_equal(now.description, "");
    assert_ok(cases_get(s.db, two.public_id, &s.arena, &now));
    assert_string_equal(now.state, "filed");
    assert_int_equal(now.reporter, 0);
    assert_ok(cases_get(s.db, others.public_id, &s.arena, &now));
    assert_int_equal(now.joined, 1);
    assert_ok(cases_mine_find(s.db, id, 0, mine, 8, &count));
    assert_int_equal(count, 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM tokens"), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_events WHERE person_id IS NOT NULL"),
                     0);
    assert_int_equal(value_of(s.db,
                              "SELECT count(*) FROM people WHERE name <> '' OR password <> '' OR "
                              "login = 'wang' OR disabled_ms IS NULL"),
                     0);
    assert_ok(people_add(s.db, NULL, NULL, "wang", "another", "correct horse", &again, &why));
    assert_err(leave(&s, &actor, 10 * hour_ms, &why), ERR_DENIED);
    store_close(&s);
    scratch_remove();
}

TEST(an_old_session_and_one_who_works_on_cases_change_nothing)
{
    struct store s = store_fresh();
    struct people_actor old, staff, former;
    struct why why = {""};
    const struct people_grant grant = {.role = PEOPLE_handler, .kind = ""};
    (void)somebody(&s, "old", 10 * hour_ms, hour_ms, &old);
    int64_t id = somebody(&s, "staff", 10 * hour_ms, 0, &staff);
    assert_ok(people_grant(s.db, NULL, id, &grant, &why));
    int64_t was = somebody(&s, "former", 10 * hour_ms, 0, &former);
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    struct cases_acting acting = {.public_id = c.public_id,
                                  .verb = CASES_noted,
                                  .actor = {KINDS_ROLE(handler), was},
                                  .reason = "seen",
                                  .now_ms = 2000};
    assert_ok(store_act(s.db, s.kinds, &acting, &s.arena, &c, &why));
    assert_err(leave(&s, &old, 10 * hour_ms, &why), ERR_DENIED);
    assert_err(leave(&s, &staff, 10 * hour_ms, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "who did what"));
    assert_err(leave(&s, &former, 10 * hour_ms, &why), ERR_CONFLICT);
    struct people_actor offers;
    struct db_query *q;
    int64_t offering = somebody(&s, "offers", 10 * hour_ms, 0, &offers);
    assert_ok(db_prepare(s.db,
                         "INSERT INTO rewards (version, name, kind, cost, supply, from_ms, "
                         "code_days, created_by, created_ms, updated_ms) VALUES (1, '体检', "
                         "'service', 1, 1, 1, 30, :id, 1, 1)",
                         &q));
    db_bind_int(q, ":id", offering);
    assert_ok(db_run(q, NULL));
    assert_err(leave(&s, &offers, 10 * hour_ms, &why), ERR_CONFLICT);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM people WHERE disabled_ms IS NULL"), 4);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM tokens"), 4);
    store_close(&s);
    scratch_remove();
}

/* Their minutes would tell whose it was: who was told, who checked in when. */
TEST(of_what_somebody_took_part_in_stays_on_which_days)
{
    struct store s = store_fresh();
    struct people_actor actor;
    struct why why = {""};
    char sql[1024];
    int64_t id = somebody(&s, "wang", 100 * hour_ms, 0, &actor);
    (void)snprintf(
        sql, sizeof sql,
        "INSERT INTO people (id, login, created_ms, updated_ms) VALUES (900, 'staff', 0, 0); "
        "INSERT INTO activities (id, version, kind, state, title, from_ms, to_ms, until_ms, seats, "
        "points, created_by, created_ms, updated_ms) VALUES (1, 1, 'help', 'open', 'a', 200000000, "
        "300000000, 300000000, 0, 0, 900, 0, 0); INSERT INTO activity_signups (public_id, version, "
        "activity_id, person_id, state, made_ms) VALUES ('2222222222222222222222', 1, 1, %lld, "
        "'signed', 90000001); UPDATE activity_signups SET state = 'confirmed', way = 'code', "
        "attended_ms = 200000003, ended_ms = 290000005, reminded_ms = 110000007",
        (long long)id);
    assert_ok(db_exec(s.db, sql));
    assert_ok(leave(&s, &actor, 100 * hour_ms, &why));
    assert_int_equal(value_of(s.db,
                              "SELECT count(*) FROM activity_signups WHERE person_id IS NULL AND "
                              "made_ms = 86400000 AND attended_ms = 172800000 AND ended_ms = "
                              "259200000 AND reminded_ms IS NULL AND way = 'code'"),
                     1);
    store_close(&s);
    scratch_remove();
}

/* What was allowed before the account was deleted, and comes to the database after it. */
static void write_late(struct store *s, const struct people_actor *gone, const char *proposal)
{
    static const unsigned char key[SECRETS_KEY_BYTES] = {1};
    const struct people_by by = {gone->id, "PUT /v1/me"};
    const struct answers_reply keyless = {.status = 201};
    const bool off = false;
    struct cases_case after;
    struct cases_comment comment;
    struct idempotency_answer answer;
    struct why why = {""};
    const struct cases_support support = {proposal, gone->id, 1, 5000};
    assert_err(cases_support_give(s->db, s->kinds, &support, &s->arena, &after, &why),
               ERR_CONFLICT);
    assert_non_null(strstr(why.text, "the account was deleted"));
    const struct cases_comments_new word = {
        .report = proposal, .person = gone->id, .text = "说一句", .now_ms = 5000};
    assert_err(
        cases_comments_add(s->db, s->kinds, &word, &keyless, &s->arena, &comment, &answer, &why),
        ERR_CONFLICT);
    const struct people_profile_put named = {.version = 1, .name = "王小二", .now_ms = 5000};
    assert_err(people_profile_put(s->db, &by, &named, &why), ERR_CONFLICT);
    struct inbox_wants_put wish = {.person = gone->id, .group = INBOX_votes, .now_ms = 5000};
    wish.wanted[INBOX_WANTS_inbox] = &off;
    assert_err(inbox_wants_put(s->db, &wish, &why), ERR_CONFLICT);
    const struct wechat_people_binding binding = {&by, gone->token, "openid-wang", key, 5000};
    assert_err(wechat_people_bind(s->db, &binding, &why), ERR_DENIED);
    struct cases_acting writing = {.public_id = proposal,
                                   .verb = CASES_written,
                                   .actor = {KINDS_REPORTER, gone->id},
                                   .version = CASES_ANY_VERSION,
                                   .reason = "补充",
                                   .now_ms = 5000};
    assert_err(store_act(s->db, s->kinds, &writing, &s->arena, &after, &why), ERR_CONFLICT);
    assert_err(people_change_password(s->db, gone, "another good horse", &why), ERR_CONFLICT);
    struct cases_new fresh = store_report();
    struct cases_created made;
    fresh.reporter = gone->id;
    assert_int_not_equal(
        cases_create(s->db, s->dir, s->kinds, &fresh, NULL, &s->arena, &made, &why), ERR_OK);
}

TEST(nothing_that_was_allowed_before_lands_in_an_account_that_was_deleted)
{
    struct store s = store_fresh();
    struct people_actor actor, other;
    struct why why = {""};
    int64_t id = somebody(&s, "wang", 10 * hour_ms, 0, &actor);
    const struct cases_new fresh = {.kind = "proposal",
                                    .category = "safety",
                                    .description = "巷道加装照明",
                                    .accuracy_m = -1,
                                    .reporter = somebody(&s, "li", 10 * hour_ms, 0, &other),
                                    .now_ms = 1000};
    struct kinds_kind *kind = (struct kinds_kind *)(uintptr_t)kinds_find(s.kinds, "proposal");
    kind->public = KINDS_AT_ONCE;
    struct cases_case c = store_created(&s, &fresh);
    int64_t before = value_of(s.db, "SELECT count(*) FROM changes"), after;
    assert_ok(leave(&s, &actor, 10 * hour_ms, &why));
    after = value_of(s.db, "SELECT count(*) FROM changes");
    assert_true(after > before);
    write_late(&s, &actor, c.public_id);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes"), after);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM people WHERE name <> '' AND forgotten_ms "
                                    "IS NOT NULL"),
                     0);
    assert_true(id > 0);
    store_close(&s);
    scratch_remove();
}

/* For each case and each comment of theirs a kept answer is looked for. */
TEST(answers_that_are_forgotten_are_found_by_index)
{
    struct store s = store_fresh();
    plan_uses(s.db, "EXPLAIN QUERY PLAN DELETE FROM idempotency WHERE subject = :id",
              "idempotency_subject (subject=?)");
    plan_uses(s.db,
              "EXPLAIN QUERY PLAN DELETE FROM idempotency WHERE subject IN (SELECT public_id FROM "
              "case_comments WHERE person_id = :id)",
              "idempotency_subject (subject=?)");
    store_close(&s);
    scratch_remove();
}

/* A table of what is somebody's is guarded; of the others it is said here why not. */
TEST(every_table_of_what_is_somebodys_is_guarded)
{
    struct store s = store_fresh();
    struct db_query *q;
    bool row = false;
    assert_ok(db_prepare(
        s.db,
        "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = "
        "'table' AND c.name = 'person_id' AND m.name NOT IN ("
        /* what staff do, who cannot delete their account */
        "'closures', 'closure_events', 'feedback', 'place_events', 'imports', 'webhooks', "
        "'place_photos', "
        "'case_links', 'changes', "
        /* the trail, which says that the account was deleted */
        "'audit', "
        /* what follows from a row that is guarded, or is drawn up of those who are there */
        "'points_entries', 'points_tally', 'vote_electors', 'vote_plan_rows') AND NOT EXISTS "
        "(SELECT 1 FROM sqlite_master t WHERE t.name = m.name || '_of_the_living')",
        &q));
    assert_ok(db_step(q, &row));
    if (row) fail_msg("%s takes rows of an account that was deleted", db_text(q, 0));
    db_done(q);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(nothing_that_was_allowed_before_lands_in_an_account_that_was_deleted),
    cmocka_unit_test(answers_that_are_forgotten_are_found_by_index),
    cmocka_unit_test(every_table_of_what_is_somebodys_is_guarded),
    cmocka_unit_test(a_rider_leaves_and_what_is_worked_on_goes_on_without_them),
    cmocka_unit_test(an_old_session_and_one_who_works_on_cases_change_nothing),
    cmocka_unit_test(of_what_somebody_took_part_in_stays_on_which_days))
