#include "data/quizzes.h"

#include "geo/base/text.h"

#include <string.h>

static const char *const types[QUIZZES_TYPE_COUNT] = {
#define QUIZZES_NAME(name) #name,
    QUIZZES_TYPES(QUIZZES_NAME)
#undef QUIZZES_NAME
};

const char *quizzes_type_name(enum quizzes_type type)
{
    return types[type];
}

bool quizzes_type_of(const char *name, enum quizzes_type *type)
{
    for (int i = 0; i < QUIZZES_TYPE_COUNT; i++)
        if (strcmp(types[i], name) == 0) {
            *type = (enum quizzes_type)i;
            return true;
        }
    return false;
}

size_t quizzes_choices(const struct quizzes_question *question)
{
    return question->type == QUIZZES_true_false ? 2 : question->option_count;
}

const char *quizzes_code(const struct quizzes_question *question, size_t i)
{
    static const char *const letters[QUIZZES_OPTIONS_MAX] = {"a", "b", "c", "d",
                                                             "e", "f", "g", "h"};
    static const char *const truths[] = {"true", "false"};
    return question->type == QUIZZES_true_false ? truths[i] : letters[i];
}

bool quizzes_code_of(const struct quizzes_question *question, const char *code, size_t *i)
{
    for (size_t at = 0; at < quizzes_choices(question); at++)
        if (strcmp(quizzes_code(question, at), code) == 0) {
            *i = at;
            return true;
        }
    return false;
}

/* ---- checking -------------------------------------------------------------------------------- */

static bool text_ok(const char *text, size_t min, size_t max)
{
    size_t len = strlen(text), n = text_utf8_count(text, len);
    return n <= max && (!min || (n >= min && text_visible(text, len)));
}

static const char *fault_of(const struct quizzes_question *q)
{
    unsigned all = (1u << quizzes_choices(q)) - 1, answer = q->answer;
    if (!text_ok(q->text, 1, QUIZZES_TEXT_MAX)) return "text must have 1 to 500 characters";
    if (!text_ok(q->feedback, 0, QUIZZES_TEXT_MAX)) return "feedback must have at most 500";
    if (q->type == QUIZZES_true_false && q->option_count) return "true_false has no options";
    if (q->type != QUIZZES_true_false && q->option_count < 2) return "two options or more are owed";
    for (size_t i = 0; i < q->option_count; i++)
        if (!text_ok(q->options[i], 1, QUIZZES_OPTION_MAX)) return "an option is empty or too long";
    if (!answer || (answer & ~all)) return "answer must name some of its options";
    if (q->type != QUIZZES_multiple && (answer & (answer - 1)))
        return "answer must name one option alone";
    return NULL;
}

enum err quizzes_check(const struct quizzes_question *list, size_t count, struct why *why)
{
    if (count > QUIZZES_QUESTIONS_MAX)
        return err_say(why, ERR_INVALID, "questions: at most %d are taken", QUIZZES_QUESTIONS_MAX);
    for (size_t i = 0; i < count; i++) {
        const char *fault = fault_of(&list[i]);
        if (fault) return err_say(why, ERR_INVALID, "questions/%zu: %s", i, fault);
    }
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_text(struct buf *buf, const char *text)
{
    buf_put(buf, text, strlen(text) + 1);
}

/* All of it, so that the same quiz has the same hash. */
static enum err hash_of(const struct quizzes_question *list, size_t count,
                        unsigned char hash[SECRETS_HASH_BYTES])
{
    struct buf all;
    buf_init(&all, (size_t)1 << 20);
    for (size_t i = 0; i < count; i++) {
        buf_printf(&all, "%s %u %zu", types[list[i].type], list[i].answer, list[i].option_count);
        put_text(&all, "");
        put_text(&all, list[i].text);
        put_text(&all, list[i].feedback);
        for (size_t k = 0; k < list[i].option_count; k++)
            put_text(&all, list[i].options[k]);
    }
    enum err e = all.err;
    if (!e) secrets_sha256(all.len ? all.bytes : "", all.len, hash);
    buf_fini(&all);
    return e;
}

/* `*same`: it is that quiz already; `*tried`: somebody tried it. */
static enum err look(struct db *db, int64_t post, const unsigned char hash[SECRETS_HASH_BYTES],
                     bool *same, bool *tried)
{
    struct db_query *q;
    bool row = false;
    size_t len = 0;
    enum err e = db_prepare(db,
                            "SELECT quiz_hash, EXISTS (SELECT 1 FROM post_attempts WHERE post_id = "
                            ":post) FROM posts WHERE id = :post",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    if (!(e = db_step(q, &row)) && !row) e = ERR_NOTFOUND;
    if (!e) {
        const void *kept = db_blob(q, 0, &len);
        *same = len == SECRETS_HASH_BYTES && memcmp(kept, hash, len) == 0;
        *tried = db_int(q, 1) != 0;
    }
    db_done(q);
    return e;
}

static enum err run_for(struct db *db, const char *sql, int64_t post)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    return db_run(q, NULL);
}

static enum err insert_option(struct db *db, int64_t post, size_t question, size_t place,
                              const char *text)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO post_options (post_id, question, place, text) VALUES "
                            "(:post, :question, :place, :text)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    db_bind_int(q, ":question", (int64_t)question);
    db_bind_int(q, ":place", (int64_t)place);
    db_bind_text(q, ":text", text);
    return db_run(q, NULL);
}

