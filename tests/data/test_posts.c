#include "tests/data/store.h"

#include "data/posts.h"

#include <stdio.h>

enum { NOW_MS = 1000000, READER = 7 };

static struct posts_kinds *kinds;

static enum err nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

/* A city with a district of two streets. */
static struct store scene(void)
{
    struct store s = store_fresh();
    struct why why = {""};
    if (posts_kinds_load(HOUSE_ROOT "/data/posts", NULL, &kinds, &why)) fail_msg("%s", why.text);
    assert_ok(db_exec(s.db, "INSERT INTO people (id, login, created_ms, updated_ms) VALUES (7, "
                            "'a', 0, 0), (8, 'b', 0, 0)"));
    assert_ok(db_exec(
        s.db,
        "INSERT INTO areas (id, source, source_id, level, name, parent_id, created_ms, updated_ms, "
        "geom) SELECT column1, 't', 'a' || column1, column2, 'n', column3, 0, 0, "
        "ST_GeomFromText('MULTIPOLYGON(((0 0,1 0,1 1,0 0)))', 4326) FROM (VALUES (1, 4, NULL), (2, "
        "6, 1), (3, 8, 2), (4, 8, 2))"));
    return s;
}

static void end(struct store *s)
{
    posts_kinds_free(kinds);
    store_close(s);
    scratch_remove();
}

static int64_t make(struct store *s, const char *title, int64_t area, int64_t from_ms, bool pinned)
{
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct posts_post post = {.kind = "news",
                              .title = title,
                              .title_en = "",
                              .body = "a",
                              .body_en = "",
                              .author = "",
                              .pinned = pinned,
                              .from_ms = from_ms,
                              .areas = &area,
                              .area_count = area != 0};
    struct idempotency_answer answer;
    struct why why = {""};
    if (posts_create(s->db, kinds, 8, &reply, NOW_MS, &s->arena, &post, &answer, &why))
        fail_msg("%s", why.text);
    return post.id;
}

/* The titles of all pages, one behind the other. */
static const char *all_of(struct store *s, struct posts_filter filter)
{
    static char titles[4096];
    bool more = true;
    titles[0] = '\0';
    filter.now_ms = NOW_MS;
    while (more) {
        const struct posts_post *list;
        size_t count = 0;
        if (!filter.limit) filter.limit = 100;
        assert_ok(posts_list(s->db, &filter, &s->arena, &list, &count, &more, &filter.after_rank,
                             &filter.after_id));
        filter.has_after = true;
        for (size_t i = 0; i < count; i++)
            (void)snprintf(titles + strlen(titles), sizeof titles - strlen(titles), "%s",
                           list[i].title);
    }
    return titles;
}

TEST(a_post_concerns_what_lies_in_its_areas_and_drafts_who_works_in_all_of_them)
{
    struct store s = scene();
    static const int64_t district[] = {2}, street[] = {3};
    (void)make(&s, "0", 0, 10, false);
    (void)make(&s, "c", 1, 9, false);
    (void)make(&s, "d", 2, 8, false);
    (void)make(&s, "s", 3, 7, false);
    (void)make(&s, "r", 4, 6, false);
    assert_string_equal(all_of(&s, (struct posts_filter){.limit = 100}), "0cdsr");
    assert_string_equal(all_of(&s, (struct posts_filter){.area = 3}), "0cds");
    assert_string_equal(all_of(&s, (struct posts_filter){.area = 2}), "0cd");
    assert_string_equal(all_of(&s, (struct posts_filter){.area = 1}), "0c");
    struct posts_filter mine = {.limited = true, .mine = district, .mine_count = 1};
    assert_string_equal(all_of(&s, mine), "dsr");
    mine.mine = street;
    assert_string_equal(all_of(&s, mine), "s");
    assert_ok(db_exec(s.db, "INSERT INTO post_areas (post_id, area_id) VALUES (4, 4)"));
    assert_string_equal(all_of(&s, mine), "");
    end(&s);
}

