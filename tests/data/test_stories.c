#include "tests/data/store.h"

#include "data/stories.h"

#include <stdio.h>
#include <string.h>

enum { NOW_MS = 1000000, SENDER = 7, STAFF = 8 };

static enum err nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

/* Two people, and two streets of a district. */
static struct store scene(void)
{
    struct store s = store_fresh();
    assert_ok(db_exec(s.db, "INSERT INTO people (id, login, created_ms, updated_ms) VALUES (7, "
                            "'a', 0, 0), (8, 'b', 0, 0)"));
    assert_ok(db_exec(
        s.db,
        "INSERT INTO areas (id, source, source_id, level, name, parent_id, created_ms, updated_ms, "
        "geom) SELECT column1, 't', 'a' || column1, column2, 'n', column3, 0, 0, "
        "ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))', 4326) FROM (VALUES (2, 6, NULL), (3, "
        "8, 2), (4, 8, 2))"));
    return s;
}

static void end(struct store *s)
{
    store_close(s);
    scratch_remove();
}

static enum err send(struct store *s, struct stories_sending sending, struct stories_story *story,
                     struct why *why)
{
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct idempotency_answer answer;
    if (!sending.title) sending.title = "题";
    if (!sending.body) sending.body = "**正**文";
    if (!sending.author) sending.author = "";
    if (!sending.person) sending.person = SENDER;
    if (!sending.area_id) sending.area_id = 3;
    sending.now_ms = NOW_MS;
    return stories_send(s->db, &sending, &reply, &s->arena, story, &answer, why);
}

static struct stories_story sent(struct store *s, const char *title)
{
    struct stories_story story;
    struct why why = {""};
    if (send(s, (struct stories_sending){.title = title}, &story, &why)) fail_msg("%s", why.text);
    return story;
}

static enum err judge(struct store *s, const struct stories_story *story, bool published,
                      const char *reason, struct why *why)
{
    const struct stories_judging judging = {.id = story->id,
                                            .version = story->version,
                                            .by = STAFF,
                                            .published = published,
                                            .reason = reason,
                                            .now_ms = NOW_MS + 1};
    return stories_judge(s->db, &judging, &s->arena, why);
}

static struct stories_story now(struct store *s, int64_t id)
{
    struct stories_story story;
    assert_ok(stories_find(s->db, id, SENDER, &s->arena, &story));
    return story;
}

/* All pages, two a page, one behind the other. */
static const char *titles_of(struct store *s, int64_t person)
{
    static char titles[256];
    bool more = true;
    int64_t before = 0;
    titles[0] = '\0';
    while (more) {
        const struct stories_story *list;
        size_t count;
        assert_ok(stories_list(s->db, person, before, 2, &s->arena, &list, &count, &more));
        for (size_t i = 0; i < count; i++, before = list[i - 1].id)
            (void)snprintf(titles + strlen(titles), sizeof titles - strlen(titles), "%s",
                           list[i].title);
    }
    return titles;
}

/* How many are listed among the posts. */
static size_t count_posts(struct store *s, enum posts_state state)
{
    const struct posts_filter filter = {
        .state = state, .story = true, .now_ms = NOW_MS + 2, .limit = 100};
    const struct posts_post *list;
    int64_t rank, last;
    size_t count;
    bool more;
    assert_ok(posts_list(s->db, &filter, &s->arena, &list, &count, &more, &rank, &last));
    return count;
}

TEST(a_story_waits_is_sent_back_with_words_sent_again_and_published)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story story = sent(&s, "甲");
    assert_int_equal(story.state, STORIES_sent);
    assert_int_equal(story.version, 1);
    assert_int_equal(story.area_id, 3);
    assert_int_equal(value_of(s.db, "SELECT summary = '正文' AND draft FROM posts"), 1);
    assert_ok(judge(&s, &story, false, "太短", &why));
    story = now(&s, story.id);
    assert_int_equal(story.state, STORIES_returned);
    assert_string_equal(story.reason, "太短");
    assert_ok(send(&s,
                   (struct stories_sending){
                       .id = story.id, .version = 2, .title = "乙", .author = "骑手", .area_id = 4},
                   &story, &why));
    assert_int_equal(story.state, STORIES_sent);
    assert_string_equal(story.reason, "");
    assert_string_equal(story.title, "乙");
    assert_string_equal(story.author, "骑手");
    assert_int_equal(story.area_id, 4);
    assert_ok(judge(&s, &story, true, "", &why));
    assert_int_equal(now(&s, story.id).state, STORIES_published);
    assert_int_equal(value_of(s.db, "SELECT draft = 0 AND from_ms = 1000001 FROM posts"), 1);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM inbox_messages WHERE person_id = 7"), 2);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM audit WHERE person_id = 8"), 2);
    end(&s);
}

