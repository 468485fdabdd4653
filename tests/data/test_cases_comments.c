#include "tests/data/points_scene.h"

#include "data/cases_comments.h"
#include "data/cases_figures.h"
#include "data/cases_forget.h"
#include "data/cases_support.h"
#include "data/inbox.h"

#define HOUR_MS INT64_C(3600000)
#define BRANCH  .actor = {KINDS_ROLE(branch_staff), 0}

static int64_t person(struct store *s, const char *login)
{
    struct scene c = {.s = *s};
    return scene_rider(&c, login);
}

static struct cases_case sent(struct store *s, const char *kind, int64_t by)
{
    const struct cases_new fresh = {.kind = kind,
                                    .category = "safety",
                                    .description = "巷道加装照明",
                                    .accuracy_m = -1,
                                    .reporter = by,
                                    .now_ms = HOUR_MS};
    return store_created(s, &fresh);
}

static enum err act(struct store *s, struct cases_case *c, struct cases_acting acting)
{
    struct why why = {""};
    acting.public_id = c->public_id;
    acting.version = c->version;
    if (!acting.now_ms) acting.now_ms = c->updated_ms + 1;
    return store_act(s->db, s->kinds, &acting, &s->arena, c, &why);
}

static struct cases_case filed(struct store *s, int64_t by)
{
    struct cases_case c = sent(s, "proposal", by);
    assert_ok(act(
        s, &c,
        (struct cases_acting){.to = "accepted", BRANCH, .unit = "机电队", .due_ms = 90 * HOUR_MS}));
    return c;
}

static enum err render(void *user, struct buf *body)
{
    (void)user;
    buf_puts(body, "{}");
    return body->err;
}

static enum err say(struct store *s, const struct cases_case *c, int64_t by, const char *text,
                    int64_t now_ms, struct cases_comment *made)
{
    const struct cases_comments_new fresh = {c->public_id, by, by == 0, text, now_ms};
    const struct answers_reply reply = {.status = 201, .render = render};
    struct idempotency_answer answer;
    struct why why = {""};
    return cases_comments_add(s->db, s->kinds, &fresh, &reply, &s->arena, made, &answer, &why);
}

static size_t shown(struct store *s, const struct cases_case *c, int64_t own)
{
    const struct cases_comments_filter filter = {.case_id = c->id, .own = own, .limit = 100};
    const struct cases_comment *list;
    size_t count;
    bool more;
    assert_ok(cases_comments_list(s->db, &filter, &s->arena, &list, &count, &more));
    return count;
}

static size_t told(struct store *s, int64_t who, enum inbox_verb verb)
{
    const struct inbox_filter filter = {.person = who, .limit = 50};
    const struct inbox_item *list;
    size_t count, n = 0;
    bool more;
    assert_ok(inbox_list(s->db, &filter, &s->arena, &list, &count, &more));
    for (size_t i = 0; i < count; i++)
        n += list[i].verb == verb;
    return n;
}

static enum err run_sql(struct store *s, const char *sql)
{
    struct db_query *q;
    assert_ok(db_prepare(s->db, sql, &q));
    return db_run(q, NULL);
}

TEST(one_person_writes_so_much_and_no_more)
{
    struct store s = store_fresh();
    int64_t li = person(&s, "li"), wang = person(&s, "wang");
    struct cases_case c = filed(&s, li);
    struct cases_comment made;
    struct why why = {""};
    for (int i = 0; i < CASES_COMMENTS_EACH; i++)
        assert_ok(say(&s, &c, wang, "支持", 2 * HOUR_MS, &made));
    assert_err(say(&s, &c, wang, "支持", 2 * HOUR_MS, &made), ERR_CONFLICT);
    assert_ok(cases_comments_remove(s.db, made.public_id, wang, &why));
    assert_ok(say(&s, &c, wang, "换一句", 2 * HOUR_MS, &made));
    for (int i = CASES_COMMENTS_EACH + 1; i < CASES_COMMENTS_DAY; i++) {
        assert_ok(cases_comments_remove(s.db, made.public_id, wang, &why));
        assert_ok(say(&s, &c, wang, "又一句", 2 * HOUR_MS, &made));
    }
    assert_ok(cases_comments_remove(s.db, made.public_id, wang, &why));
    assert_err(say(&s, &c, wang, "又一句", 3 * HOUR_MS, &made), ERR_CONFLICT);
    assert_ok(say(&s, &c, wang, "第二天", 27 * HOUR_MS, &made));
    assert_ok(say(&s, &c, li, "谢谢", 3 * HOUR_MS, &made));
    assert_int_equal(made.side, CASES_COMMENTS_REPORTER);
    assert_err(say(&s, &c, li, " \n", 3 * HOUR_MS, &made), ERR_INVALID);
    assert_err(say(&s, &c, li, "\x01", 3 * HOUR_MS, &made), ERR_INVALID);
    store_close(&s);
    scratch_remove();
}

