#include "tests/data/plan.h"
#include "tests/data/store.h"

#include "data/points_rules.h"
#include "data/posts.h"

enum { NOW_MS = 1000000, RIDER = 7, OTHER = 8, STAFF = 9 };

static struct points_rules *rules;
static struct posts_kinds *kinds;

static enum err nothing(void *user, struct buf *body)
{
    (void)user;
    return body->err;
}

static struct store scene(void)
{
    struct store s = store_fresh();
    struct why why = {""};
    if (points_rules_load(HOUSE_ROOT "/data/points", s.kinds, &rules, &why) ||
        posts_kinds_load(HOUSE_ROOT "/data/posts", rules, &kinds, &why))
        fail_msg("%s", why.text);
    assert_ok(db_exec(s.db, "INSERT INTO people (id, login, created_ms, updated_ms) VALUES (7, "
                            "'a', 0, 0), (8, 'b', 0, 0), (9, 'c', 0, 0)"));
    return s;
}

static void end(struct store *s)
{
    posts_kinds_free(kinds);
    points_rules_free(rules);
    store_close(s);
    scratch_remove();
}

static const struct quizzes_question quiz[] = {
    {QUIZZES_single, "甲", "因为", {"一", "二"}, 2, 1},
    {QUIZZES_multiple, "乙", "", {"一", "二", "三"}, 3, 5},
    {QUIZZES_true_false, "丙", "", {NULL}, 0, 2},
};

static struct posts_post lesson(void)
{
    return (struct posts_post){.kind = "lesson",
                               .title = "课",
                               .title_en = "",
                               .body = "a",
                               .body_en = "",
                               .author = "",
                               .from_ms = NOW_MS,
                               .questions = quiz,
                               .question_count = 3,
                               .tries = 2,
                               .pass = 60,
                               .points = 10};
}

static struct posts_post make(struct store *s)
{
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct posts_post post = lesson();
    struct idempotency_answer answer;
    struct why why = {""};
    if (posts_create(s->db, kinds, STAFF, &reply, NOW_MS, &s->arena, &post, &answer, &why))
        fail_msg("%s", why.text);
    return post;
}

static enum err try_it(struct store *s, struct quizzes_trying trying, struct quizzes_graded *graded,
                       struct why *why)
{
    const struct answers_reply reply = {.status = 201, .render = nothing};
    struct idempotency_answer answer;
    trying.now_ms = NOW_MS;
    trying.kinds = kinds;
    trying.rules = rules;
    return quizzes_try(s->db, &trying, &reply, &s->arena, graded, &answer, why);
}

/* Answers as bits by option. */
static enum err attempt(struct store *s, int64_t post, int64_t person, unsigned a, unsigned b,
                        unsigned c, struct quizzes_attempt *made)
{
    static const char *const letters[] = {"a", "b", "c"}, *const truths[] = {"true", "false"};
    const unsigned bits[] = {a, b, c};
    const char *codes[3][3];
    struct quizzes_trying trying = {.post = post, .person = person, .count = 3};
    struct quizzes_graded graded;
    for (size_t i = 0; i < 3; i++) {
        size_t n = 0;
        for (size_t k = 0; k < (i < 2 ? 3 : 2); k++)
            if (bits[i] >> k & 1) codes[i][n++] = i < 2 ? letters[k] : truths[k];
        trying.answers[i] = (struct quizzes_answer){codes[i], n};
    }
    enum err e = try_it(s, trying, &graded, NULL);
    if (!e) *made = graded.attempt;
    return e;
}

/* ---------------------------------------------------------------------------------------------- */

TEST(a_try_is_graded_by_whole_questions_and_passes_at_its_mark)
{
    struct store s = scene();
    struct posts_post post = make(&s);
    struct quizzes_attempt made;
    struct quizzes_standing standing;
    assert_int_equal(post.question_count, 3);
    assert_string_equal(post.questions[1].options[2], "三");
    assert_ok(attempt(&s, post.id, RIDER, 1, 4, 1, &made)); /* half of the second is none of it */
    assert_string_equal(made.marks, "100");
    assert_false(made.passed);
    assert_ok(attempt(&s, post.id, RIDER, 1, 5, 1, &made));
    assert_string_equal(made.marks, "110");
    assert_true(made.passed); /* 66 of 60 percent */
    assert_int_equal(made.points, 10);
    assert_ok(quizzes_standing(s.db, post.id, RIDER, &standing));
    assert_true(standing.passed && standing.used == 2);
    assert_err(attempt(&s, post.id, RIDER, 1, 5, 2, &made), ERR_CONFLICT);
    assert_int_equal(value_of(s.db, "SELECT sum(settled) FROM points_entries"), 10);
    assert_ok(attempt(&s, post.id, OTHER, 1, 5, 2, &made));
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM points_entries"), 2);
    struct quizzes_figures f;
    assert_ok(quizzes_figures(s.db, post.id, &f));
    assert_true(f.people == 2 && f.attempts == 3 && f.passed == 2 && f.firsts == 2);
    assert_true(f.right[0] == 2 && f.right[1] == 1 && f.right[2] == 1);
    end(&s);
}

