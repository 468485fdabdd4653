#include "tests/data/store.h"

#include "data/people_forget.h"
#include "data/templates.h"
#include "data/views.h"

static int64_t somebody(struct store *s, const char *login)
{
    struct why why = {""};
    int64_t id = 0;
    assert_ok(people_add(s->db, NULL, NULL, login, login, NULL, &id, &why));
    return id;
}

static bool shows_all(void *user, const struct views_view *view)
{
    (void)view;
    return user != NULL;
}

static struct views_view view_of(int64_t person, const char *name)
{
    return (struct views_view){.person = person, .name = name, .kind = "report", .query = "{}"};
}

TEST(a_view_is_its_owners_and_shared_ones_are_shown_to_whom_it_is_said)
{
    struct store s = store_fresh();
    struct why why = {""};
    const struct views_view *list;
    size_t count = 0;
    int64_t wang = somebody(&s, "wang"), li = somebody(&s, "li"), id = 0;
    struct views_view own = view_of(wang, "乙"), shared = view_of(li, "甲");
    shared.shared = true;
    assert_ok(views_add(s.db, &own, 1, &id, &why));
    assert_err(views_add(s.db, &own, 1, &id, &why), ERR_CONFLICT);
    assert_ok(views_add(s.db, &shared, 1, &id, &why));
    assert_ok(views_list(s.db, wang, shows_all, &s, &s.arena, &list, &count));
    assert_int_equal(count, 2);
    assert_string_equal(list[0].name, "乙");
    assert_ok(views_list(s.db, wang, shows_all, NULL, &s.arena, &list, &count));
    assert_int_equal(count, 1);
    assert_ok(views_list(s.db, li, shows_all, &s, &s.arena, &list, &count));
    assert_int_equal(count, 1);
    store_close(&s);
    scratch_remove();
}