/* Held against sorting all of them. */
TEST(pages_of_any_size_give_the_same_pinned_ones_first)
{
    struct store s = scene();
    uint64_t dice = random_seed();
    char want[64] = "";
    struct {
        char title[2];
        int64_t from_ms;
        bool pinned, taken;
    } rows[20];
    for (int i = 0; i < 20; i++) {
        rows[i].title[0] = (char)('a' + i);
        rows[i].title[1] = '\0';
        rows[i].from_ms = (int64_t)random_below(&dice, 5);
        rows[i].pinned = random_below(&dice, 4) == 0;
        rows[i].taken = false;
        (void)make(&s, rows[i].title, 0, rows[i].from_ms, rows[i].pinned);
    }
    for (int n = 0; n < 20; n++) {
        int best = -1;
        for (int i = 0; i < 20; i++)
            if (!rows[i].taken &&
                (best < 0 || rows[i].pinned > rows[best].pinned ||
                 (rows[i].pinned == rows[best].pinned && rows[i].from_ms >= rows[best].from_ms)))
                best = i;
        rows[best].taken = true;
        want[n] = rows[best].title[0];
    }
    for (size_t limit = 1; limit <= 21; limit++)
        assert_string_equal(all_of(&s, (struct posts_filter){.limit = limit}), want);
    end(&s);
}

TEST(what_was_read_is_counted_once_for_each_reader)
{
    struct store s = scene();
    int64_t a = make(&s, "a", 0, 2, false), later;
    (void)make(&s, "b", 0, 1, false);
    later = make(&s, "c", 0, NOW_MS + 1, false);
    for (int i = 0; i < 3; i++)
        assert_ok(posts_mark(s.db, a, READER, NOW_MS));
    assert_ok(posts_mark(s.db, a, 8, NOW_MS));
    assert_err(posts_mark(s.db, later, READER, NOW_MS), ERR_NOTFOUND);
    assert_err(posts_mark(s.db, 99, READER, NOW_MS), ERR_NOTFOUND);
    assert_int_equal(value_of(s.db, "SELECT reads FROM posts WHERE title = 'a'"), 2);
    assert_string_equal(all_of(&s, (struct posts_filter){.reader = READER, .unread = true}), "b");
    struct posts_post post;
    assert_ok(posts_find(s.db, a, READER, &s.arena, &post));
    assert_true(post.read);
    assert_ok(posts_find(s.db, a, 0, &s.arena, &post));
    assert_false(post.read);
    end(&s);
}

TEST(a_post_is_changed_as_it_was_seen_and_gone_when_it_is_removed)
{
    struct store s = scene();
    int64_t id = make(&s, "a", 3, 2, false);
    struct posts_post post;
    struct why why = {""};
    assert_ok(posts_find(s.db, id, 0, &s.arena, &post));
    assert_string_equal(post.summary, "a");
    post.body = "**b** c";
    post.area_count = 0;
    assert_ok(posts_change(s.db, kinds, 8, NOW_MS, &s.arena, &post, &why));
    assert_string_equal(post.summary, "b c");
    assert_int_equal(post.version, 2);
    assert_int_equal(post.area_count, 0);
    post.version = 1;
    assert_err(posts_change(s.db, kinds, 8, NOW_MS, &s.arena, &post, &why), ERR_CONFLICT);
    assert_err(posts_remove(s.db, s.dir, id, 1, NOW_MS, &why), ERR_CONFLICT);
    assert_ok(posts_remove(s.db, s.dir, id, 2, NOW_MS, &why));
    assert_err(posts_remove(s.db, s.dir, id, 3, NOW_MS, &why), ERR_NOTFOUND);
    assert_err(posts_find(s.db, id, 0, &s.arena, &post), ERR_NOTFOUND);
    assert_string_equal(all_of(&s, (struct posts_filter){.limit = 9}), "");
    end(&s);
}

RUN(cmocka_unit_test(a_post_concerns_what_lies_in_its_areas_and_drafts_who_works_in_all_of_them),
    cmocka_unit_test(pages_of_any_size_give_the_same_pinned_ones_first),
    cmocka_unit_test(what_was_read_is_counted_once_for_each_reader),
    cmocka_unit_test(a_post_is_changed_as_it_was_seen_and_gone_when_it_is_removed))