TEST(the_database_itself_refuses_what_must_not_be)
{
    static const char *const never[] = {
        /* a third try, one out of order, one after a pass, marks of another quiz */
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "made_ms) VALUES ('2222222222222222222222', 1, 7, 3, '000', 0, 0, 1)",
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "made_ms) VALUES ('2222222222222222222222', 1, 7, 1, '000', 0, 0, 1)",
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "made_ms) VALUES ('2222222222222222222222', 1, 8, 2, '000', 0, 0, 1)",
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "made_ms) VALUES ('2222222222222222222222', 1, 9, 1, '00', 0, 0, 1)",
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "made_ms) VALUES ('2222222222222222222222', 1, 9, 1, '000', 3, 1, 1)",
        "UPDATE post_attempts SET passed = 1, right = 3, marks = '111' WHERE person_id = 7",
        "UPDATE post_attempts SET person_id = 9 WHERE person_id = 7",
        "UPDATE post_attempts SET person_id = NULL WHERE person_id = 7", /* nobody forgot them */
        "DELETE FROM post_attempts",
        "UPDATE post_questions SET answer = 2",
        "DELETE FROM post_options",
        "DELETE FROM post_questions",
        "INSERT INTO post_questions (post_id, place, type, text, answer) VALUES (1, 3, 'single', "
        "'x', 1)",
    };
    struct store s = scene();
    struct posts_post post = make(&s);
    struct quizzes_attempt made;
    assert_int_equal(post.id, 1);
    assert_ok(attempt(&s, 1, RIDER, 2, 2, 1, &made));
    assert_ok(attempt(&s, 1, RIDER, 2, 2, 1, &made));
    assert_err(attempt(&s, 1, RIDER, 1, 5, 2, &made), ERR_CONFLICT);
    assert_ok(attempt(&s, 1, OTHER, 1, 5, 2, &made));
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (db_exec(s.db, never[i]) == ERR_OK) fail_msg("%s", never[i]);
    end(&s);
}

TEST(a_quiz_that_was_tried_is_put_again_as_it_is_and_not_as_another)
{
    struct store s = scene();
    struct posts_post post = make(&s), change = lesson();
    struct quizzes_attempt made;
    struct quizzes_question other[3];
    struct why why = {""};
    memcpy(other, quiz, sizeof other);
    other[0].answer = 2;
    change.id = post.id;
    change.version = 1;
    change.questions = other;
    assert_ok(posts_change(s.db, kinds, STAFF, NOW_MS, &s.arena, &change, &why));
    assert_int_equal(change.questions[0].answer, 2);
    assert_ok(attempt(&s, post.id, RIDER, 1, 1, 1, &made));
    change.questions = quiz;
    assert_err(posts_change(s.db, kinds, STAFF, NOW_MS, &s.arena, &change, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "tried"));
    change.questions = other;
    change.title = "新";
    assert_ok(posts_change(s.db, kinds, STAFF, NOW_MS, &s.arena, &change, &why));
    assert_string_equal(change.title, "新");
    end(&s);
}

TEST(a_try_is_graded_by_the_quiz_that_is_there_and_by_no_other_than_was_seen)
{
    static const char *const first[] = {"a"}, *const none[] = {"c"}, *const truth[] = {"false"};
    struct store s = scene();
    struct posts_post post = make(&s), change = lesson();
    struct quizzes_question turned[] = {quiz[2], quiz[1], quiz[0]};
    struct quizzes_trying trying = {.post = post.id,
                                    .person = RIDER,
                                    .version = 1,
                                    .answers = {{first, 1}, {first, 1}, {truth, 1}},
                                    .count = 3};
    struct quizzes_graded graded;
    struct why why = {""};
    change.id = post.id;
    change.version = 1;
    change.questions = turned;
    assert_ok(posts_change(s.db, kinds, STAFF, NOW_MS, &s.arena, &change, &why));
    assert_err(try_it(&s, trying, &graded, &why), ERR_CONFLICT);
    assert_non_null(strstr(why.text, "version 2"));
    trying.version = 0; /* whichever it is: the codes are held against that */
    assert_err(try_it(&s, trying, &graded, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "answers/0/choices/0: "));
    trying.answers[0] = (struct quizzes_answer){truth, 1};
    trying.answers[2] = (struct quizzes_answer){none, 1};
    assert_err(try_it(&s, trying, &graded, &why), ERR_INVALID);
    assert_non_null(strstr(why.text, "answers/2/choices/0: "));
    trying.version = 2;
    trying.answers[2] = (struct quizzes_answer){first, 1};
    assert_ok(try_it(&s, trying, &graded, &why));
    assert_string_equal(graded.attempt.marks, "101");
    assert_int_equal(graded.count, 3);
    assert_string_equal(graded.questions[0].text, "丙");
    assert_int_equal(value_of(s.db, "SELECT count(*) FROM post_attempts"), 1);
    end(&s);
}

