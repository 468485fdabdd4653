#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/scratch.h"

#include "data/migrate.h"
#include "data/people.h"
#include "data/totp.h"

#include <string.h>

enum { HOUR_MS = 3600 * 1000 };
static const char password[] = "correct horse";
static struct arena arena;
static int64_t now;
static const struct people_put off = {.sets_disabled = true, .disabled = true};

static struct db *fresh(void)
{
    char path[128];
    struct db *db = NULL;
    now = (int64_t)time(NULL) * 1000;
    assert_ok(secrets_init());
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &db, NULL));
    assert_ok(migrate_up(db, NULL, NULL));
    arena_init(&arena, 0);
    return db;
}

static void gone(struct db *db)
{
    arena_fini(&arena);
    db_close(db);
    scratch_remove();
}

static int64_t add(struct db *db, const char *login)
{
    int64_t id = 0;
    struct why why = {""};
    assert_ok(people_add(db, NULL, NULL, login, "王芳", password, &id, &why));
    return id;
}

static const struct people_policy policy = {.session_ms = 12 * (int64_t)HOUR_MS,
                                            .idle_ms = 2 * (int64_t)HOUR_MS};
static const unsigned char key[SECRETS_KEY_BYTES] = "the key of these tests";

static enum err sign_in_with(struct db *db, const char *login, const char *with, const char *code,
                             int64_t at, char token[SECRETS_TOKEN_SIZE], bool *wants,
                             struct why *why)
{
    const struct people_signing signing = {.login = login,
                                           .password = with,
                                           .code = code,
                                           .device = "a desk",
                                           .key = key,
                                           .policy = &policy,
                                           .now_ms = at};
    struct people_session session = {.wants_code = false};
    enum err e = people_sign_in(db, &signing, &session, why);
    if (!e) memcpy(token, session.token, SECRETS_TOKEN_SIZE);
    if (wants) *wants = session.wants_code;
    return e;
}

static enum err sign_in(struct db *db, const char *login, const char *with, int64_t at,
                        char token[SECRETS_TOKEN_SIZE])
{
    struct why why = {""};
    return sign_in_with(db, login, with, NULL, at, token, NULL, &why);
}

static enum err recognise(struct db *db, const char *token, int64_t at, struct people_actor *actor)
{
    return people_recognise(db, token, &policy, at, &arena, actor);
}

TEST(who_signs_in_is_recognised_with_name_and_grants)
{
    struct db *db = fresh();
    struct people_actor actor;
    char token[SECRETS_TOKEN_SIZE];
    int64_t id = add(db, "wang");
    struct people_grant all = {PEOPLE_city_admin, 0, ""}, some = {PEOPLE_handler, 0, "report"};
    assert_ok(people_grant(db, NULL, id, &all, NULL));
    assert_ok(people_grant(db, NULL, id, &all, NULL));
    assert_ok(people_grant(db, NULL, id, &some, NULL));
    assert_ok(sign_in(db, "wang", password, now, token));
    assert_ok(recognise(db, token, now + HOUR_MS, &actor));
    assert_int_equal(actor.id, id);
    assert_string_equal(actor.name, "王芳");
    assert_false(actor.by_key);
    assert_int_equal(actor.grant_count, 2);
    assert_string_equal(actor.grants[1].kind, "report");
    gone(db);
}

TEST(a_wrong_password_and_an_unknown_login_are_told_alike)
{
    struct db *db = fresh();
    char token[SECRETS_TOKEN_SIZE] = "";
    struct why wrong = {""}, unknown = {""};
    add(db, "wang");
    assert_err(sign_in_with(db, "wang", "wrong horse", NULL, now, token, NULL, &wrong), ERR_DENIED);
    assert_err(sign_in_with(db, "li", password, NULL, now, token, NULL, &unknown), ERR_DENIED);
    assert_string_equal(wrong.text, unknown.text);
    assert_string_equal(token, "");
    gone(db);
}

static double seconds_of(struct db *db, const char *login)
{
    char token[SECRETS_TOKEN_SIZE];
    struct timespec a, b;
    double best = 1e9;
    for (int i = 0; i < 3; i++) {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
        assert_err(sign_in(db, login, "wrong horse", now, token), ERR_DENIED);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
        double s = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
        if (s < best) best = s;
    }
    return best;
}

