#include "tests/data/points_scene.h"

#include "data/points_hand.h"
#include "data/redemptions.h"

static const unsigned char key[SECRETS_KEY_BYTES] = {1, 2, 3};

static enum err nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

static void give(struct scene *c, int64_t person, int64_t by, int64_t amount)
{
    const struct points_gift gift = {.person = person,
                                     .kind = "service",
                                     .amount = amount,
                                     .by = by,
                                     .reason = "清雪",
                                     .now_ms = c->now_ms};
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct points_entry made;
    struct idempotency_answer answer;
    assert_ok(
        points_hand_give(c->s.db, c->rules, &gift, &reply, &c->s.arena, &made, &answer, NULL));
}

static struct rewards_reward offer(struct scene *c, int64_t by, int64_t supply, int64_t per_person)
{
    struct rewards_reward r = {.name = "热汤面",
                               .name_en = "",
                               .description = "",
                               .kind = "service",
                               .cost = 10,
                               .supply = supply,
                               .from_ms = c->now_ms,
                               .code_days = 7,
                               .per_person = per_person};
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct idempotency_answer answer;
    struct why why = {""};
    if (rewards_create(c->s.db, c->rules, by, &reply, c->now_ms, &c->s.arena, &r, &answer, &why))
        fail_msg("%s", why.text);
    return r;
}

static enum err redeem(struct scene *c, int64_t reward, int64_t person, const char *once,
                       struct redemptions_redemption *made, struct why *why)
{
    const struct redemptions_wish wish = {reward, person, key, c->now_ms};
    const struct answers_reply reply = {
        .request = {.scope = "POST", .key = once}, .status = 201, .render = nothing};
    struct idempotency_answer answer;
    return redemptions_make(c->s.db, &wish, &reply, &c->s.arena, made, &answer, why);
}

static bool anywhere(const void *user, int64_t area_id)
{
    (void)user, (void)area_id;
    return true;
}

static bool nowhere(const void *user, int64_t area_id)
{
    (void)user, (void)area_id;
    return false;
}

static enum err verify(struct scene *c, const char *code, bool dry,
                       struct redemptions_redemption *found, struct why *why)
{
    const struct redemptions_check check = {
        .code = code, .by = 1, .dry = dry, .may = anywhere, .now_ms = c->now_ms};
    const struct answers_reply reply = {.render = nothing};
    struct idempotency_answer answer;
    return redemptions_verify(c->s.db, &check, &reply, &c->s.arena, found, &answer, why);
}

static int64_t stock(struct scene *c)
{
    assert_int_equal(value_of(c->s.db, "SELECT sum(taken) FROM rewards"),
                     value_of(c->s.db, "SELECT count(*) FROM redemptions WHERE state IN ('open', "
                                       "'spent')"));
    return value_of(c->s.db, "SELECT sum(supply - taken) FROM rewards");
}

TEST(a_reward_takes_points_and_stock_and_its_code_is_spent_once)
{
    struct scene c = scene_open();
    struct redemptions_redemption made, found;
    struct why why = {""};
    char typed[40];
    int64_t lead = scene_rider(&c, "lead"), wang = scene_rider(&c, "wang");
    const struct rewards_reward r = offer(&c, lead, 3, 0);
    give(&c, wang, lead, 25);
    assert_ok(redeem(&c, r.id, wang, NULL, &made, &why));
    assert_int_equal(strlen(made.code), 14);
    assert_string_equal(scene_has(&c, wang), "0/15/0");
    assert_int_equal(stock(&c), 2);
    assert_int_equal(value_of(c.s.db, arena_printf(&c.s.arena,
                                                   "SELECT count(*) FROM redemptions WHERE "
                                                   "instr(CAST(code_hash AS TEXT), '%s')",
                                                   made.code)),
                     0);
    size_t n = 0;
    for (const char *p = made.code; *p; p++)
        typed[n++] = *p == '-' ? ' ' : *p >= 'a' ? (char)(*p - 'a' + 'A') : *p;
    typed[n] = '\0';
    assert_ok(verify(&c, typed, true, &found, &why));
    assert_int_equal(found.state, REDEMPTIONS_open);
    const struct redemptions_check elsewhere = {
        .code = typed, .by = 1, .may = nowhere, .now_ms = c.now_ms};
    const struct answers_reply reply = {.render = nothing};
    struct idempotency_answer answer;
    assert_err(redemptions_verify(c.s.db, &elsewhere, &reply, &c.s.arena, &found, &answer, &why),
               ERR_DENIED);
    assert_ok(verify(&c, typed, false, &found, &why));
    assert_int_equal(found.state, REDEMPTIONS_spent);
    assert_err(verify(&c, typed, false, &found, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "spent"));
    assert_err(redemptions_cancel(c.s.db, made.public_id, wang, c.now_ms, &c.s.arena, &found, &why),
               ERR_CONFLICT);
    assert_int_equal(stock(&c), 2);
    scene_audit(&c);
    scene_close(&c);
}

