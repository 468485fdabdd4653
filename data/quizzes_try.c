#include "data/changes.h"
#include "data/points_award.h"
#include "data/posts.h"
#include "data/record.h"

#include <stdio.h>
#include <string.h>

/* ---- where somebody stands ------------------------------------------------------------------- */

enum err quizzes_standing(struct db *db, int64_t post, int64_t person,
                          struct quizzes_standing *standing)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT p.tries, count(a.id), COALESCE(max(a.passed), 0) FROM posts p "
                            "LEFT JOIN post_attempts a ON a.post_id = p.id AND a.person_id = "
                            ":person WHERE p.id = :post GROUP BY p.id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row)) && !row) e = ERR_NOTFOUND;
    if (!e)
        *standing = (struct quizzes_standing){
            .tries = db_int(q, 0), .used = db_int(q, 1), .passed = db_int(q, 2) != 0};
    db_done(q);
    return e;
}

/* ---- a try ----------------------------------------------------------------------------------- */

struct work {
    const struct quizzes_trying *trying;
    const struct answers_reply *reply;
    struct quizzes_graded *graded;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct why *why;
    /* of the lesson: */
    const char *kind;
    int64_t pass, points, area;
};

/* The lesson as it is, if it is there to be read. */
static enum err find_lesson(struct db *db, struct work *w)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT kind, title, pass, points, COALESCE((SELECT CASE count(*) WHEN 1 THEN min(area_id) "
        "END FROM post_areas WHERE post_id = :post), 0), version FROM posts p WHERE id = :post AND "
        "tries > 0 AND " POSTS_READABLE,
        &q);
    if (e) return e;
    db_bind_int(q, ":post", w->trying->post);
    db_bind_int(q, ":now", w->trying->now_ms);
    if (!(e = db_step(q, &row)) && !row)
        e = err_say(w->why, ERR_NOTFOUND, "there is no such lesson with a quiz");
    if (!e) {
        w->kind = arena_strdup(w->arena, db_text(q, 0));
        w->graded->attempt.title = arena_strdup(w->arena, db_text(q, 1));
        w->pass = db_int(q, 2);
        w->points = db_int(q, 3);
        w->area = db_int(q, 4);
        if (!w->kind || !w->graded->attempt.title) e = ERR_NOMEM;
    }
    if (!e && w->trying->version)
        e = record_seen("the lesson", db_int(q, 5), w->trying->version, w->why);
    db_done(q);
    return e;
}

static enum err check_standing(struct db *db, const struct work *w)
{
    struct quizzes_standing *s = &w->graded->standing;
    enum err e = quizzes_standing(db, w->trying->post, w->trying->person, s);
    if (e) return e;
    if (s->passed) return err_say(w->why, ERR_CONFLICT, "you passed this quiz already");
    if (s->used >= s->tries)
        return err_say(w->why, ERR_CONFLICT, "no try is left: this quiz may be tried %lld times",
                       (long long)s->tries);
    return ERR_OK;
}

/* The bits of what was chosen for question `i`. */
static enum err read_choices(const struct work *w, size_t i, unsigned *bits)
{
    const struct quizzes_answer *chosen = &w->trying->answers[i];
    *bits = 0;
    for (size_t k = 0; k < chosen->count; k++) {
        size_t at = 0;
        if (!quizzes_code_of(&w->graded->questions[i], chosen->codes[k], &at))
            return err_say(w->why, ERR_INVALID,
                           "answers/%zu/choices/%zu: the question has no such option", i, k);
        *bits |= 1u << at;
    }
    return ERR_OK;
}

static enum err grade(struct db *db, const struct work *w)
{
    struct quizzes_graded *g = w->graded;
    struct quizzes_attempt *a = &g->attempt;
    enum err e = quizzes_of(db, w->trying->post, w->arena, &g->questions, &g->count);
    if (e) return e;
    if (g->count != w->trying->count)
        return err_say(
            w->why, ERR_INVALID,
            "answers: the quiz has %zu questions: each is to be answered, in their order",
            g->count);
    for (size_t i = 0; i < g->count; i++) {
        unsigned chosen = 0;
        if ((e = read_choices(w, i, &chosen))) return e;
        bool right = chosen == g->questions[i].answer;
        a->marks[i] = right ? '1' : '0';
        a->right += right;
    }
    a->marks[g->count] = '\0';
    a->total = (int64_t)g->count;
    a->passed = a->right * 100 >= w->pass * a->total;
    return ERR_OK;
}

/* What the entry of the ledger says that it brought. */
static enum err amount_of(struct db *db, int64_t entry, int64_t *amount)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, "SELECT settled - owed FROM points_entries WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", entry);
    if (!(e = db_step(q, &row)) && row) *amount = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err give_points(struct db *db, const struct work *w)
{
    const struct posts_kind *kind = posts_kinds_find(w->trying->kinds, w->kind);
    int64_t entry = 0;
    if (!w->graded->attempt.passed || !w->points || !kind || !kind->points) return ERR_OK;
    const struct points_award award = {.person = w->trying->person,
                                       .kind = kind->points,
                                       .amount = w->points,
                                       .source = "lesson",
                                       .source_id = w->trying->post,
                                       .area_id = w->area,
                                       .reason = w->graded->attempt.title};
    enum err e = points_award_put(db, w->trying->rules, &award, w->trying->now_ms, &entry);
    return e || !entry ? e : amount_of(db, entry, &w->graded->attempt.points);
}