TEST(time_does_not_tell_whether_a_login_exists)
{
    struct db *db = fresh();
    add(db, "wang");
    double known = seconds_of(db, "wang"), unknown = seconds_of(db, "li");
    assert_true(unknown > known / 2 && known > unknown / 2);
    gone(db);
}

TEST(ten_failures_shut_the_door_for_a_quarter_of_an_hour)
{
    struct db *db = fresh();
    char token[SECRETS_TOKEN_SIZE];
    add(db, "wang");
    for (int i = 0; i < 10; i++)
        assert_err(sign_in(db, "wang", "wrong horse", now, token), ERR_DENIED);
    assert_err(sign_in(db, "wang", password, now, token), ERR_LIMIT);
    assert_err(sign_in(db, "wang", password, now + HOUR_MS / 4 - 1, token), ERR_LIMIT);
    assert_ok(sign_in(db, "wang", password, now + HOUR_MS / 4, token));
    gone(db);
}

TEST(a_login_that_nobody_has_is_locked_like_one_that_somebody_has)
{
    struct db *db = fresh();
    char token[SECRETS_TOKEN_SIZE];
    struct why known = {""}, unknown = {""};
    add(db, "wang");
    for (int i = 0; i < 10; i++) {
        assert_err(sign_in(db, "wang", "wrong horse", now, token), ERR_DENIED);
        assert_err(sign_in(db, "li", "wrong horse", now, token), ERR_DENIED);
    }
    assert_err(sign_in_with(db, "wang", password, NULL, now, token, NULL, &known), ERR_LIMIT);
    assert_err(sign_in_with(db, "li", password, NULL, now, token, NULL, &unknown), ERR_LIMIT);
    assert_string_equal(known.text, unknown.text);
    assert_err(sign_in(db, "li", password, now + HOUR_MS / 4, token), ERR_DENIED);
    gone(db);
}

TEST(failures_of_days_ago_do_not_count)
{
    struct db *db = fresh();
    char token[SECRETS_TOKEN_SIZE];
    add(db, "wang");
    for (int i = 0; i < 9; i++)
        assert_err(sign_in(db, "wang", "wrong horse", now, token), ERR_DENIED);
    int64_t later = now + 25 * (int64_t)HOUR_MS;
    assert_err(sign_in(db, "wang", "wrong horse", later, token), ERR_DENIED);
    assert_ok(sign_in(db, "wang", password, later, token));
    gone(db);
}

/* Enrols; the code of now is used up by that. */
static void enrol(struct db *db, int64_t person, unsigned char secret[TOTP_CODE_SECRET_BYTES],
                  char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE])
{
    const struct totp totp = {key, person};
    char text[TOTP_CODE_TEXT_SIZE], code[TOTP_CODE_DIGITS + 1];
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    assert_ok(totp_begin(db, &totp, now, text, NULL));
    assert_int_equal(strlen(text), 32);
    memset(secret, 0, TOTP_CODE_SECRET_BYTES);
    for (int i = 0; i < 32; i++) {
        int value = (int)(strchr(alphabet, text[i]) - alphabet);
        for (int bit = 0; bit < 5; bit++)
            if (value & 16 >> bit)
                secret[(i * 5 + bit) / 8] |= (unsigned char)(128 >> (i * 5 + bit) % 8);
    }
    assert_err(totp_confirm(db, &totp, "000000", now, codes, NULL), ERR_DENIED);
    assert_ok(totp_code_at(secret, now / 30000, code));
    assert_ok(totp_confirm(db, &totp, code, now, codes, NULL));
    assert_err(totp_begin(db, &totp, now, text, NULL), ERR_CONFLICT);
}

