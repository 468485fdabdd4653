#include "tests/data/store.h"

#include "data/guesses.h"
#include "data/people_forget.h"
#include "data/totp.h"
#include "data/wechat_people.h"
#include "geo/base/clock.h"

static const unsigned char key[SECRETS_KEY_BYTES] = {1, 2, 3}, other_key[SECRETS_KEY_BYTES] = {9};
static const struct people_policy policy = {.session_ms = 3600000, .idle_ms = 3600000};

static enum err enter(struct store *s, const char *openid, const char *code,
                      struct people_session *session)
{
    struct why why = {""};
    const struct wechat_people_signing signing = {.openid = openid,
                                                  .code = code,
                                                  .device = "mini program",
                                                  .key = key,
                                                  .policy = &policy,
                                                  .now_ms = clock_utc_ms()};
    return wechat_people_sign_in(s->db, &signing, session, &why);
}

/* Of somebody who was added with a password: a session of theirs. */
static void sign_in(struct store *s, const char *login, unsigned char token[SECRETS_HASH_BYTES])
{
    struct people_session session;
    struct why why = {""};
    const struct people_signing signing = {.login = login,
                                           .password = "a good password",
                                           .device = "",
                                           .key = key,
                                           .policy = &policy,
                                           .now_ms = clock_utc_ms()};
    assert_ok(people_sign_in(s->db, &signing, &session, &why));
    secrets_sha256(session.token, strlen(session.token), token);
}

static enum err bind(struct store *s, const struct people_by *by, const unsigned char *token,
                     const char *openid)
{
    const struct wechat_people_binding binding = {by, token, openid, key, clock_utc_ms()};
    struct why why = {""};
    return wechat_people_bind(s->db, &binding, &why);
}

TEST(an_openid_is_one_rider_and_is_not_readable_in_the_database)
{
    struct store s = store_fresh();
    struct people_session first = {.person = 0}, second = {.person = 0}, other = {.person = 0};
    assert_ok(enter(&s, "openid-of-wang", NULL, &first));
    assert_ok(enter(&s, "openid-of-wang", NULL, &second));
    assert_ok(enter(&s, "openid-of-li", NULL, &other));
    assert_int_equal(first.person, second.person);
    assert_int_not_equal(first.person, other.person);
    assert_string_not_equal(first.token, second.token);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM grants WHERE role = 'rider'"), 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM people WHERE password = ''"), 2);
    assert_int_equal(value_of(s.db,
                              "SELECT count(*) FROM wechat_people WHERE instr(hex(openid_sealed), "
                              "hex('openid')) OR instr(hex(openid_hash), hex('openid'))"),
                     0);
    store_close(&s);
    scratch_remove();
}

TEST(a_sealed_openid_opens_for_its_owner_and_key_alone)
{
    struct store s = store_fresh();
    struct people_session session = {.person = 0};
    struct db_query *q;
    bool row = false;
    size_t len = 0;
    char openid[WECHAT_PEOPLE_OPENID_SIZE];
    assert_ok(enter(&s, "openid-of-wang", NULL, &session));
    assert_ok(db_prepare(s.db, "SELECT openid_sealed FROM wechat_people", &q));
    assert_ok(db_step(q, &row));
    const unsigned char *sealed = db_blob(q, 0, &len);
    assert_ok(wechat_people_open(key, session.person, sealed, len, openid));
    assert_string_equal(openid, "openid-of-wang");
    assert_err(wechat_people_open(other_key, session.person, sealed, len, openid), ERR_CHECKSUM);
    assert_err(wechat_people_open(key, session.person + 1, sealed, len, openid), ERR_CHECKSUM);
    assert_err(wechat_people_open(key, session.person, sealed, 10, openid), ERR_CHECKSUM);
    db_done(q);
    store_close(&s);
    scratch_remove();
}