static enum err insert(struct db *db, int64_t post, size_t place,
                       const struct quizzes_question *question)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO post_questions (post_id, place, type, text, feedback, "
                            "answer) VALUES (:post, :place, :type, :text, :feedback, :answer)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    db_bind_int(q, ":place", (int64_t)place);
    db_bind_text(q, ":type", types[question->type]);
    db_bind_text(q, ":text", question->text);
    db_bind_text(q, ":feedback", question->feedback);
    db_bind_int(q, ":answer", question->answer);
    e = db_run(q, NULL);
    for (size_t i = 0; i < question->option_count && !e; i++)
        e = insert_option(db, post, place, i, question->options[i]);
    return e;
}

static enum err keep_hash(struct db *db, int64_t post, const unsigned char hash[SECRETS_HASH_BYTES])
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE posts SET quiz_hash = :hash WHERE id = :post", &q);
    if (e) return e;
    db_bind_blob(q, ":hash", hash, SECRETS_HASH_BYTES);
    db_bind_int(q, ":post", post);
    return db_run(q, NULL);
}

enum err quizzes_put(struct db *db, int64_t post, const struct quizzes_question *list, size_t count,
                     struct why *why)
{
    unsigned char hash[SECRETS_HASH_BYTES];
    bool same = false, tried = false;
    enum err e = hash_of(list, count, hash);
    if (!e) e = look(db, post, hash, &same, &tried);
    if (e || same) return e;
    if (tried)
        return err_say(why, ERR_CONFLICT,
                       "questions: somebody tried this quiz, so that it stays as it is; make "
                       "another post for another quiz");
    e = run_for(db, "DELETE FROM post_options WHERE post_id = :post", post);
    if (!e) e = run_for(db, "DELETE FROM post_questions WHERE post_id = :post", post);
    for (size_t i = 0; i < count && !e; i++)
        e = insert(db, post, i, &list[i]);
    return e ? e : keep_hash(db, post, hash);
}

/* ---- reading --------------------------------------------------------------------------------- */

static enum err read_questions(struct db *db, int64_t post, struct arena *arena,
                               struct quizzes_question *list, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT type, text, feedback, answer FROM post_questions WHERE post_id "
                            "= :post ORDER BY place",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    while (n < QUIZZES_QUESTIONS_MAX && !(e = db_step(q, &row)) && row) {
        struct quizzes_question *one = &list[n++];
        if (!quizzes_type_of(db_text(q, 0), &one->type)) e = ERR_DB;
        one->text = arena_strdup(arena, db_text(q, 1));
        one->feedback = arena_strdup(arena, db_text(q, 2));
        one->answer = (unsigned)db_int(q, 3);
        if (!one->text || !one->feedback) e = ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

static enum err read_options(struct db *db, int64_t post, struct arena *arena,
                             struct quizzes_question *list, size_t count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT question, text FROM post_options WHERE post_id = :post ORDER "
                            "BY question, place",
                            &q);
    if (e) return e;
    db_bind_int(q, ":post", post);
    while (!(e = db_step(q, &row)) && row) {
        size_t of = (size_t)db_int(q, 0);
        if (of >= count || list[of].option_count == QUIZZES_OPTIONS_MAX) continue;
        const char *text = arena_strdup(arena, db_text(q, 1));
        if (!text) e = ERR_NOMEM;
        if (e) break;
        list[of].options[list[of].option_count++] = text;
    }
    db_done(q);
    return e;
}

enum err quizzes_of(struct db *db, int64_t post, struct arena *arena,
                    const struct quizzes_question **list, size_t *count)
{
    struct quizzes_question *made = arena_calloc(arena, QUIZZES_QUESTIONS_MAX, sizeof *made);
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = read_questions(db, post, arena, made, &n);
    if (!e && n) e = read_options(db, post, arena, made, n);
    if (e) return e;
    *list = made;
    *count = n;
    return ERR_OK;
}