static enum err insert(struct db *db, const struct work *w)
{
    char id[SECRETS_ID_SIZE];
    struct quizzes_standing *standing = &w->graded->standing;
    struct quizzes_attempt *a = &w->graded->attempt;
    struct db_query *q;
    secrets_public_id(id);
    a->public_id = arena_strdup(w->arena, id);
    a->post = w->trying->post;
    a->number = standing->used + 1;
    a->made_ms = w->trying->now_ms;
    if (!a->public_id) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        "INSERT INTO post_attempts (public_id, post_id, person_id, number, marks, right, passed, "
        "points, made_ms) VALUES (:public, :post, :person, :number, :marks, :right, :passed, "
        ":points, :now)",
        &q);
    if (e) return e;
    db_bind_text(q, ":public", id);
    db_bind_int(q, ":post", a->post);
    db_bind_int(q, ":person", w->trying->person);
    db_bind_int(q, ":number", a->number);
    db_bind_text(q, ":marks", a->marks);
    db_bind_int(q, ":right", a->right);
    db_bind_int(q, ":passed", a->passed);
    db_bind_int(q, ":points", a->points);
    db_bind_int(q, ":now", a->made_ms);
    if ((e = db_run(q, NULL))) return e;
    a->id = db_last_id(db);
    standing->used++;
    standing->passed = a->passed;
    return ERR_OK;
}

static enum err step(struct db *db, void *user)
{
    struct work *w = user;
    bool done = false;
    int64_t now_ms = w->trying->now_ms;
    enum err e = answers_find(db, w->reply, now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    *w->graded = (struct quizzes_graded){.count = 0};
    e = find_lesson(db, w);
    if (!e) e = check_standing(db, w);
    if (!e) e = grade(db, w);
    if (!e) e = give_points(db, w);
    if (!e) e = insert(db, w);
    if (!e) e = changes_add(db, CHANGES_posts, w->trying->post, "lesson_tried");
    return e ? e
             : answers_keep(db, w->reply, w->graded->attempt.public_id, now_ms, w->arena,
                            w->answer);
}

enum err quizzes_try(struct db *db, const struct quizzes_trying *trying,
                     const struct answers_reply *reply, struct arena *arena,
                     struct quizzes_graded *graded, struct idempotency_answer *answer,
                     struct why *why)
{
    struct work w = {
        .trying = trying, .reply = reply, .graded = graded, .answer = answer, .arena = arena};
    return db_write_said(db, step, &w, &w.why, why);
}

/* ---- what came of it ------------------------------------------------------------------------- */

static enum err read_attempt(struct db_query *q, struct arena *arena, struct quizzes_attempt *a)
{
    a->id = db_int(q, 0);
    a->public_id = arena_strdup(arena, db_text(q, 1));
    a->post = db_int(q, 2);
    a->title = arena_strdup(arena, db_text(q, 3));
    a->number = db_int(q, 4);
    (void)snprintf(a->marks, sizeof a->marks, "%s", db_text(q, 5));
    a->total = (int64_t)strlen(a->marks);
    a->right = db_int(q, 6);
    a->passed = db_int(q, 7) != 0;
    a->points = db_int(q, 8);
    a->made_ms = db_int(q, 9);
    return a->public_id && a->title ? ERR_OK : ERR_NOMEM;
}

#define OF_SOMEBODY                                                                                \
    "SELECT a.id, a.public_id, a.post_id, CASE WHEN " POSTS_READABLE                               \
    " THEN p.title END, a.number, a.marks, a.right, a.passed, a.points, a.made_ms FROM "           \
    "post_attempts a JOIN posts p ON p.id = a.post_id WHERE a.person_id = :person "

enum err quizzes_find(struct db *db, int64_t person, const char *public_id, int64_t now_ms,
                      struct arena *arena, struct quizzes_attempt *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, OF_SOMEBODY "AND a.public_id = :public", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    db_bind_text(q, ":public", public_id);
    if (!(e = db_step(q, &row))) e = row ? read_attempt(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err quizzes_mine(struct db *db, int64_t person, int64_t now_ms, int64_t before, size_t limit,
                      struct arena *arena, const struct quizzes_attempt **list, size_t *count,
                      bool *more)
{
    struct quizzes_attempt *made = arena_calloc(arena, limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e =
        db_prepare(db, OF_SOMEBODY "AND a.id < :before ORDER BY a.id DESC LIMIT :limit", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    db_bind_int(q, ":now", now_ms);
    db_bind_int(q, ":before", before ? before : INT64_MAX);
    db_bind_int(q, ":limit", (int64_t)limit + 1);
    while (n <= limit && !(e = db_step(q, &row)) && row)
        if ((e = read_attempt(q, arena, &made[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *count = *more ? limit : n;
    *list = made;
    return ERR_OK;
}

static enum err count_right(struct db *db, int64_t post, struct quizzes_figures *figures)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT marks FROM post_attempts WHERE post_id = :post AND number = 1", &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    while (!(e = db_step(q, &row)) && row) {
        const char *marks = db_text(q, 0);
        figures->firsts++;
        for (size_t i = 0; marks[i] && i < figures->count; i++)
            figures->right[i] += marks[i] == '1';
    }
    db_done(q);
    return e;
}

enum err quizzes_figures(struct db *db, int64_t post, struct quizzes_figures *figures)
{
    struct quizzes_figures made = {.people = 0};
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT count(*), COALESCE(sum(number = 1), 0), COALESCE(sum(passed), 0), (SELECT count(*) "
        "FROM post_questions WHERE post_id = :post) FROM post_attempts WHERE post_id = :post",
        &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    if (!(e = db_step(q, &row))) {
        made.attempts = db_int(q, 0);
        made.people = db_int(q, 1);
        made.passed = db_int(q, 2);
        made.count = (size_t)db_int(q, 3);
    }
    db_done(q);
    if (!e && made.count > QUIZZES_QUESTIONS_MAX) e = ERR_DB;
    if (!e) e = count_right(db, post, &made);
    if (!e) *figures = made;
    return e;
}
