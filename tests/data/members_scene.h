/* Branches with a form, and people who join them. */
#ifndef YZ_TESTS_DATA_MEMBERS_SCENE_H
#define YZ_TESTS_DATA_MEMBERS_SCENE_H

#include "tests/data/store.h"

#include "data/branches_write.h"
#include "data/member_card.h"
#include "data/membership_join.h"
#include "data/membership_judge.h"

static const unsigned char members_key[SECRETS_KEY_BYTES] = {4, 5, 6};
static const int64_t members_now = 1795000000000;

static const char *const members_platforms[] = {"外卖", "快递"};
static const struct branches_field members_fields[] = {
    {"name", "姓名", "Name", BRANCHES_name, true, NULL, 0},
    {"phone", "手机号", "", BRANCHES_phone, true, NULL, 0},
    {"born", "出生日期", "", BRANCHES_date, false, NULL, 0},
    {"age", "工龄", "", BRANCHES_number, false, NULL, 0},
    {"platform", "平台", "", BRANCHES_choice, false, members_platforms, 2}};
static const struct branches_form members_form = {1, "同意本会处理以上信息", members_fields, 5};

static inline enum err members_nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

static inline int64_t members_person(struct store *s, const char *login)
{
    struct db_query *q;
    assert_ok(db_prepare(s->db,
                         "INSERT INTO people (login, name, created_ms, updated_ms) VALUES (:login, "
                         "'账号名', 1, 1)",
                         &q));
    db_bind_text(q, ":login", login);
    assert_ok(db_run(q, NULL));
    return db_last_id(s->db);
}

static inline struct branches_branch members_branch(struct store *s, int64_t by, const char *name,
                                                    bool alongside)
{
    struct branches_branch made = {.name = name, .name_en = "", .alongside = alongside};
    const struct answers_reply reply = {.status = 201, .render = members_nothing};
    struct idempotency_answer answer;
    struct why why = {""};
    if (branches_write_create(s->db, by, &members_form, &reply, members_now, &s->arena, &made,
                              &answer, &why))
        fail_msg("%s", why.text);
    return made;
}

static inline struct membership_answers members_answers(struct store *s)
{
    struct membership_answers answers = {.count = 0};
    struct why why = {""};
    assert_ok(membership_answers_add(&answers, &members_form, "name", " 王小二 ", &s->arena, &why));
    assert_ok(membership_answers_add(&answers, &members_form, "phone", "+86 138-0013-8000",
                                     &s->arena, &why));
    return answers;
}

static inline enum err members_apply(struct store *s, int64_t branch, int64_t person, bool moves,
                                     struct memberships_membership *made, struct why *why)
{
    const struct membership_answers answers = members_answers(s);
    const struct membership_join_wish wish = {.branch = branch,
                                              .person = person,
                                              .form = 1,
                                              .moves = moves,
                                              .answers = &answers,
                                              .key = members_key,
                                              .now_ms = members_now};
    const struct answers_reply reply = {.status = 201, .render = members_nothing};
    struct idempotency_answer answer;
    return membership_join_apply(s->db, &wish, &reply, &s->arena, made, &answer, why);
}

static inline enum err members_judge(struct store *s, int64_t by, enum memberships_state to,
                                     struct memberships_membership *m, struct why *why)
{
    const struct membership_judge judge = {.public_id = m->public_id,
                                           .version = m->version,
                                           .to = to,
                                           .reason = to == MEMBERSHIPS_member ? NULL : "材料不全",
                                           .by = by,
                                           .now_ms = members_now + 1};
    struct memberships_membership now;
    enum err e = membership_judge_put(s->db, &judge, &s->arena, &now, why);
    if (!e) *m = now;
    return e;
}

static inline struct memberships_membership members_member(struct store *s, int64_t by,
                                                           int64_t branch, int64_t person)
{
    struct memberships_membership m;
    struct why why = {""};
    if (members_apply(s, branch, person, false, &m, &why) ||
        members_judge(s, by, MEMBERSHIPS_member, &m, &why))
        fail_msg("%s", why.text);
    return m;
}

#endif
