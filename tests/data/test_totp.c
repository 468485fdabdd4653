#include "tests/check.h"
#include "tests/data/template.h"
#include "tests/data/value.h"
#include "tests/scratch.h"

#include "data/guesses.h"
#include "data/migrate.h"
#include "data/totp.h"

#include <string.h>

static const char password[] = "correct horse";
static const unsigned char key[SECRETS_KEY_BYTES] = "the key of these tests";
static const int64_t now = 1764316800000; /* a step begins */
static const int64_t step_ms = 1000 * (int64_t)TOTP_CODE_STEP_S;

/* Of RFC 6238, appendix B: SHA-1, of whose eight digits the last six. */
static const unsigned char rfc[TOTP_CODE_SECRET_BYTES + 1] = "12345678901234567890";

TEST(codes_are_those_of_rfc_6238)
{
    static const struct {
        int64_t at_s;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        char code[TOTP_CODE_DIGITS + 1];
        int64_t step = 0, at = vectors[i].at_s / TOTP_CODE_STEP_S;
        assert_ok(totp_code_at(rfc, at, code));
        assert_string_equal(code, vectors[i].code);
        assert_ok(totp_code_find(rfc, code, vectors[i].at_s * 1000, 0, &step));
        assert_int_equal(step, at);
    }
}

TEST(a_code_counts_one_step_before_and_after_and_no_further)
{
    int64_t middle = now / step_ms;
    for (int64_t off = -3; off <= 3; off++) {
        char code[TOTP_CODE_DIGITS + 1];
        int64_t step = 0;
        bool near = off >= -TOTP_CODE_WINDOW && off <= TOTP_CODE_WINDOW;
        assert_ok(totp_code_at(rfc, middle + off, code));
        assert_ok(totp_code_find(rfc, code, now, 0, &step));
        assert_int_equal(step, near ? middle + off : 0);
        step = 0;
        assert_ok(totp_code_find(rfc, code, now, middle + off, &step)); /* used already */
        assert_int_equal(step, 0);
    }
}

/* --- a person with one --- */

struct scene {
    struct db *db;
    struct totp totp;
    unsigned char secret[TOTP_CODE_SECRET_BYTES];
    char codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE];
};

static int base32(char c)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    const char *at = strchr(letters, c);
    assert_true(c && at);
    return (int)(at - letters);
}

static void decode(const char *text, unsigned char secret[TOTP_CODE_SECRET_BYTES])
{
    unsigned bits = 0, have = 0;
    size_t n = 0;
    for (; *text; text++) {
        bits = (bits << 5 | (unsigned)base32(*text)) & 0xffff;
        if ((have += 5) < 8) continue;
        have -= 8;
        secret[n++] = (unsigned char)(bits >> have);
    }
    assert_int_equal(n, TOTP_CODE_SECRET_BYTES);
}

static void code_at(const struct scene *s, int64_t off, char code[TOTP_CODE_DIGITS + 1])
{
    assert_ok(totp_code_at(s->secret, now / step_ms + off, code));
}

static struct scene fresh(void)
{
    struct scene s = {.totp = {.key = key}};
    char path[128], text[TOTP_CODE_TEXT_SIZE], code[TOTP_CODE_DIGITS + 1];
    struct why why = {""};
    assert_ok(secrets_init());
    scratch_make();
    template_lay(scratch_in(path, sizeof path, "a.db"));
    assert_ok(db_open(path, DB_CREATE, &s.db, NULL));
    assert_ok(migrate_up(s.db, NULL, NULL));
    assert_ok(people_add(s.db, NULL, NULL, "wang", "王芳", password, &s.totp.person, &why));
    assert_ok(totp_begin(s.db, &s.totp, now, text, &why));
    decode(text, s.secret);
    code_at(&s, 0, code);
    assert_ok(totp_confirm(s.db, &s.totp, code, now, s.codes, &why));
    return s;
}

static void gone(struct scene *s)
{
    db_close(s->db);
    scratch_remove();
}

struct taking {
    const struct totp *totp;
    const char *code;
    int64_t at;
    bool good;
};

static enum err take_in(struct db *db, void *user)
{
    struct taking *t = user;
    return totp_take(db, t->totp, t->code, t->at, &t->good);
}

static bool takes(struct scene *s, const char *code, int64_t at)
{
    struct taking t = {.totp = &s->totp, .code = code, .at = at};
    assert_ok(db_write(s->db, take_in, &t));
    return t.good;
}

TEST(a_code_is_taken_once_and_none_that_is_older_after_it)
{
    struct scene s = fresh();
    char code[TOTP_CODE_DIGITS + 1], later[TOTP_CODE_DIGITS + 1];
    code_at(&s, 0, code);
    assert_false(takes(&s, code, now)); /* it confirmed */
    code_at(&s, 1, code);
    code_at(&s, 2, later);
    assert_true(takes(&s, later, now + step_ms));
    assert_false(takes(&s, later, now + step_ms));
    assert_false(takes(&s, code, now + step_ms));
    assert_false(takes(&s, "", now + step_ms));
    assert_false(takes(&s, "12345a", now + step_ms));
    assert_false(takes(&s, "1234567", now + step_ms));
    gone(&s);
}