TEST(a_comment_is_hidden_taken_back_and_forgotten_and_never_changed)
{
    struct store s = store_fresh();
    int64_t li = person(&s, "li"), wang = person(&s, "wang"), staff = person(&s, "staff");
    struct cases_case c = filed(&s, li);
    struct cases_comment one, two;
    struct why why = {""};
    assert_ok(say(&s, &c, wang, "第一句", 2 * HOUR_MS, &one));
    assert_ok(say(&s, &c, wang, "第二句", 2 * HOUR_MS, &two));
    struct cases_comments_hiding hiding = {one.public_id, true, "", staff, 3 * HOUR_MS};
    assert_err(cases_comments_hide(s.db, &hiding, &s.arena, &one, &why), ERR_INVALID);
    hiding.reason = "辱骂他人";
    assert_ok(cases_comments_hide(s.db, &hiding, &s.arena, &one, &why));
    assert_int_equal(shown(&s, &c, 0), 1);
    assert_int_equal(shown(&s, &c, wang), 2);
    /* Two comments, and one word of them until it is read; who wrote is told why theirs is hidden.
     */
    assert_int_equal(told(&s, li, INBOX_proposal_commented), 1);
    assert_int_equal(told(&s, wang, INBOX_comment_hidden), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE verb = 'comment_hidden'"), 1);
    assert_err(run_sql(&s, "UPDATE case_comments SET text = '别的'"), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE case_comments SET person_id = 1"), ERR_CONFLICT);
    assert_err(run_sql(&s, "UPDATE case_comments SET hidden_ms = NULL"), ERR_CONFLICT);
    assert_ok(act(&s, &c, (struct cases_acting){.to = "declined", BRANCH, .reason = "x"}));
    assert_ok(say(&s, &c, li, "为什么", 4 * HOUR_MS, &two));
    const struct cases_forgetting forgetting = {
        .public_id = c.public_id, .person = li, .now_ms = 5 * HOUR_MS};
    assert_ok(cases_forget_mine(s.db, s.dir, s.kinds, &forgetting, &s.arena, NULL));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM case_comments WHERE text <> '' OR "
                                    "person_id IS NOT NULL OR hidden_reason <> ''"),
                     0);
    assert_err(say(&s, &c, wang, "还在吗", 6 * HOUR_MS, &two), ERR_CONFLICT);
    store_close(&s);
    scratch_remove();
}

TEST(staff_answer_with_words_or_by_closing_and_the_clock_does_not_stop_at_night)
{
    struct store s = store_fresh();
    struct cases_case a = sent(&s, "opinion", person(&s, "li")),
                      b = sent(&s, "opinion", person(&s, "wang")),
                      c = sent(&s, "opinion", person(&s, "zhao"));
    const int64_t by = 25 * HOUR_MS;
    assert_int_equal(a.answer_by_ms, by);
    assert_ok(act(&s, &a, (struct cases_acting){.to = "accepted", BRANCH, .unit = "工资科"}));
    assert_int_equal(a.answered_ms, 0);
    assert_ok(act(&s, &a,
                  (struct cases_acting){.verb = CASES_written,
                                        .actor = {KINDS_REPORTER, a.reporter},
                                        .reason = "何时答复"}));
    assert_ok(act(&s, &a, (struct cases_acting){.verb = CASES_noted, BRANCH, .reason = "内部"}));
    assert_int_equal(a.answered_ms, 0);
    assert_ok(act(
        &s, &a,
        (struct cases_acting){.verb = CASES_written, BRANCH, .reason = "本月补发", .now_ms = by}));
    assert_int_equal(a.answered_ms, by);
    assert_ok(act(&s, &a, (struct cases_acting){.to = "closed", BRANCH, .reason = "已发"}));
    assert_int_equal(a.answered_ms, by);
    assert_ok(
        act(&s, &b,
            (struct cases_acting){.to = "rejected", BRANCH, .reason = "不属于", .now_ms = by + 1}));
    struct cases_filter filter = {.kind = "opinion"};
    struct cases_figures total;
    const struct cases_figures_row *rows;
    size_t count;
    struct why why;
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_NONE, by - 1, &s.arena, &total,
                                 &rows, &count, &why));
    assert_int_equal(total.answer_owed, 2);
    assert_int_equal(total.answered_in_time, 1);
    assert_ok(cases_figures_find(s.db, &filter, s.kinds, CASES_BY_NONE, by, &s.arena, &total, &rows,
                                 &count, &why));
    assert_int_equal(total.answer_owed, 3);
    const struct cases_case *late;
    bool more;
    filter = (struct cases_filter){
        .kind = "opinion", .only_open = true, .answer_upto_ms = by, .limit = 10};
    assert_ok(cases_list(s.db, &filter, s.kinds, &s.arena, &late, &count, &more));
    assert_int_equal(count, 1);
    assert_string_equal(late[0].public_id, c.public_id);
    filter.answer_upto_ms = by - 1;
    assert_ok(cases_list(s.db, &filter, s.kinds, &s.arena, &late, &count, &more));
    assert_int_equal(count, 0);
    store_close(&s);
    scratch_remove();
}

