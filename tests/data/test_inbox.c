#include "tests/data/store.h"

#include "data/inbox.h"

static int64_t somebody(struct store *s, const char *login)
{
    struct why why = {""};
    int64_t id = 0;
    assert_ok(people_add(s->db, NULL, NULL, login, login, NULL, &id, &why));
    return id;
}

struct putting {
    const struct inbox_message *message;
    int64_t now_ms;
};

static enum err put_one(struct db *db, void *user)
{
    const struct putting *p = user;
    return inbox_put(db, p->message, p->now_ms);
}

static void put(struct store *s, const struct inbox_message *message, int64_t now_ms)
{
    struct putting p = {message, now_ms};
    assert_ok(db_write(s->db, put_one, &p));
}

static size_t listed(struct store *s, const struct inbox_filter *filter,
                     const struct inbox_item **list)
{
    size_t count = 0;
    bool more = false;
    assert_ok(inbox_list(s->db, filter, &s->arena, list, &count, &more));
    return count;
}

TEST(a_message_is_shown_to_whom_it_was_put_for_and_to_nobody_else)
{
    struct store s = store_fresh();
    const struct inbox_item *list;
    int64_t wang = somebody(&s, "wang"), li = somebody(&s, "li");
    struct inbox_message message = {.person = wang,
                                    .verb = INBOX_activity_confirmed,
                                    .about = "/v1/activities/12",
                                    .title = "冬季慰问",
                                    .at_ms = 5000};
    put(&s, &message, 1000);
    struct inbox_filter filter = {.person = wang, .limit = 10};
    assert_int_equal(listed(&s, &filter, &list), 1);
    assert_int_equal(list[0].verb, INBOX_activity_confirmed);
    assert_string_equal(list[0].about, "/v1/activities/12");
    assert_string_equal(list[0].title, "冬季慰问");
    assert_string_equal(list[0].note, "");
    assert_int_equal(list[0].at_ms, 5000);
    assert_int_equal(list[0].read_ms, 0);
    filter.person = li;
    assert_int_equal(listed(&s, &filter, &list), 0);
    assert_err(inbox_read(s.db, li, 1, 2000), ERR_NOTFOUND);
    store_close(&s);
    scratch_remove();
}

TEST(a_title_is_cut_at_a_whole_character)
{
    struct store s = store_fresh();
    const struct inbox_item *list;
    char title[400] = "";
    for (size_t i = 0; i < 100; i++)
        memcpy(title + 3 * i, "站", 4);
    int64_t wang = somebody(&s, "wang");
    put(&s, &(struct inbox_message){.person = wang, .verb = INBOX_post_published, .title = title},
        1000);
    const struct inbox_filter filter = {.person = wang, .limit = 10};
    assert_int_equal(listed(&s, &filter, &list), 1);
    assert_int_equal(strlen(list[0].title), 3 * INBOX_TITLE_MAX);
    store_close(&s);
    scratch_remove();
}

TEST(nobody_who_is_gone_or_wants_none_of_it_is_told)
{
    struct store s = store_fresh();
    int64_t wang = somebody(&s, "wang"), li = somebody(&s, "li");
    struct inbox_message message = {.verb = INBOX_post_published, .title = "x"};
    put(&s, &message, 1000); /* for nobody */
    message.person = 4711;
    put(&s, &message, 1000);
    assert_ok(db_exec(s.db, "UPDATE people SET disabled_ms = 1 WHERE login = 'li'"));
    message.person = li;
    put(&s, &message, 1000);
    assert_ok(db_exec(s.db, "INSERT INTO inbox_preferences (person_id, grp, channel, wanted, "
                            "changed_ms) SELECT id, g, 'inbox', 0, 1 FROM people, (SELECT 'posts' "
                            "AS g UNION SELECT 'account') WHERE login = 'wang'"));
    message.person = wang;
    put(&s, &message, 1000);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_messages"), 0);
    message.verb = INBOX_account_password; /* which cannot be turned off */
    put(&s, &message, 1000);
    message.verb = INBOX_vote_opened;
    put(&s, &message, 1000);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_messages"), 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM changes WHERE topic = 'inbox'"), 2);
    store_close(&s);
    scratch_remove();
}