TEST(a_recovery_code_is_good_once_however_it_is_written)
{
    struct scene s = fresh();
    char text[TOTP_RECOVERY_SIZE];
    bool has = false;
    int64_t left = 0;
    size_t n = 0;
    for (const char *c = s.codes[0]; *c; c++)
        if (*c != '-') text[n++] = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    text[n] = '\0';
    assert_true(takes(&s, text, now));
    assert_false(takes(&s, s.codes[0], now));
    assert_true(takes(&s, s.codes[9], now));
    assert_ok(totp_state(s.db, s.totp.person, &has, &left));
    assert_true(has);
    assert_int_equal(left, TOTP_RECOVERY_CODES - 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb = 'recovery_used'"), 2);
    gone(&s);
}

TEST(a_recovery_code_is_worth_nothing_to_another)
{
    struct scene s = fresh();
    struct totp own = s.totp;
    struct why why = {""};
    assert_ok(people_add(s.db, NULL, NULL, "li", "李", password, &s.totp.person, &why));
    assert_false(takes(&s, s.codes[0], now));
    s.totp = own;
    assert_true(takes(&s, s.codes[0], now));
    gone(&s);
}

TEST(a_secret_is_sealed_and_another_key_does_not_open_it)
{
    static const unsigned char other[SECRETS_KEY_BYTES] = "another key";
    struct scene s = fresh();
    char code[TOTP_CODE_DIGITS + 1];
    code_at(&s, 1, code);
    s.totp.key = other;
    struct taking t = {.totp = &s.totp, .code = code, .at = now};
    assert_err(db_write(s.db, take_in, &t), ERR_CHECKSUM);
    assert_false(t.good);
    gone(&s);
}

TEST(it_is_begun_anew_until_it_is_confirmed_and_then_only_after_it_was_removed)
{
    struct scene s = fresh();
    char text[TOTP_CODE_TEXT_SIZE], codes[TOTP_RECOVERY_CODES][TOTP_RECOVERY_SIZE];
    struct why why = {""};
    bool has = true;
    int64_t left = 0;
    assert_err(totp_begin(s.db, &s.totp, now, text, &why), ERR_CONFLICT);
    assert_err(totp_confirm(s.db, &s.totp, "000000", now, codes, &why), ERR_CONFLICT);
    assert_ok(totp_remove(s.db, NULL, s.totp.person, &why));
    assert_err(totp_remove(s.db, NULL, s.totp.person, &why), ERR_NOTFOUND);
    assert_ok(totp_state(s.db, s.totp.person, &has, &left));
    assert_false(has);
    assert_int_equal(left, 0);
    assert_false(takes(&s, s.codes[1], now));
    assert_err(totp_confirm(s.db, &s.totp, "000000", now, codes, &why), ERR_NOTFOUND);
    assert_ok(totp_begin(s.db, &s.totp, now, text, &why));
    assert_ok(totp_begin(s.db, &s.totp, now, text, &why));
    decode(text, s.secret);
    assert_err(totp_confirm(s.db, &s.totp, "00000", now, codes, &why), ERR_DENIED);
    code_at(&s, 1, text);
    assert_false(takes(&s, text, now)); /* not confirmed yet */
    assert_ok(totp_confirm(s.db, &s.totp, text, now, codes, &why));
    gone(&s);
}

TEST(wrong_codes_lock_the_login_and_then_a_right_one_does_not_help)
{
    static const struct people_policy policy = {.session_ms = 1000000, .idle_ms = 1000000};
    struct scene s = fresh();
    char code[TOTP_CODE_DIGITS + 1];
    struct people_session session = {.wants_code = false};
    struct why why = {""};
    struct people_signing signing = {.login = "wang",
                                     .password = password,
                                     .code = "no-such-code",
                                     .device = "",
                                     .key = key,
                                     .policy = &policy,
                                     .now_ms = now};
    for (int i = 0; i < GUESSES_MAX; i++)
        assert_err(people_sign_in(s.db, &signing, &session, &why), ERR_DENIED);
    code_at(&s, 1, code);
    signing.code = code;
    assert_err(people_sign_in(s.db, &signing, &session, &why), ERR_LIMIT);
    signing.code = s.codes[2];
    assert_err(people_sign_in(s.db, &signing, &session, &why), ERR_LIMIT);
    signing.now_ms = now + GUESSES_LOCK_MIN * 60 * (int64_t)1000 + 1;
    assert_ok(people_sign_in(s.db, &signing, &session, &why)); /* it was not used up meanwhile */
    gone(&s);
}

RUN(cmocka_unit_test(codes_are_those_of_rfc_6238),
    cmocka_unit_test(a_code_counts_one_step_before_and_after_and_no_further),
    cmocka_unit_test(a_code_is_taken_once_and_none_that_is_older_after_it),
    cmocka_unit_test(a_recovery_code_is_good_once_however_it_is_written),
    cmocka_unit_test(a_recovery_code_is_worth_nothing_to_another),
    cmocka_unit_test(a_secret_is_sealed_and_another_key_does_not_open_it),
    cmocka_unit_test(it_is_begun_anew_until_it_is_confirmed_and_then_only_after_it_was_removed),
    cmocka_unit_test(wrong_codes_lock_the_login_and_then_a_right_one_does_not_help))