TEST(a_second_factor_is_asked_for_and_no_code_is_taken_twice)
{
    struct db *db = fresh();
    unsigned char secret[TOTP_CODE_SECRET_BYTES];
    char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE], token[SECRETS_TOKEN_SIZE], code[7];
    struct why why = {""};
    bool wants = false;
    int64_t id = add(db, "wang"), left = 0;
    bool has = false;
    enrol(db, id, secret, codes);
    assert_err(sign_in_with(db, "wang", password, NULL, now, token, &wants, &why), ERR_DENIED);
    assert_true(wants);
    assert_err(sign_in_with(db, "wang", "wrong horse", NULL, now, token, &wants, &why), ERR_DENIED);
    assert_false(wants);
    assert_ok(totp_code_at(secret, now / 30000, code));
    assert_err(sign_in_with(db, "wang", password, code, now, token, &wants, &why), ERR_DENIED);
    assert_true(wants);
    assert_ok(totp_code_at(secret, now / 30000 + 1, code));
    assert_ok(sign_in_with(db, "wang", password, code, now, token, &wants, &why));
    assert_err(sign_in_with(db, "wang", password, code, now, token, &wants, &why), ERR_DENIED);
    assert_ok(totp_code_at(secret, now / 30000 + 3, code));
    assert_err(sign_in_with(db, "wang", password, code, now, token, &wants, &why), ERR_DENIED);
    assert_ok(sign_in_with(db, "wang", password, codes[3], now, token, &wants, &why));
    assert_err(sign_in_with(db, "wang", password, codes[3], now, token, &wants, &why), ERR_DENIED);
    assert_ok(totp_state(db, id, &has, &left));
    assert_true(has);
    assert_int_equal(left, 9);
    assert_ok(totp_remove(db, NULL, id, NULL));
    assert_ok(sign_in(db, "wang", password, now, token));
    gone(db);
}

TEST(wrong_codes_lock_as_wrong_passwords_do)
{
    struct db *db = fresh();
    unsigned char secret[TOTP_CODE_SECRET_BYTES];
    char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE], token[SECRETS_TOKEN_SIZE];
    struct why why = {""};
    bool wants;
    enrol(db, add(db, "wang"), secret, codes);
    for (int i = 0; i < 10; i++) {
        assert_err(sign_in_with(db, "wang", password, NULL, now, token, &wants, &why), ERR_DENIED);
        assert_err(sign_in_with(db, "wang", password, "0000000", now, token, &wants, &why),
                   ERR_DENIED);
    }
    assert_err(sign_in_with(db, "wang", password, codes[0], now, token, &wants, &why), ERR_LIMIT);
    gone(db);
}