TEST(what_is_read_is_counted_no_more_and_keeps_the_time_of_the_first_reading)
{
    struct store s = store_fresh();
    const struct inbox_item *list;
    int64_t counts[INBOX_GROUP_COUNT], marked = 0, wang = somebody(&s, "wang");
    const enum inbox_verb verbs[] = {INBOX_vote_opened, INBOX_vote_closed, INBOX_report_moved};
    for (size_t i = 0; i < 3; i++)
        put(&s, &(struct inbox_message){.person = wang, .verb = verbs[i]}, 1000);
    assert_ok(inbox_unread(s.db, wang, counts));
    assert_int_equal(counts[INBOX_votes], 2);
    assert_int_equal(counts[INBOX_reports], 1);
    assert_ok(inbox_read(s.db, wang, 1, 2000));
    assert_ok(inbox_read(s.db, wang, 1, 3000));
    assert_ok(inbox_read_all(s.db, wang, 2, 4000, &marked));
    assert_int_equal(marked, 1);
    const enum inbox_group group = INBOX_votes;
    struct inbox_filter filter = {.person = wang, .group = &group, .limit = 10};
    assert_int_equal(listed(&s, &filter, &list), 2);
    assert_int_equal(list[0].read_ms, 4000);
    assert_int_equal(list[1].read_ms, 2000);
    filter.only_unread = true;
    assert_int_equal(listed(&s, &filter, &list), 0);
    filter.group = NULL;
    assert_int_equal(listed(&s, &filter, &list), 1);
    store_close(&s);
    scratch_remove();
}

TEST(a_list_goes_on_behind_its_last_and_the_oldest_of_too_many_make_room)
{
    struct store s = store_fresh();
    const struct inbox_item *list;
    size_t count = 0, seen = 0;
    bool more = true;
    int64_t wang = somebody(&s, "wang");
    for (int64_t i = 0; i < INBOX_KEPT + 3; i++)
        put(&s, &(struct inbox_message){.person = wang, .verb = INBOX_vote_opened}, 1000 + i);
    struct inbox_filter filter = {.person = wang, .limit = 64};
    for (; more; seen += count) {
        assert_ok(inbox_list(s.db, &filter, &s.arena, &list, &count, &more));
        assert_true(count > 0);
        filter.before = list[count - 1].id;
    }
    assert_int_equal(seen, INBOX_KEPT);
    assert_int_equal(filter.before, 4);
    store_close(&s);
    scratch_remove();
}

TEST(a_message_cannot_be_rewritten_and_goes_when_it_is_old)
{
    struct store s = store_fresh();
    const int64_t day = 86400000;
    int64_t count = 0, wang = somebody(&s, "wang");
    put(&s, &(struct inbox_message){.person = wang, .verb = INBOX_vote_opened}, day);
    put(&s, &(struct inbox_message){.person = wang, .verb = INBOX_vote_opened}, 3 * day);
    assert_err(db_exec(s.db, "UPDATE inbox_messages SET title = 'other'"), ERR_CONFLICT);
    assert_ok(inbox_purge(s.db, (INBOX_DAYS + 2) * day, &count));
    assert_int_equal(count, 1);
    assert_ok(inbox_purge(s.db, (INBOX_DAYS + 2) * day, &count));
    assert_int_equal(count, 0);
    assert_ok(inbox_forget(s.db, wang));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_messages"), 0);
    store_close(&s);
    scratch_remove();
}

RUN(cmocka_unit_test(a_message_is_shown_to_whom_it_was_put_for_and_to_nobody_else),
    cmocka_unit_test(a_title_is_cut_at_a_whole_character),
    cmocka_unit_test(nobody_who_is_gone_or_wants_none_of_it_is_told),
    cmocka_unit_test(what_is_read_is_counted_no_more_and_keeps_the_time_of_the_first_reading),
    cmocka_unit_test(a_list_goes_on_behind_its_last_and_the_oldest_of_too_many_make_room),
    cmocka_unit_test(a_message_cannot_be_rewritten_and_goes_when_it_is_old))
