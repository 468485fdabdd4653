#include "tests/data/store.h"

#include "data/cases_bulk.h"

#define STAFF .actor = {KINDS_ROLE(area_staff), 0}

/* Says of each item what became of it: 1 done, 0 not. */
struct said {
    const struct cases_bulk_item *items;
    size_t count;
    int rendered;
};

static enum err render(void *user, struct buf *body)
{
    struct said *said = user;
    for (size_t i = 0; i < said->count; i++)
        buf_putc(body, said->items[i].e || said->items[i].refused ? '0' : '1');
    said->rendered++;
    return body->err;
}

static struct cases_bulk_item item(const struct cases_case *c, struct cases_acting acting)
{
    acting.public_id = c->public_id;
    acting.version = 1;
    acting.now_ms = 5000;
    return (struct cases_bulk_item){.acting = acting};
}

static int64_t version(struct store *s, const struct cases_case *c)
{
    struct cases_case read;
    assert_ok(cases_get(s->db, c->public_id, &s->arena, &read));
    return read.version;
}

TEST(each_is_done_or_refused_on_its_own_and_the_same_key_changes_nothing_more)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c[5];
    for (int i = 0; i < 5; i++)
        c[i] = store_created(&s, &fresh);
    const struct cases_acting unit = {.verb = CASES_assigned, STAFF, .unit = "园林"},
                              /* refused by the database itself, when its row is written */
        nobody = {.verb = CASES_assigned, STAFF, .assignee = 999},
                              sender = {.verb = CASES_assigned, .actor = {KINDS_REPORTER, 0}};
    struct cases_bulk_item items[] = {item(&c[0], unit), item(&c[1], nobody), item(&c[2], sender),
                                      item(&c[3], unit), item(&c[4], unit)};
    items[3].refused = true;
    struct said said = {items, 5, 0};
    struct cases_bulk_reply reply = {.request = {.scope = "bulk", .key = "k", .body_hash = {1}},
                                     .status = 200,
                                     .render = render,
                                     .user = &said};
    struct idempotency_answer answer;
    struct why why = {""};
    assert_ok(cases_bulk_act(s.db, s.kinds, items, 5, &reply, &s.arena, &answer, &why));
    assert_string_equal(answer.body, "10001");
    assert_int_equal(items[1].e, ERR_INVALID);
    assert_int_equal(items[2].e, ERR_DENIED);
    assert_true(items[1].is_known && items[0].is_known);
    for (int i = 0; i < 5; i++)
        assert_int_equal(version(&s, &c[i]), i == 0 || i == 4 ? 2 : 1);

    reply.request.body_hash[0] = 1;
    assert_ok(cases_bulk_act(s.db, s.kinds, items, 5, &reply, &s.arena, &answer, &why));
    assert_string_equal(answer.body, "10001");
    assert_int_equal(said.rendered, 1);
    reply.request.body_hash[0] = 2;
    assert_err(cases_bulk_act(s.db, s.kinds, items, 5, &reply, &s.arena, &answer, &why),
               ERR_CONFLICT);
    assert_int_equal(version(&s, &c[0]), 2);
    store_close(&s);
    scratch_remove();
}

static enum err refuse(void *user, struct buf *body)
{
    (void)user;
    (void)body;
    return ERR_NOMEM;
}

TEST(an_answer_that_cannot_be_made_leaves_nothing_done)
{
    struct store s = store_fresh();
    struct cases_new fresh = store_report();
    struct cases_case c = store_created(&s, &fresh);
    struct cases_bulk_item one =
        item(&c, (struct cases_acting){.verb = CASES_prioritised, STAFF, .priority = 1});
    const struct cases_bulk_reply reply = {.status = 200, .render = refuse};
    struct idempotency_answer answer;
    struct why why = {""};
    assert_err(cases_bulk_act(s.db, s.kinds, &one, 1, &reply, &s.arena, &answer, &why), ERR_NOMEM);
    assert_int_equal(version(&s, &c), 1);
    store_close(&s);
    scratch_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_done_or_refused_on_its_own_and_the_same_key_changes_nothing_more),
        cmocka_unit_test(an_answer_that_cannot_be_made_leaves_nothing_done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
