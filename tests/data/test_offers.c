#include "tests/data/members_scene.h"

#include "data/offers_use.h"

#include <stdio.h>

enum { TODAY = 20000 };

struct scene {
    struct store s;
    struct offers_kinds *kinds;
    int64_t admin, wang, place;
    struct memberships_membership member;
};

static struct scene begin(void)
{
    struct scene c = {.s = store_fresh()};
    struct why why = {""};
    assert_ok(offers_kinds_load(HOUSE_ROOT "/data/offers", &c.kinds, &why));
    assert_ok(db_exec(c.s.db, "INSERT INTO places (category, name, source, source_id, created_ms, "
                              "updated_ms, geom) VALUES ('partner_merchant', '面馆', 'test', '1', "
                              "1, 1, ST_GeomFromText('POINT(116 39)', 4326))"));
    c.place = db_last_id(c.s.db);
    c.admin = members_person(&c.s, "admin");
    c.wang = members_person(&c.s, "wang");
    struct branches_branch b = members_branch(&c.s, c.admin, "一", false);
    c.member = members_member(&c.s, c.admin, b.id, c.wang);
    return c;
}

static void end(struct scene *c)
{
    offers_kinds_free(c->kinds);
    store_close(&c->s);
    scratch_remove();
}

static struct offers_offer offered(const struct scene *c, int64_t per_day)
{
    return (struct offers_offer){.place_id = c->place,
                                 .kind = "meals",
                                 .title = "面条九折",
                                 .title_en = "",
                                 .terms = "凭会员卡",
                                 .members_only = true,
                                 .per_day = per_day,
                                 .from_ms = members_now};
}

static enum err create(struct scene *c, struct offers_offer *o, struct why *why)
{
    const struct offers_put put = {.kinds = c->kinds, .by = c->admin, .now_ms = members_now};
    const struct answers_reply reply = {.status = 201, .render = members_nothing};
    struct idempotency_answer answer;
    return offers_create(c->s.db, &put, &reply, &c->s.arena, o, &answer, why);
}

/* What is told of a member is at hand where the answer is made, on the writer's thread. */
static enum err told(void *user, struct buf *body)
{
    const struct offers_used *used = user;
    buf_printf(body, "%s %lld %s", used->branch.name, (long long)used->times, used->form.consent);
    return body->err;
}

static enum err take(struct scene *c, int64_t offer, int64_t by, int64_t day, const char *once,
                     struct why *why)
{
    char code[MEMBER_CARD_SIZE];
    int64_t until;
    struct offers_used used;
    struct idempotency_answer answer;
    member_card_code(members_key, &c->member, members_now, code, &until);
    const struct offers_use use = {offer, {code, by, members_key, members_now}, day};
    const struct answers_reply reply = {
        .request = {.scope = "POST", .key = once, .until_ms = members_now + 1000},
        .status = 200,
        .render = told,
        .user = &used};
    return offers_use_take(c->s.db, &use, &reply, &c->s.arena, &used, &answer, why);
}

TEST(an_offer_is_listed_while_it_is_open_and_changed_by_who_saw_it)
{
    struct scene c = begin();
    struct offers_offer o = offered(&c, 1), wrong = o;
    struct why why = {""};
    const struct offers_offer *list = NULL;
    size_t count = 0;
    bool more = false;
    wrong.kind = "cars";
    assert_err(create(&c, &wrong, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "kind: "));
    wrong = o;
    wrong.to_ms = wrong.from_ms;
    assert_err(create(&c, &wrong, &why), ERR_INVALID);
    wrong = o;
    wrong.place_id = 99;
    assert_err(create(&c, &wrong, &why), ERR_CONFLICT);
    o.to_ms = members_now + 1000;
    assert_ok(create(&c, &o, &why));
    struct offers_filter filter = {.only_open = true, .now_ms = members_now + 999, .limit = 5};
    assert_ok(offers_list(c.s.db, &filter, &c.s.arena, &list, &count, &more));
    assert_int_equal(count, 1);
    assert_string_equal(list[0].title, "面条九折");
    filter.kind = "shopping";
    assert_ok(offers_list(c.s.db, &filter, &c.s.arena, &list, &count, &more));
    assert_int_equal(count, 0);
    filter.kind = NULL;
    filter.now_ms = members_now + 1000;
    assert_ok(offers_list(c.s.db, &filter, &c.s.arena, &list, &count, &more));
    assert_int_equal(count, 0);
    assert_false(offers_is_open(&o, members_now + 1000));
    const struct offers_put put = {.kinds = c.kinds, .by = c.admin, .now_ms = members_now + 2000};
    o.to_ms = 0;
    assert_ok(offers_change(c.s.db, &put, &c.s.arena, &o, &why));
    assert_int_equal(o.version, 2);
    o.version = 1;
    assert_err(offers_change(c.s.db, &put, &c.s.arena, &o, &why), ERR_CONFLICT);
    static const char *const nothing[] = {"abc"};
    const struct offers_put pictured = {c.kinds, nothing, 1, c.admin, members_now};
    o.version = 2;
    assert_err(offers_change(c.s.db, &pictured, &c.s.arena, &o, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "pictures/0"));
    assert_ok(offers_end(c.s.db, o.id, 2, members_now, &why));
    assert_err(offers_end(c.s.db, o.id, 3, members_now, &why), ERR_CONFLICT);
    end(&c);
}

