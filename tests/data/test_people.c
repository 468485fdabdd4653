#include "tests/check.h"
#include "tests/scratch.h"

#include "data/migrate.h"
#include "data/people.h"

#include <string.h>

enum { HOUR_MS = 3600 * 1000 };
static const char password[] = "correct horse";
static struct arena arena;
static int64_t now;

static struct db *fresh(void)
{
    char path[128];
    struct db *db = NULL;
    now = (int64_t)time(NULL) * 1000;
    assert_ok(secrets_init());
    scratch_make();
    assert_ok(db_open(scratch_in(path, sizeof path, "a.db"), DB_CREATE, &db, NULL));
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
    assert_ok(people_add(db, login, "王芳", password, &id, &why));
    return id;
}

static enum err sign_in(struct db *db, const char *login, const char *with, int64_t at,
                        char token[SECRETS_TOKEN_SIZE])
{
    int64_t expires = 0, person = 0;
    struct why why = {""};
    return people_sign_in(db, login, with, at, token, &expires, &person, &why);
}

TEST(who_signs_in_is_recognised_with_name_and_grants)
{
    struct db *db = fresh();
    struct people_actor actor;
    char token[SECRETS_TOKEN_SIZE];
    int64_t id = add(db, "wang");
    struct people_grant all = {PEOPLE_city_admin, 0, ""}, some = {PEOPLE_handler, 0, "report"};
    assert_ok(people_grant(db, id, &all, NULL));
    assert_ok(people_grant(db, id, &all, NULL));
    assert_ok(people_grant(db, id, &some, NULL));
    assert_ok(sign_in(db, "wang", password, now, token));
    assert_ok(people_recognise(db, token, now + HOUR_MS, &arena, &actor));
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
    int64_t expires, person;
    add(db, "wang");
    assert_err(people_sign_in(db, "wang", "wrong horse", now, token, &expires, &person, &wrong),
               ERR_DENIED);
    assert_err(people_sign_in(db, "li", password, now, token, &expires, &person, &unknown),
               ERR_DENIED);
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

TEST(a_session_ends_by_time_by_signing_out_and_by_a_new_password)
{
    struct db *db = fresh();
    struct people_actor actor;
    char a[SECRETS_TOKEN_SIZE], b[SECRETS_TOKEN_SIZE], c[SECRETS_TOKEN_SIZE];
    int64_t id = add(db, "wang");
    assert_ok(sign_in(db, "wang", password, now, a));
    assert_ok(sign_in(db, "wang", password, now, b));
    assert_ok(sign_in(db, "wang", password, now, c));
    assert_err(people_recognise(db, a, now + 13 * (int64_t)HOUR_MS, &arena, &actor), ERR_DENIED);
    assert_ok(people_sign_out(db, a));
    assert_err(people_recognise(db, a, now, &arena, &actor), ERR_DENIED);
    assert_ok(people_recognise(db, b, now, &arena, &actor));
    assert_ok(people_set_password(db, "wang", "another horse", NULL));
    assert_err(people_recognise(db, b, now, &arena, &actor), ERR_DENIED);
    assert_err(sign_in(db, "wang", password, now, a), ERR_DENIED);
    assert_ok(sign_in(db, "wang", "another horse", now, a));
    assert_ok(people_sign_out_all(db, id));
    assert_err(people_recognise(db, a, now, &arena, &actor), ERR_DENIED);
    assert_err(people_recognise(db, "nonsense", now, &arena, &actor), ERR_DENIED);
    gone(db);
}

TEST(a_key_works_until_it_is_revoked)
{
    struct db *db = fresh();
    struct people_actor actor;
    struct why why = {""};
    char key[SECRETS_TOKEN_SIZE], other[SECRETS_TOKEN_SIZE];
    int64_t id = 0;
    assert_ok(people_add(db, "mini-program", "", NULL, &id, NULL));
    assert_err(sign_in(db, "mini-program", "", now, key), ERR_DENIED);
    assert_ok(people_key_add(db, id, "production", key, NULL));
    assert_err(people_key_add(db, id, "production", other, &why), ERR_CONFLICT);
    assert_string_equal(why.text, "there is a key with the label \"production\"");
    assert_err(people_key_add(db, 999, "x", other, &why), ERR_NOTFOUND);
    assert_ok(people_recognise(db, key, now, &arena, &actor));
    assert_true(actor.by_key);
    assert_ok(people_key_revoke(db, id, "production", NULL));
    assert_err(people_recognise(db, key, now, &arena, &actor), ERR_DENIED);
    assert_err(people_key_revoke(db, id, "production", &why), ERR_NOTFOUND);
    assert_ok(people_key_add(db, id, "production", key, NULL));
    assert_ok(people_disable(db, "mini-program", NULL));
    assert_err(people_recognise(db, key, now, &arena, &actor), ERR_DENIED);
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
    assert_err(people_add(db, "wang", "", password, &id, &why), ERR_CONFLICT);
    assert_string_equal(why.text, "the login \"wang\" is taken");
    assert_err(people_add(db, "Wang Fang", "", password, &id, &why), ERR_INVALID);
    assert_err(people_add(db, "x", "", password, &id, &why), ERR_INVALID);
    assert_err(people_add(db, "li", "", "short", &id, &why), ERR_INVALID);
    assert_string_equal(why.text, "a password has 10 to 1024 bytes");
    assert_err(people_set_password(db, "nobody", password, &why), ERR_NOTFOUND);
    struct people_grant nowhere = {PEOPLE_area_staff, 77, ""};
    assert_err(people_grant(db, 1, &nowhere, &why), ERR_NOTFOUND);
    assert_int_equal(id, 0);
    gone(db);
}

TEST(a_grant_reaches_its_area_what_lies_below_and_its_kind)
{
    const int64_t here[] = {12, 3, 1}, there[] = {13, 4, 1};
    const struct people_grant grants[] = {{PEOPLE_area_staff, 3, "report"}};
    const struct people_actor actor = {.grants = grants, .grant_count = 1};
    const unsigned staff = 1u << PEOPLE_area_staff, lead = 1u << PEOPLE_area_lead;
    assert_true(people_may(&actor, staff | lead, here, 3, "report"));
    assert_false(people_may(&actor, lead, here, 3, "report"));
    assert_false(people_may(&actor, staff, there, 3, "report"));
    assert_false(people_may(&actor, staff, here, 3, "difficulty"));
    assert_false(people_may(&actor, staff, NULL, 0, "report"));
    assert_false(people_may(NULL, staff, here, 3, "report"));
    const struct people_grant all[] = {{PEOPLE_city_admin, 0, ""}};
    const struct people_actor admin = {.grants = all, .grant_count = 1};
    assert_true(people_may(&admin, 1u << PEOPLE_city_admin, NULL, 0, "anything"));
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
    assert_ok(people_grant(db, add(db, "wang"), &grant, NULL));
    add(db, "li");
    assert_ok(people_disable(db, "li", NULL));
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
    cmocka_unit_test(a_session_ends_by_time_by_signing_out_and_by_a_new_password),
    cmocka_unit_test(a_key_works_until_it_is_revoked),
    cmocka_unit_test(neither_passwords_nor_tokens_are_in_the_database),
    cmocka_unit_test(what_is_not_well_formed_is_refused),
    cmocka_unit_test(a_grant_reaches_its_area_what_lies_below_and_its_kind),
    cmocka_unit_test(people_are_listed_by_login), cmocka_unit_test(roles_have_names))
