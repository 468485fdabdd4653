#include "tests/data/activities_scene.h"

#include "data/deeds.h"

/* A rider who took part. */
struct told {
    struct fair f;
    struct signups_signup signup;
    int64_t activity;
    struct deeds_deed deed;
};

static void judge(struct told *t, bool confirmed)
{
    const struct signups_verdict v = {.public_id = t->signup.public_id,
                                      .activity = t->activity,
                                      .version = t->signup.version,
                                      .by = t->f.staff,
                                      .confirmed = confirmed,
                                      .reason = confirmed ? "" : "冒名",
                                      .now_ms = t->f.c.now_ms};
    struct why why = {""};
    if (signups_attend_judge(t->f.c.s.db, &t->f.rules, &v, &t->f.c.s.arena, &t->signup, &why))
        fail_msg("%s", why.text);
}

static enum err tell(struct told *t, bool by_owner, const char *words, const char *name)
{
    const struct deeds_writing w = {.signup = t->signup.id,
                                    .version = t->deed.version,
                                    .by_owner = by_owner,
                                    .agreed = by_owner,
                                    .words = words,
                                    .name = name,
                                    .now_ms = t->f.c.now_ms += 1000};
    return deeds_write(t->f.c.s.db, t->f.kinds, &w, &t->f.c.s.arena, &t->deed, NULL);
}

static enum err publish(struct told *t, struct why *why)
{
    const struct deeds_publishing p = {.id = t->deed.id,
                                       .version = t->deed.version,
                                       .by = t->f.staff,
                                       .published = true,
                                       .now_ms = t->f.c.now_ms += 1000};
    return deeds_publish(t->f.c.s.db, &p, &t->f.c.s.arena, &t->deed, why);
}

static struct told scene(void)
{
    struct told t = {.f = fair_open()};
    t.activity = fair_publish(&t.f, 0, 0).id;
    t.signup = fair_join(&t.f, t.activity, scene_rider(&t.f.c, "wang"));
    judge(&t, true);
    assert_ok(tell(&t, true, "陪王奶奶聊天", "小王"));
    assert_ok(publish(&t, NULL));
    return t;
}

TEST(a_deed_stays_published_while_its_owner_says_the_same_and_no_longer)
{
    static const struct {
        const char *words, *name;
        bool by_owner, stays;
    } rows[] = {
        {"陪王奶奶聊天", "小王", true, true},  {"陪王奶奶聊天", NULL, true, true},
        {"陪王奶奶买菜", "小王", true, false}, {"陪王奶奶聊天", "李主任", true, false},
        {"陪王奶奶聊天", "", true, false},     {"陪王奶奶聊天", NULL, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct told t = scene();
        assert_ok(tell(&t, rows[i].by_owner, rows[i].words, rows[i].name));
        if ((t.deed.published_ms != 0) != rows[i].stays) fail_msg("row %zu", i);
        if ((t.deed.agreed_ms != 0) != rows[i].by_owner) fail_msg("row %zu", i);
        fair_close(&t.f);
    }
}

TEST(what_was_not_done_is_published_by_nobody)
{
    struct told t = scene();
    struct why why = {""};
    judge(&t, false);
    assert_ok(deeds_find(t.f.c.s.db, t.deed.id, &t.f.c.s.arena, &t.deed));
    assert_int_equal(t.deed.published_ms, 0);
    assert_err(publish(&t, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "confirmed"));
    judge(&t, true);
    assert_ok(publish(&t, NULL));
    fair_close(&t.f);
}

TEST(the_database_itself_refuses_to_publish_what_must_not_be)
{
    struct told t = scene();
    assert_err(db_exec(t.f.c.s.db, "UPDATE activity_deeds SET name = '李主任'"), ERR_CONFLICT);
    assert_err(db_exec(t.f.c.s.db, "UPDATE activity_deeds SET words = 'x'"), ERR_CONFLICT);
    judge(&t, false);
    assert_err(db_exec(t.f.c.s.db, "UPDATE activity_deeds SET published_ms = 1"), ERR_CONFLICT);
    fair_close(&t.f);
}

RUN(cmocka_unit_test(a_deed_stays_published_while_its_owner_says_the_same_and_no_longer),
    cmocka_unit_test(what_was_not_done_is_published_by_nobody),
    cmocka_unit_test(the_database_itself_refuses_to_publish_what_must_not_be))