TEST(one_person_takes_it_so_often_a_day_and_is_forgotten_when_the_day_is_over)
{
    struct scene c = begin();
    struct offers_offer o = offered(&c, 2);
    struct why why = {""};
    int64_t ever = 0, today = 0, forgotten = 0;
    assert_ok(create(&c, &o, &why));
    assert_ok(take(&c, o.id, c.admin, TODAY, "once", &why));
    assert_ok(take(&c, o.id, c.admin, TODAY, "once", &why));
    assert_ok(offers_count(c.s.db, o.id, TODAY, &ever, &today));
    assert_int_equal(today, 1);
    assert_ok(take(&c, o.id, c.admin, TODAY, NULL, &why));
    assert_err(take(&c, o.id, c.admin, TODAY, NULL, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "2 times"));
    assert_err(take(&c, o.id, c.wang, TODAY, NULL, &why), ERR_CONFLICT); /* one's own card */
    assert_err(take(&c, 99, c.admin, TODAY, NULL, &why), ERR_NOTFOUND);
    char sql[200];
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO offer_uses (offer_id, day, person_id, by_id) VALUES (%lld, %d, "
                   "%lld, %lld)",
                   (long long)o.id, TODAY, (long long)c.wang, (long long)c.admin);
    assert_err(db_exec(c.s.db, sql), ERR_CONFLICT);
    assert_err(db_exec(c.s.db, "DELETE FROM offer_uses"), ERR_CONFLICT);
    assert_err(db_exec(c.s.db, "UPDATE offer_uses SET day = day + 1"), ERR_CONFLICT);
    struct offers_taken taken[4];
    size_t count = 0;
    assert_ok(offers_use_mine(c.s.db, c.wang, &c.s.arena, taken, 4, &count));
    assert_int_equal(count, 2);
    assert_ok(offers_use_forget(c.s.db, TODAY, &forgotten));
    assert_int_equal(forgotten, 0);
    assert_int_equal(value_of(c.s.db, "SELECT CAST(answer AS TEXT) LIKE '一 1 %' FROM idempotency"),
                     1);
    assert_ok(idempotency_forget(c.s.db, members_now + 999));
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM idempotency"), 1);
    assert_ok(idempotency_forget(c.s.db, members_now + 1000));
    assert_int_equal(value_of(c.s.db, "SELECT count(*) FROM idempotency"), 0);
    assert_ok(offers_use_forget(c.s.db, TODAY + 1, &forgotten));
    assert_int_equal(forgotten, 2);
    assert_ok(offers_use_mine(c.s.db, c.wang, &c.s.arena, taken, 4, &count));
    assert_int_equal(count, 0);
    assert_ok(take(&c, o.id, c.admin, TODAY + 1, NULL, &why));
    assert_ok(offers_count(c.s.db, o.id, TODAY + 1, &ever, &today));
    assert_int_equal(ever, 3);
    assert_int_equal(today, 1);
    assert_ok(offers_end(c.s.db, o.id, 1, members_now, &why));
    assert_err(take(&c, o.id, c.admin, TODAY + 2, NULL, &why), ERR_CONFLICT);
    end(&c);
}

RUN(cmocka_unit_test(an_offer_is_listed_while_it_is_open_and_changed_by_who_saw_it),
    cmocka_unit_test(one_person_takes_it_so_often_a_day_and_is_forgotten_when_the_day_is_over))