TEST(a_view_is_changed_at_the_version_that_was_seen_and_by_its_owner)
{
    struct store s = store_fresh();
    struct why why = {""};
    int64_t wang = somebody(&s, "wang"), li = somebody(&s, "li"), id = 0;
    struct views_view view = view_of(wang, "甲"), now;
    assert_ok(views_add(s.db, &view, 1, &id, &why));
    view.id = id;
    view.version = 2;
    assert_err(views_put(s.db, &view, 2, &why), ERR_CONFLICT);
    view.version = 1;
    view.person = li;
    assert_err(views_put(s.db, &view, 2, &why), ERR_CONFLICT);
    view.person = wang;
    view.query = "{\"open\":\"true\"}";
    assert_ok(views_put(s.db, &view, 2, &why));
    assert_ok(views_get(s.db, id, &s.arena, &now));
    assert_int_equal(now.version, 2);
    assert_string_equal(now.query, view.query);
    assert_err(views_delete(s.db, id, 1, &why), ERR_CONFLICT);
    assert_ok(views_delete(s.db, id, 2, &why));
    assert_err(views_delete(s.db, id, 2, &why), ERR_NOTFOUND);
    assert_err(views_get(s.db, id, &s.arena, &now), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(a_person_keeps_so_many_views_and_no_more)
{
    struct store s = store_fresh();
    struct why why = {""};
    int64_t wang = somebody(&s, "wang"), id = 0;
    char name[20];
    struct views_view view = view_of(wang, name);
    for (int i = 0; i < VIEWS_OF_PERSON; i++) {
        (void)snprintf(name, sizeof name, "%d", i);
        assert_ok(views_add(s.db, &view, 1, &id, &why));
    }
    (void)snprintf(name, sizeof name, "more");
    assert_err(views_add(s.db, &view, 1, &id, &why), ERR_LIMIT);
    assert_ok(views_delete(s.db, id, 1, &why));
    assert_ok(views_add(s.db, &view, 1, &id, &why));
    store_close(&s);
    scratch_remove();
}

TEST(who_is_forgotten_leaves_no_view)
{
    struct store s = store_fresh();
    struct why why = {""};
    struct db_query *q;
    struct people_actor actor = {.login = "wang", .name = "wang"};
    int64_t id = 0, now_ms = 10000000;
    actor.id = somebody(&s, "wang");
    int64_t li = somebody(&s, "li");
    struct views_view own = view_of(actor.id, "甲"), other = view_of(li, "甲");
    own.shared = true;
    assert_ok(views_add(s.db, &own, 1, &id, &why));
    assert_ok(views_add(s.db, &other, 1, &id, &why));
    secrets_sha256("wang", 4, actor.token);
    assert_ok(db_prepare(s.db,
                         "INSERT INTO tokens (hash, person_id, purpose, created_ms, seen_ms, "
                         "expires_ms) VALUES (:hash, :id, 'session', :now, :now, :now + 9999)",
                         &q));
    db_bind_blob(q, ":hash", actor.token, sizeof actor.token);
    db_bind_int(q, ":id", actor.id);
    db_bind_int(q, ":now", now_ms);
    assert_ok(db_run(q, NULL));
    assert_ok(people_forget(s.db, s.dir, s.kinds, &actor, now_ms, &why));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM views"), 1);
    assert_int_equal(value_of(s.db, "SELECT person_id FROM views"), li);
    store_close(&s);
    scratch_remove();
}

TEST(braces_of_a_template_are_placeholders_or_refused)
{
    static const struct {
        const char *text;
        bool right;
    } rows[] = {{"", true},           {"无", true},          {"{id}", true},
                {"{id}{area}", true}, {"a {address}", true}, {"{state}", true},
                {"{", false},         {"}", false},          {"{}", false},
                {"{id", false},       {"id}", false},        {"{{id}}", false},
                {"{id}}", false},     {"{name}", false},     {"{Id}", false},
                {"{ id}", false},     {"{id {area}", false}, {"{idx}", false},
                {"{i}", false},       {"{category}!", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct why why = {""};
        assert_err(templates_check(rows[i].text, &why), rows[i].right ? ERR_OK : ERR_INVALID);
        if (!rows[i].right) assert_non_null(strstr(why.text, "{id} {category} {state} {area}"));
    }
}

static bool shows(void *user, const struct templates_template *one)
{
    (void)user;
    return one->id > 0;
}

TEST(a_template_is_for_its_state_or_for_all)
{
    struct store s = store_fresh();
    struct why why = {""};
    const struct templates_template *list;
    size_t count = 0;
    int64_t id = 0;
    struct templates_template one = {.kind = "report", .state = "", .name = "甲", .text = "a"};
    assert_ok(templates_add(s.db, &one, 1, &id, &why));
    assert_err(templates_add(s.db, &one, 1, &id, &why), ERR_CONFLICT);
    one.state = "closed";
    assert_ok(templates_add(s.db, &one, 1, &id, &why));
    assert_ok(templates_list(s.db, "report", "closed", shows, NULL, &s.arena, &list, &count));
    assert_int_equal(count, 2);
    assert_ok(templates_list(s.db, "report", "accepted", shows, NULL, &s.arena, &list, &count));
    assert_int_equal(count, 1);
    assert_ok(templates_list(s.db, "opinion", NULL, shows, NULL, &s.arena, &list, &count));
    assert_int_equal(count, 0);
    one.id = id;
    one.version = 1;
    one.state = "";
    assert_err(templates_put(s.db, &one, 2, &why), ERR_CONFLICT); /* the first has that name */
    one.name = "乙";
    assert_ok(templates_put(s.db, &one, 2, &why));
    assert_err(templates_put(s.db, &one, 2, &why), ERR_CONFLICT);
    assert_err(templates_delete(s.db, id, 1, &why), ERR_CONFLICT);
    assert_ok(templates_delete(s.db, id, 2, &why));
    assert_err(templates_delete(s.db, id, 2, &why), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_view_is_its_owners_and_shared_ones_are_shown_to_whom_it_is_said),
    cmocka_unit_test(a_view_is_changed_at_the_version_that_was_seen_and_by_its_owner),
    cmocka_unit_test(a_person_keeps_so_many_views_and_no_more),
    cmocka_unit_test(who_is_forgotten_leaves_no_view),
    cmocka_unit_test(braces_of_a_template_are_placeholders_or_refused),
    cmocka_unit_test(a_template_is_for_its_state_or_for_all))
