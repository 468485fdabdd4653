#include "tests/data/points_scene.h"

#include "data/cases_forget.h"
#include "data/cases_support.h"
#include "data/inbox.h"

#define BRANCH .actor = {KINDS_ROLE(branch_staff), 0}

/* Proposals that everybody finds at once. */
static struct store open_store(void)
{
    struct store s = store_fresh();
    struct kinds_kind *kind = (struct kinds_kind *)(uintptr_t)kinds_find(s.kinds, "proposal");
    kind->public = KINDS_AT_ONCE;
    return s;
}

static int64_t person(struct store *s, const char *login)
{
    struct scene c = {.s = *s};
    return scene_rider(&c, login);
}

static struct cases_case proposal(struct store *s, int64_t by, const char *words)
{
    const struct cases_new fresh = {.kind = "proposal",
                                    .category = "safety",
                                    .description = words,
                                    .accuracy_m = -1,
                                    .reporter = by,
                                    .now_ms = 1000};
    return store_created(s, &fresh);
}

static void act(struct store *s, struct cases_case *c, struct cases_acting acting)
{
    struct why why = {""};
    acting.public_id = c->public_id;
    acting.version = CASES_ANY_VERSION;
    acting.now_ms = c->updated_ms + 1;
    assert_ok(store_act(s->db, s->kinds, &acting, &s->arena, c, &why));
}

static void support(struct store *s, const struct cases_case *c, int64_t by)
{
    const struct cases_support wish = {c->public_id, by, 1, 2000};
    struct cases_case now;
    struct why why = {""};
    assert_ok(cases_support_give(s->db, s->kinds, &wish, &s->arena, &now, &why));
}

static struct inbox_item last(struct store *s, int64_t who)
{
    const struct inbox_filter filter = {.person = who, .limit = 1};
    const struct inbox_item *list;
    size_t count;
    bool more;
    assert_ok(inbox_list(s->db, &filter, &s->arena, &list, &count, &more));
    assert_int_equal(count, 1);
    return list[0];
}

TEST(the_state_is_told_in_the_language_of_whom_it_is_told)
{
    struct store s = open_store();
    int64_t li = person(&s, "li"), wang = person(&s, "wang"), smith = person(&s, "smith");
    struct cases_case c = proposal(&s, li, "巷道加装照明");
    assert_ok(db_exec(s.db, "INSERT INTO people_profiles (person_id, version, language, "
                            "updated_ms) SELECT id, 2, 'en', 1 FROM people WHERE login = 'smith'"));
    support(&s, &c, wang);
    support(&s, &c, smith);
    act(&s, &c,
        (struct cases_acting){.to = "accepted", BRANCH, .unit = "机电队", .due_ms = 1000000});
    const struct kinds_state *accepted = kinds_state(kinds_find(s.kinds, "proposal"), "accepted");
    assert_string_not_equal(accepted->label.zh, accepted->label.en);
    assert_string_equal(last(&s, wang).note, accepted->label.zh);
    assert_string_equal(last(&s, smith).note, accepted->label.en);
    store_close(&s);
    scratch_remove();
}

static enum err forget_all(struct db *db, void *user)
{
    int64_t photos;
    return cases_forget_all(db, *(const int64_t *)user, false, 9000, &photos);
}

static int64_t said(struct store *s, const char *words)
{
    char sql[128];
    (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM inbox_messages WHERE title LIKE '%%%s%%'",
                   words);
    return value_of(s->db, sql);
}

/* Who sent the one supports the other, so that what they were told is about a case of theirs. */
TEST(the_words_of_a_case_that_is_forgotten_are_in_no_inbox)
{
    struct store s = open_store();
    int64_t li = person(&s, "li"), wang = person(&s, "wang"), zhao = person(&s, "zhao");
    struct cases_case a = proposal(&s, li, "巷道加装照明"), b = proposal(&s, wang, "井口太暗");
    support(&s, &a, zhao);
    support(&s, &a, wang);
    support(&s, &b, zhao);
    support(&s, &b, li);
    act(&s, &b, (struct cases_acting){.to = "duplicate", BRANCH, .duplicate_of = a.public_id});
    assert_int_equal(last(&s, li).verb, INBOX_proposal_merged);
    assert_string_equal(last(&s, li).title, "巷道加装照明");
    act(&s, &b, (struct cases_acting){.to = "submitted", BRANCH, .reason = "另一件"});
    assert_true(said(&s, "井口太暗") > 0);
    assert_ok(db_write(s.db, forget_all, &b.id));
    assert_int_equal(said(&s, "井口太暗"), 0);
    act(&s, &a,
        (struct cases_acting){.to = "accepted", BRANCH, .unit = "机电队", .due_ms = 1000000});
    assert_true(said(&s, "照明") > 0);
    assert_ok(db_write(s.db, forget_all, &a.id));
    assert_int_equal(said(&s, "照明"), 0);
    store_close(&s);
    scratch_remove();
}

/* What is told about the one that is repeated goes, though a duplicate of it is theirs. */
TEST(who_sent_what_repeats_a_forgotten_case_keeps_no_words_of_it)
{
    struct store s = open_store();
    int64_t li = person(&s, "li"), wang = person(&s, "wang");
    struct cases_case a = proposal(&s, li, "巷道加装照明"), b = proposal(&s, wang, "井口太暗");
    support(&s, &a, wang);
    act(&s, &b, (struct cases_acting){.to = "duplicate", BRANCH, .duplicate_of = a.public_id});
    act(&s, &a,
        (struct cases_acting){.to = "accepted", BRANCH, .unit = "机电队", .due_ms = 1000000});
    assert_string_equal(last(&s, wang).title, "巷道加装照明");
    assert_ok(db_write(s.db, forget_all, &a.id));
    assert_int_equal(said(&s, "照明"), 0);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(the_state_is_told_in_the_language_of_whom_it_is_told),
    cmocka_unit_test(the_words_of_a_case_that_is_forgotten_are_in_no_inbox),
    cmocka_unit_test(who_sent_what_repeats_a_forgotten_case_keeps_no_words_of_it))