TEST(a_step_that_owes_an_owner_has_one)
{
    struct store s = store_fresh();
    struct cases_case c = sent(&s, "proposal", person(&s, "li"));
    const int64_t due = 90 * HOUR_MS, staff = person(&s, "staff");
    const struct cases_event *events;
    size_t count;
    assert_err(act(&s, &c, (struct cases_acting){.to = "accepted", BRANCH, .due_ms = due}),
               ERR_INVALID);
    assert_err(
        act(&s, &c,
            (struct cases_acting){
                .to = "accepted", BRANCH, .due_ms = due, .unit = "机电队", .assignee = staff}),
        ERR_INVALID);
    assert_err(
        act(&s, &c,
            (struct cases_acting){.to = "rejected", BRANCH, .reason = "x", .unit = "机电队"}),
        ERR_INVALID);
    assert_ok(act(&s, &c, (struct cases_acting){.verb = CASES_assigned, BRANCH, .unit = "通风队"}));
    assert_ok(act(&s, &c, (struct cases_acting){.to = "accepted", BRANCH, .due_ms = due}));
    assert_string_equal(c.unit, "通风队");
    assert_ok(
        act(&s, &c,
            (struct cases_acting){
                .to = "adopted", BRANCH, .reason = "采纳", .due_ms = due, .assignee = staff}));
    assert_int_equal(c.assignee, staff);
    assert_string_equal(c.unit, "");
    assert_ok(cases_history(s.db, c.id, &s.arena, &events, &count));
    assert_string_equal(events[count - 1].verb, "assigned");
    assert_int_equal(events[count - 1].seen, CASES_STAFF);
    assert_string_equal(events[count - 2].verb, "moved");
    assert_string_equal(events[count - 2].value, "");
    assert_string_equal(events[count - 3].value, "unit:通风队");
    store_close(&s);
    scratch_remove();
}

TEST(who_supports_a_case_is_told_where_it_goes_and_that_it_was_merged)
{
    struct store s = store_fresh();
    int64_t li = person(&s, "li"), wang = person(&s, "wang"), zhao = person(&s, "zhao");
    struct cases_case a = filed(&s, li), b = filed(&s, wang), now;
    struct why why = {""};
    const struct cases_support to_a = {a.public_id, zhao, 1, 2 * HOUR_MS},
                               to_b = {b.public_id, zhao, 1, 2 * HOUR_MS};
    assert_ok(cases_support_give(s.db, s.kinds, &to_a, &s.arena, &now, &why));
    assert_ok(cases_support_give(s.db, s.kinds, &to_b, &s.arena, &now, &why));
    assert_ok(
        act(&s, &b, (struct cases_acting){.to = "duplicate", BRANCH, .duplicate_of = a.public_id}));
    assert_int_equal(told(&s, zhao, INBOX_proposal_merged), 1);
    assert_ok(act(
        &s, &a,
        (struct cases_acting){.to = "adopted", BRANCH, .reason = "采纳", .due_ms = 90 * HOUR_MS}));
    assert_int_equal(told(&s, zhao, INBOX_proposal_moved), 1);
    assert_int_equal(told(&s, li, INBOX_proposal_moved), 0);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(who_supports_a_case_is_told_where_it_goes_and_that_it_was_merged),
    cmocka_unit_test(one_person_writes_so_much_and_no_more),
    cmocka_unit_test(a_comment_is_hidden_taken_back_and_forgotten_and_never_changed),
    cmocka_unit_test(staff_answer_with_words_or_by_closing_and_the_clock_does_not_stop_at_night),
    cmocka_unit_test(a_step_that_owes_an_owner_has_one))