TEST(the_codes_are_those_of_the_standard)
{
    /* RFC 6238, appendix B: the last six digits of those for SHA-1. */
    static const struct {
        int64_t s;
        const char *code;
    } rows[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    const unsigned char secret[TOTP_CODE_SECRET_BYTES + 1] = "12345678901234567890";
    char code[TOTP_CODE_DIGITS + 1], text[TOTP_CODE_TEXT_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(totp_code_at(secret, rows[i].s / 30, code));
        assert_string_equal(code, rows[i].code);
    }
    assert_ok(totp_code_text(secret, text));
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

TEST(a_session_is_listed_seen_and_ended_by_its_id)
{
    struct db *db = fresh();
    struct people_actor actor, other;
    struct people_seen list[4];
    size_t count = 0;
    char a[SECRETS_TOKEN_SIZE], b[SECRETS_TOKEN_SIZE], c[SECRETS_TOKEN_SIZE];
    add(db, "wang");
    add(db, "li");
    assert_ok(sign_in(db, "wang", password, now, a));
    assert_ok(sign_in(db, "wang", password, now, b));
    assert_ok(sign_in(db, "li", password, now, c));
    assert_ok(recognise(db, b, now, &actor));
    assert_ok(recognise(db, c, now, &other));
    assert_ok(people_session_seen(db, &actor, now + HOUR_MS));
    assert_ok(people_sessions(db, &actor, &policy, now + HOUR_MS, list, 4, &count));
    assert_int_equal(count, 2);
    assert_true(list[0].current);
    assert_string_equal(list[0].device, "a desk");
    assert_int_equal(list[0].seen_ms, now + HOUR_MS);
    assert_int_equal(list[0].expires_ms, now + 3 * (int64_t)HOUR_MS);
    assert_err(people_session_end(db, &other, list[1].id), ERR_NOTFOUND);
    assert_err(people_session_end(db, &actor, "0123456789abcdez"), ERR_NOTFOUND);
    assert_ok(people_session_end(db, &actor, list[1].id));
    assert_err(recognise(db, a, now, &actor), ERR_DENIED);
    /* One that is not used for two hours is over. */
    assert_ok(recognise(db, b, now + 3 * (int64_t)HOUR_MS - 1, &actor));
    assert_err(recognise(db, b, now + 3 * (int64_t)HOUR_MS, &actor), ERR_DENIED);
    gone(db);
}

TEST(ones_own_password_ends_the_other_sessions)
{
    struct db *db = fresh();
    struct people_actor actor;
    struct why why = {""};
    char a[SECRETS_TOKEN_SIZE], b[SECRETS_TOKEN_SIZE];
    add(db, "wang");
    assert_ok(sign_in(db, "wang", password, now, a));
    assert_ok(sign_in(db, "wang", password, now, b));
    assert_ok(recognise(db, a, now, &actor));
    const struct people_signing wrong = {
        .password = "wrong horse", .policy = &policy, .key = key, .now_ms = now};
    assert_err(people_check(db, &actor, &wrong, &why), ERR_DENIED);
    assert_err(people_change_password(db, &actor, "short", &why), ERR_INVALID);
    assert_ok(people_change_password(db, &actor, "another horse", &why));
    assert_ok(recognise(db, a, now, &actor));
    assert_err(recognise(db, b, now, &actor), ERR_DENIED);
    assert_ok(sign_in(db, "wang", "another horse", now, b));
    gone(db);
}

TEST(a_session_ends_by_time_by_signing_out_and_by_a_new_password)
{
    struct db *db = fresh();
    struct people_actor actor;
    char a[SECRETS_TOKEN_SIZE], b[SECRETS_TOKEN_SIZE], c[SECRETS_TOKEN_SIZE];
    int64_t id = add(db, "wang");
    assert_ok(sign_in(db, "wang", password, now, a));
    assert_ok(sign_in(db, "wang", password, now, b));
    assert_ok(sign_in(db, "wang", password, now, c));
    assert_err(recognise(db, a, now + 13 * (int64_t)HOUR_MS, &actor), ERR_DENIED);
    assert_ok(recognise(db, a, now, &actor));
    assert_ok(people_sign_out(db, &actor));
    assert_err(recognise(db, a, now, &actor), ERR_DENIED);
    assert_ok(recognise(db, b, now, &actor));
    assert_ok(people_set_password(db, NULL, id, "another horse", NULL));
    assert_err(recognise(db, b, now, &actor), ERR_DENIED);
    assert_err(sign_in(db, "wang", password, now, a), ERR_DENIED);
    assert_ok(sign_in(db, "wang", "another horse", now, a));
    assert_ok(people_sign_out_all(db, id));
    assert_err(recognise(db, a, now, &actor), ERR_DENIED);
    assert_err(recognise(db, "nonsense", now, &actor), ERR_DENIED);
    gone(db);
}

TEST(a_key_works_until_it_is_revoked)
{
    static const struct people_grant integrator = {PEOPLE_integrator, 0, "report"};
    struct db *db = fresh();
    struct people_actor actor;
    struct why why = {""};
    char made[SECRETS_TOKEN_SIZE], other[SECRETS_TOKEN_SIZE];
    int64_t id = 0;
    assert_ok(people_add(db, NULL, NULL, "mini-program", "", NULL, &id, NULL));
    assert_err(sign_in(db, "mini-program", "", now, made), ERR_DENIED);
    assert_err(people_key_add(db, NULL, id, "production", made, &why), ERR_CONFLICT);
    assert_ok(people_grant(db, NULL, id, &integrator, NULL));
    assert_ok(people_key_add(db, NULL, id, "production", made, NULL));
    assert_err(people_key_add(db, NULL, id, "production", other, &why), ERR_CONFLICT);
    assert_string_equal(why.text, "there is a key with the label \"production\"");
    assert_err(people_key_add(db, NULL, 999, "x", other, &why), ERR_NOTFOUND);
    assert_ok(recognise(db, made, now, &actor));
    assert_true(actor.by_key);
    assert_ok(people_key_revoke(db, NULL, id, "production", NULL));
    assert_err(recognise(db, made, now, &actor), ERR_DENIED);
    assert_err(people_key_revoke(db, NULL, id, "production", &why), ERR_NOTFOUND);
    assert_ok(people_key_add(db, NULL, id, "production", made, NULL));
    assert_ok(people_put(db, NULL, id, &off, NULL));
    assert_err(recognise(db, made, now, &actor), ERR_DENIED);
    gone(db);
}

TEST(neither_passwords_nor_tokens_are_in_the_database)
{
    struct db *db = fresh();
    char token[SECRETS_TOKEN_SIZE], path[128];
    add(db, "wang");
    assert_ok(sign_in(db, "wang", password, now, token));
    db_close(db);
    FILE *file = fopen(scratch_in(path, sizeof path, "a.db"), "rb");
    assert_non_null(file);
    static char bytes[1 << 20];
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(n > 4096);
    assert_null(memmem(bytes, n, token, strlen(token)));
    assert_null(memmem(bytes, n, password, strlen(password)));
    assert_non_null(memmem(bytes, n, "$argon2id$", 10));
    gone(NULL);
}

TEST(what_is_not_well_formed_is_refused)
{
    struct db *db = fresh();
    struct why why = {""};
    int64_t id = 0;
    add(db, "wang");
    assert_err(people_add(db, NULL, NULL, "wang", "", password, &id, &why), ERR_CONFLICT);
    assert_string_equal(why.text, "the login \"wang\" is taken");
    assert_err(people_add(db, NULL, NULL, "Wang Fang", "", password, &id, &why), ERR_INVALID);
    assert_err(people_add(db, NULL, NULL, "x", "", password, &id, &why), ERR_INVALID);
    assert_err(people_add(db, NULL, NULL, "li", "", "short", &id, &why), ERR_INVALID);
    assert_string_equal(why.text, "a password has 10 to 1024 bytes");
    assert_err(people_set_password(db, NULL, 999, password, &why), ERR_NOTFOUND);
    struct people_grant nowhere = {PEOPLE_area_staff, 77, ""};
    assert_err(people_grant(db, NULL, 1, &nowhere, &why), ERR_NOTFOUND);
    assert_int_equal(id, 0);
    gone(db);
}

static void join(void *user, const struct people_listed *person)
{
    size_t used = strlen(user);
    (void)snprintf((char *)user + used, 100 - used, "%s%s/%zu ", person->login,
                   person->disabled ? "!" : "", person->grant_count);
}

TEST(people_are_listed_by_login)
{
    struct db *db = fresh();
    char all[100] = "";
    struct people_grant grant = {PEOPLE_handler, 0, NULL};
    assert_ok(people_grant(db, NULL, add(db, "wang"), &grant, NULL));
    assert_ok(people_put(db, NULL, add(db, "li"), &off, NULL));
    assert_ok(people_list(db, join, all));
    assert_string_equal(all, "li!/0 wang/1 ");
    gone(db);
}

TEST(roles_have_names)
{
    enum people_role role;
    assert_ok(people_role_find("area_lead", &role));
    assert_int_equal(role, PEOPLE_area_lead);
    assert_string_equal(people_role_name(role), "area_lead");
    assert_err(people_role_find("king", &role), ERR_NOTFOUND);
}

RUN(cmocka_unit_test(who_signs_in_is_recognised_with_name_and_grants),
    cmocka_unit_test(a_wrong_password_and_an_unknown_login_are_told_alike),
    cmocka_unit_test(time_does_not_tell_whether_a_login_exists),
    cmocka_unit_test(ten_failures_shut_the_door_for_a_quarter_of_an_hour),
    cmocka_unit_test(a_login_that_nobody_has_is_locked_like_one_that_somebody_has),
    cmocka_unit_test(failures_of_days_ago_do_not_count),
    cmocka_unit_test(a_second_factor_is_asked_for_and_no_code_is_taken_twice),
    cmocka_unit_test(wrong_codes_lock_as_wrong_passwords_do),
    cmocka_unit_test(the_codes_are_those_of_the_standard),
    cmocka_unit_test(a_session_is_listed_seen_and_ended_by_its_id),
    cmocka_unit_test(ones_own_password_ends_the_other_sessions),
    cmocka_unit_test(a_session_ends_by_time_by_signing_out_and_by_a_new_password),
    cmocka_unit_test(a_key_works_until_it_is_revoked),
    cmocka_unit_test(neither_passwords_nor_tokens_are_in_the_database),
    cmocka_unit_test(what_is_not_well_formed_is_refused),
    cmocka_unit_test(people_are_listed_by_login), cmocka_unit_test(roles_have_names))