TEST(the_title_of_what_cannot_be_read_any_more_is_told_nobody)
{
    struct store s = scene();
    struct posts_post post = make(&s);
    struct quizzes_attempt made, found;
    const struct quizzes_attempt *list = NULL;
    const struct posts_read *reads = NULL;
    size_t count = 0;
    bool more = false;
    assert_ok(attempt(&s, post.id, RIDER, 1, 1, 1, &made));
    assert_ok(posts_mark(s.db, post.id, RIDER, NOW_MS));
    static const struct {
        const char *sql, *title;
    } rows[] = {{"UPDATE posts SET reads = reads", "课"},
                {"UPDATE posts SET draft = 1", ""},
                {"UPDATE posts SET draft = 0, from_ms = 1000001, rank = 1000001", ""},
                {"UPDATE posts SET from_ms = 1, rank = 1, until_ms = 1000000", ""},
                {"UPDATE posts SET until_ms = 1000001", "课"},
                {"UPDATE posts SET removed_ms = 1", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(db_exec(s.db, rows[i].sql));
        assert_ok(quizzes_find(s.db, RIDER, made.public_id, NOW_MS, &s.arena, &found));
        assert_string_equal(found.title, rows[i].title);
        assert_ok(quizzes_mine(s.db, RIDER, NOW_MS, 0, 9, &s.arena, &list, &count, &more));
        assert_int_equal(count, 1);
        assert_string_equal(list[0].title, rows[i].title);
        assert_ok(posts_reads(s.db, RIDER, NOW_MS, 0, 9, &s.arena, &reads, &count, &more));
        assert_int_equal(count, 1);
        assert_string_equal(reads[0].title, rows[i].title);
    }
    end(&s);
}

/* A lesson that thousands passed is no dearer to try. */
TEST(a_try_reads_the_tries_of_one_person_alone)
{
    struct store s = scene();
    plan_inserts_without(s.db,
                         "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, "
                         "right, passed, made_ms) VALUES ('2222222222222222222222', 1, 7, 1, '0', "
                         "0, 0, 1)",
                         "post_attempts_post");
    end(&s);
}

TEST(what_cannot_be_read_cannot_be_tried)
{
    struct store s = scene();
    struct posts_post post = make(&s);
    struct quizzes_attempt made;
    assert_err(attempt(&s, 99, RIDER, 1, 1, 1, &made), ERR_NOTFOUND);
    static const char *const hidden[] = {"UPDATE posts SET draft = 1",
                                         "UPDATE posts SET draft = 0, until_ms = from_ms + 1, "
                                         "from_ms = 0, rank = 0, updated_ms = 1",
                                         "UPDATE posts SET until_ms = NULL, removed_ms = 1"};
    for (size_t i = 0; i < 3; i++) {
        assert_ok(db_exec(s.db, hidden[i]));
        if (i == 1) assert_ok(db_exec(s.db, "UPDATE posts SET until_ms = 1"));
        assert_err(attempt(&s, post.id, RIDER, 1, 1, 1, &made), ERR_NOTFOUND);
    }
    end(&s);
}

TEST(a_question_is_right_in_itself)
{
    static const struct {
        struct quizzes_question question;
        bool right;
    } rows[] = {
        {{QUIZZES_single, "甲", "", {"一", "二"}, 2, 1}, true},
        {{QUIZZES_single, "甲", "", {"一", "二"}, 2, 3}, false},
        {{QUIZZES_single, "甲", "", {"一", "二"}, 2, 4}, false},
        {{QUIZZES_single, "甲", "", {"一", "二"}, 2, 0}, false},
        {{QUIZZES_single, "甲", "", {"一"}, 1, 1}, false},
        {{QUIZZES_single, " ", "", {"一", "二"}, 2, 1}, false},
        {{QUIZZES_single, "甲", "", {"一", ""}, 2, 1}, false},
        {{QUIZZES_multiple, "甲", "", {"一", "二"}, 2, 3}, true},
        {{QUIZZES_true_false, "甲", "", {NULL}, 0, 2}, true},
        {{QUIZZES_true_false, "甲", "", {NULL}, 0, 3}, false},
        {{QUIZZES_true_false, "甲", "", {"一", "二"}, 2, 1}, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct why why = {""};
        enum err e = quizzes_check(&rows[i].question, 1, &why);
        if ((e == ERR_OK) != rows[i].right) fail_msg("row %zu: %s", i, why.text);
    }
}

RUN(cmocka_unit_test(a_try_is_graded_by_whole_questions_and_passes_at_its_mark),
    cmocka_unit_test(the_database_itself_refuses_what_must_not_be),
    cmocka_unit_test(a_quiz_that_was_tried_is_put_again_as_it_is_and_not_as_another),
    cmocka_unit_test(a_try_is_graded_by_the_quiz_that_is_there_and_by_no_other_than_was_seen),
    cmocka_unit_test(the_title_of_what_cannot_be_read_any_more_is_told_nobody),
    cmocka_unit_test(a_try_reads_the_tries_of_one_person_alone),
    cmocka_unit_test(what_cannot_be_read_cannot_be_tried),
    cmocka_unit_test(a_question_is_right_in_itself))