TEST(each_state_is_listed_by_itself)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story a = sent(&s, "a"), b = sent(&s, "b");
    (void)sent(&s, "c");
    assert_ok(judge(&s, &a, false, "否", &why));
    assert_ok(judge(&s, &b, true, "", &why));
    assert_int_equal(count_posts(&s, POSTS_SENT), 1);
    assert_int_equal(count_posts(&s, POSTS_RETURNED), 1);
    assert_int_equal(count_posts(&s, POSTS_SHOWN), 1);
    assert_string_equal(titles_of(&s, SENDER), "cba");
    assert_string_equal(titles_of(&s, STAFF), "");
    end(&s);
}

TEST(a_story_is_its_senders_alone_and_judged_by_another)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story story = sent(&s, "a"), other;
    assert_err(stories_find(s.db, story.id, STAFF, &s.arena, &other), ERR_NOTFOUND);
    assert_err(send(&s, (struct stories_sending){.id = story.id, .version = 1, .person = STAFF},
                    &other, &why),
               ERR_NOTFOUND);
    assert_err(stories_take_back(s.db, s.dir, story.id, 1, STAFF, &why), ERR_NOTFOUND);
    const struct stories_judging own = {
        .id = story.id, .version = 1, .by = SENDER, .published = true, .reason = ""};
    assert_err(stories_judge(s.db, &own, &s.arena, &why), ERR_DENIED);
    const struct stories_judging none = {.id = 99, .version = 1, .by = STAFF, .reason = "否"};
    assert_err(stories_judge(s.db, &none, &s.arena, &why), ERR_NOTFOUND);
    assert_int_equal(now(&s, story.id).version, 1);
    end(&s);
}

TEST(what_somebody_else_changed_meanwhile_is_not_written_over)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story first = sent(&s, "a"), second;
    assert_ok(send(&s, (struct stories_sending){.id = first.id, .version = 1, .title = "b"},
                   &second, &why));
    assert_int_equal(second.version, 2);
    assert_err(send(&s, (struct stories_sending){.id = first.id, .version = 1, .title = "c"},
                    &second, &why),
               ERR_CONFLICT);
    assert_err(judge(&s, &first, true, "", &why), ERR_CONFLICT); /* it read "a" */
    assert_err(stories_take_back(s.db, s.dir, first.id, 1, SENDER, &why), ERR_CONFLICT);
    assert_string_equal(now(&s, first.id).title, "b");
    assert_int_equal(now(&s, first.id).state, STORIES_sent);
    end(&s);
}

TEST(a_verdict_fits_the_state_and_sending_back_owes_words)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story story = sent(&s, "a");
    assert_err(judge(&s, &story, false, "", &why), ERR_INVALID);
    assert_true(strncmp(why.text, "reason", 6) == 0);
    assert_ok(judge(&s, &story, true, "", &why));
    story = now(&s, story.id);
    assert_err(judge(&s, &story, true, "", &why), ERR_CONFLICT);
    assert_err(send(&s, (struct stories_sending){.id = story.id, .version = 2}, &story, &why),
               ERR_CONFLICT);
    assert_ok(judge(&s, &story, false, "有误", &why)); /* also once it was published */
    story = now(&s, story.id);
    assert_int_equal(count_posts(&s, POSTS_SHOWN), 0);
    assert_err(judge(&s, &story, false, "又", &why), ERR_CONFLICT);
    assert_err(judge(&s, &story, true, "", &why), ERR_CONFLICT); /* until it is sent again */
    end(&s);
}

/* A text of so many characters. */
static const char *long_text(char *text, size_t count)
{
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        memcpy(text + 3 * i, "长", 4);
    return text;
}