/* WeChat in place of a password does not do away with the second factor. */
TEST(who_has_a_second_factor_owes_it_and_wrong_ones_lock)
{
    struct store s = store_fresh();
    struct people_session session = {.person = 0};
    assert_ok(enter(&s, "openid-of-wang", NULL, &session));
    assert_ok(db_exec(s.db, "INSERT INTO totp (person_id, sealed, created_ms, confirmed_ms) SELECT "
                            "id, x'00', 1, 1 FROM people"));
    int64_t sessions = value_of(s.db, "SELECT count(*) FROM tokens");
    assert_err(enter(&s, "openid-of-wang", NULL, &session), ERR_DENIED);
    assert_true(session.wants_code);
    for (int i = 0; i < GUESSES_MAX; i++)
        assert_err(enter(&s, "openid-of-wang", "aaaaa-bbbbb-ccccc", &session), ERR_DENIED);
    assert_err(enter(&s, "openid-of-wang", "aaaaa-bbbbb-ccccc", &session), ERR_LIMIT);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM tokens"), sessions);
    store_close(&s);
    scratch_remove();
}

TEST(an_account_is_bound_to_one_openid_and_freed_only_where_there_is_another_way_in)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct people_session session = {.person = 0};
    unsigned char token[SECRETS_HASH_BYTES];
    int64_t wang = 0, since_ms = 0;
    assert_ok(people_add(s.db, NULL, NULL, "wang", "", "a good password", &wang, &why));
    const struct people_by by = {wang, "PUT /v1/me/wechat"};
    sign_in(&s, "wang", token);
    assert_ok(bind(&s, &by, token, "openid-a"));
    assert_ok(bind(&s, &by, token, "openid-a"));
    assert_err(bind(&s, &by, token, "openid-b"), ERR_CONFLICT);
    assert_ok(enter(&s, "openid-a", NULL, &session));
    assert_int_equal(session.person, wang);
    assert_ok(enter(&s, "openid-b", NULL, &session));
    const struct people_by alone = {session.person, "DELETE /v1/me/wechat"};
    secrets_sha256(session.token, strlen(session.token), token);
    assert_err(bind(&s, &alone, token, "openid-a"), ERR_CONFLICT);
    assert_err(wechat_people_free(s.db, &alone, 7, &why), ERR_CONFLICT);
    assert_ok(wechat_people_free(s.db, &by, 7, &why));
    assert_err(wechat_people_free(s.db, &by, 7, &why), ERR_NOTFOUND);
    assert_ok(wechat_people_since(s.db, wang, &since_ms));
    assert_int_equal(since_ms, 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb LIKE 'wechat_%'"), 2);
    assert_int_equal(
        value_of(s.db, "SELECT count(*) FROM inbox_messages WHERE verb LIKE 'account.wechat%'"), 2);
    store_close(&s);
    scratch_remove();
}

/* As while WeChat was asked whose the code is. */
TEST(a_session_that_ended_meanwhile_binds_nothing)
{
    struct store s = store_fresh();
    struct why why = {""};
    unsigned char token[SECRETS_HASH_BYTES];
    int64_t wang = 0;
    assert_ok(people_add(s.db, NULL, NULL, "wang", "", "a good password", &wang, &why));
    sign_in(&s, "wang", token);
    assert_ok(people_sign_out_all(s.db, wang));
    assert_err(bind(&s, &(struct people_by){wang, "PUT /v1/me/wechat"}, token, "openid-a"),
               ERR_DENIED);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM wechat_people"), 0);
    store_close(&s);
    scratch_remove();
}

TEST(who_is_disabled_does_not_come_in)
{
    struct store s = store_fresh();
    struct people_session session = {.person = 0};
    assert_ok(enter(&s, "openid-a", NULL, &session));
    assert_ok(db_exec(s.db, "UPDATE people SET disabled_ms = 1"));
    assert_err(enter(&s, "openid-a", NULL, &session), ERR_DENIED);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(an_openid_is_one_rider_and_is_not_readable_in_the_database),
    cmocka_unit_test(a_sealed_openid_opens_for_its_owner_and_key_alone),
    cmocka_unit_test(who_has_a_second_factor_owes_it_and_wrong_ones_lock),
    cmocka_unit_test(
        an_account_is_bound_to_one_openid_and_freed_only_where_there_is_another_way_in),
    cmocka_unit_test(a_session_that_ended_meanwhile_binds_nothing),
    cmocka_unit_test(who_is_disabled_does_not_come_in))