TEST(what_is_too_dear_or_gone_or_enough_is_refused_and_takes_nothing)
{
    struct scene c = scene_open();
    struct redemptions_redemption made;
    struct why why = {""};
    int64_t lead = scene_rider(&c, "lead"), wang = scene_rider(&c, "wang"),
            li = scene_rider(&c, "li");
    struct rewards_reward r = offer(&c, lead, 2, 1);
    give(&c, wang, lead, 30);
    give(&c, li, lead, 9);
    assert_err(redeem(&c, r.id, li, NULL, &made, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "costs 10"));
    assert_ok(redeem(&c, r.id, wang, "once", &made, &why));
    assert_ok(redeem(&c, r.id, wang, "once", &made, &why));
    assert_err(redeem(&c, r.id, wang, NULL, &made, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "one person"));
    assert_err(redeem(&c, 999, wang, NULL, &made, &why), ERR_NOTFOUND);
    r.version = 1;
    r.supply = 0;
    assert_err(rewards_change(c.s.db, c.rules, c.now_ms, &c.s.arena, &r, &why), ERR_CONFLICT);
    r.supply = 1;
    r.per_person = 0;
    assert_ok(rewards_change(c.s.db, c.rules, c.now_ms, &c.s.arena, &r, &why));
    assert_err(redeem(&c, r.id, wang, NULL, &made, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "nothing is left"));
    assert_err(rewards_end(c.s.db, r.id, 1, c.now_ms, &why), ERR_CONFLICT);
    assert_ok(rewards_end(c.s.db, r.id, 2, c.now_ms, &why));
    assert_err(redeem(&c, r.id, wang, NULL, &made, &why), ERR_CONFLICT);
    assert_string_equal(scene_has(&c, wang), "0/20/0");
    assert_err(db_exec(c.s.db, "UPDATE rewards SET taken = 2"), ERR_CONFLICT);
    assert_err(db_exec(c.s.db, "DELETE FROM redemptions"), ERR_CONFLICT);
    scene_close(&c);
}

TEST(a_code_that_is_cancelled_or_expires_gives_points_and_stock_back_once)
{
    struct scene c = scene_open();
    struct redemptions_redemption one, two, found;
    struct why why = {""};
    size_t count = 0;
    int64_t lead = scene_rider(&c, "lead"), wang = scene_rider(&c, "wang");
    const struct rewards_reward r = offer(&c, lead, 2, 0);
    give(&c, wang, lead, 20);
    assert_ok(redeem(&c, r.id, wang, NULL, &one, &why));
    assert_ok(redeem(&c, r.id, wang, NULL, &two, &why));
    assert_string_equal(scene_has(&c, wang), "0/0/0");
    assert_err(redemptions_cancel(c.s.db, one.public_id, lead, c.now_ms, &c.s.arena, &found, &why),
               ERR_NOTFOUND);
    for (int i = 0; i < 2; i++)
        assert_ok(
            redemptions_cancel(c.s.db, one.public_id, wang, c.now_ms, &c.s.arena, &found, &why));
    assert_string_equal(scene_has(&c, wang), "0/10/0");
    assert_err(verify(&c, one.code, false, &found, &why), ERR_CONFLICT);
    assert_ok(redemptions_expire(c.s.db, c.now_ms, 10, &count));
    assert_int_equal(count, 0);
    c.now_ms += 7 * 86400000LL;
    assert_err(verify(&c, two.code, false, &found, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "expired"));
    for (size_t i = 0; i < 2; i++) {
        assert_ok(redemptions_expire(c.s.db, c.now_ms, 10, &count));
        assert_int_equal(count, 1 - i);
    }
    assert_string_equal(scene_has(&c, wang), "0/20/0");
    assert_int_equal(stock(&c), 2);
    scene_audit(&c);
    scene_close(&c);
}

TEST(who_guesses_codes_is_stopped_and_a_right_one_does_not_help_then)
{
    struct scene c = scene_open();
    struct redemptions_redemption made, found;
    struct why why = {""};
    int64_t lead = scene_rider(&c, "lead"), wang = scene_rider(&c, "wang");
    const struct rewards_reward r = offer(&c, lead, 2, 0);
    give(&c, wang, lead, 20);
    assert_ok(redeem(&c, r.id, wang, NULL, &made, &why));
    static const char *const wrong[] = {"2222-2222-2222", "nonsense", "2222-2222-2222-2"};
    for (int i = 0; i < 10; i++)
        assert_err(verify(&c, wrong[i % 3], false, &found, &why), ERR_NOTFOUND);
    assert_err(verify(&c, made.code, false, &found, &why), ERR_LIMIT);
    c.now_ms += 16 * 60000;
    assert_ok(verify(&c, made.code, false, &found, &why));
    scene_close(&c);
}

TEST(a_code_follows_from_its_key_alone)
{
    static const unsigned char other[SECRETS_KEY_BYTES] = {9};
    char a[SECRETS_CODE_SIZE], b[SECRETS_CODE_SIZE], read[SECRETS_CODE_SIZE];
    secrets_code(key, "one", a);
    secrets_code(key, "one", b);
    assert_string_equal(a, b);
    secrets_code(key, "two", b);
    assert_string_not_equal(a, b);
    secrets_code(other, "one", b);
    assert_string_not_equal(a, b);
    assert_true(secrets_code_read(a, read));
    assert_string_equal(a, read);
    assert_false(secrets_code_read("", read));
    assert_false(secrets_code_read("0000-0000-0000", read));
    assert_false(secrets_code_read("2222-2222-222", read));
}

RUN(cmocka_unit_test(a_reward_takes_points_and_stock_and_its_code_is_spent_once),
    cmocka_unit_test(what_is_too_dear_or_gone_or_enough_is_refused_and_takes_nothing),
    cmocka_unit_test(a_code_that_is_cancelled_or_expires_gives_points_and_stock_back_once),
    cmocka_unit_test(who_guesses_codes_is_stopped_and_a_right_one_does_not_help_then),
    cmocka_unit_test(a_code_follows_from_its_key_alone))