TEST(texts_have_limits_in_characters_and_the_field_is_named)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story story;
    static char text[3 * (STORIES_BODY_MAX + 1) + 1];
    assert_err(send(&s, (struct stories_sending){.title = ""}, &story, &why), ERR_INVALID);
    assert_true(strncmp(why.text, "title", 5) == 0);
    assert_err(send(&s, (struct stories_sending){.title = "\xE2\x80\x8B"}, &story, &why),
               ERR_INVALID);
    assert_true(strncmp(why.text, "title", 5) == 0);
    (void)long_text(text, STORIES_BODY_MAX + 1);
    assert_err(send(&s, (struct stories_sending){.body = text}, &story, &why), ERR_INVALID);
    assert_true(strncmp(why.text, "body", 4) == 0);
    (void)long_text(text, POSTS_AUTHOR_MAX + 1);
    assert_err(send(&s, (struct stories_sending){.author = text}, &story, &why), ERR_INVALID);
    assert_true(strncmp(why.text, "author", 6) == 0);
    (void)long_text(text, STORIES_BODY_MAX);
    assert_ok(send(&s, (struct stories_sending){.body = text}, &story, &why));
    end(&s);
}

TEST(so_many_of_one_person_wait_and_what_is_published_or_taken_away_makes_room)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story story, first = sent(&s, "a"), second = sent(&s, "b");
    for (int i = 2; i < STORIES_WAITING_MAX; i++)
        (void)sent(&s, "c");
    assert_err(send(&s, (struct stories_sending){0}, &story, &why), ERR_CONFLICT);
    assert_ok(send(&s, (struct stories_sending){.person = STAFF}, &story, &why));
    assert_ok(judge(&s, &first, false, "否", &why));
    assert_err(send(&s, (struct stories_sending){0}, &story, &why), ERR_CONFLICT);
    assert_ok(send(&s, (struct stories_sending){.id = first.id, .version = 2}, &first, &why));
    assert_ok(judge(&s, &first, true, "", &why));
    assert_ok(send(&s, (struct stories_sending){0}, &story, &why));
    assert_ok(stories_take_back(s.db, s.dir, second.id, 1, SENDER, &why));
    assert_ok(send(&s, (struct stories_sending){0}, &story, &why));
    end(&s);
}

TEST(nothing_is_left_of_one_that_was_taken_away_or_whose_sender_is_forgotten)
{
    struct store s = scene();
    struct why why = {""};
    struct stories_story a = sent(&s, "unmistakable"), b = sent(&s, "unmistakable");
    assert_ok(judge(&s, &a, true, "", &why));
    assert_ok(stories_take_back(s.db, s.dir, a.id, 2, SENDER, &why));
    assert_err(stories_find(s.db, a.id, SENDER, &s.arena, &a), ERR_NOTFOUND);
    assert_int_equal(count_posts(&s, POSTS_SHOWN), 0);
    assert_ok(db_exec(s.db, "BEGIN"));
    assert_ok(stories_forget(s.db, SENDER));
    assert_ok(db_exec(s.db, "COMMIT"));
    assert_err(stories_find(s.db, b.id, SENDER, &s.arena, &b), ERR_NOTFOUND);
    assert_int_equal(count_posts(&s, POSTS_SENT), 0);
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM posts WHERE title <> '-' OR body <> '' "
                                    "OR summary <> '' OR sender_id IS NOT NULL"),
                     0);
    end(&s);
}

RUN(cmocka_unit_test(a_story_waits_is_sent_back_with_words_sent_again_and_published),
    cmocka_unit_test(each_state_is_listed_by_itself),
    cmocka_unit_test(a_story_is_its_senders_alone_and_judged_by_another),
    cmocka_unit_test(what_somebody_else_changed_meanwhile_is_not_written_over),
    cmocka_unit_test(a_verdict_fits_the_state_and_sending_back_owes_words),
    cmocka_unit_test(texts_have_limits_in_characters_and_the_field_is_named),
    cmocka_unit_test(so_many_of_one_person_wait_and_what_is_published_or_taken_away_makes_room),
    cmocka_unit_test(nothing_is_left_of_one_that_was_taken_away_or_whose_sender_is_forgotten))
