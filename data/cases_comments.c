#include "data/cases_comments.h"

#include "data/audit.h"
#include "data/cases_rows.h"
#include "data/cases_tell.h"
#include "data/cases_where.h"
#include "data/changes.h"

#include <stdio.h>
#include <string.h>

static const char *const sides[] = {"reporter", "staff", "other"};
enum { SIDES = sizeof sides / sizeof *sides };
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

const char *cases_comments_side_name(enum cases_comments_side side)
{
    return sides[side];
}

struct work {
    const struct kinds *kinds;
    const struct cases_comments_new *fresh;
    const struct cases_comments_hiding *hiding;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct cases_case of;
    struct cases_comment *comment;
    const char *public_id;
    int64_t person;
    struct why *why;
};

/* ---- reading --------------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "SELECT m.id, m.public_id, m.case_id, c.area_id, c.public_id, c.kind, m.person_id, m.side, "   \
    "m.text, m.at_ms, m.hidden_ms, m.hidden_by, m.hidden_reason FROM case_comments m JOIN cases "  \
    "c "                                                                                           \
    "ON c.id = m.case_id WHERE m.text <> ''"

static enum err read_row(struct db_query *q, struct arena *arena, struct cases_comment *read)
{
    int side = 0;
    while (side < SIDES - 1 && strcmp(sides[side], db_text(q, 7)) != 0)
        side++;
    *read = (struct cases_comment){.id = db_int(q, 0),
                                   .public_id = arena_strdup(arena, db_text(q, 1)),
                                   .case_id = db_int(q, 2),
                                   .area_id = db_int(q, 3),
                                   .report = arena_strdup(arena, db_text(q, 4)),
                                   .kind = arena_strdup(arena, db_text(q, 5)),
                                   .person = db_int(q, 6),
                                   .side = (enum cases_comments_side)side,
                                   .text = arena_strdup(arena, db_text(q, 8)),
                                   .at_ms = db_int(q, 9),
                                   .hidden_ms = db_int(q, 10),
                                   .hidden_by = db_int(q, 11),
                                   .hidden_reason = arena_strdup(arena, db_text(q, 12))};
    bool whole = read->public_id && read->report && read->kind && read->text && read->hidden_reason;
    return whole ? ERR_OK : ERR_NOMEM;
}

enum err cases_comments_find(struct db *db, const char *public_id, struct arena *arena,
                             struct cases_comment *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS " AND m.public_id = :id", &q);
    if (e) return e;
    db_bind_text(q, ":id", public_id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

static void write_sql(struct cases_where_sql *sql, const struct cases_comments_filter *f)
{
    cases_where_add(sql, COLUMNS);
    if (f->case_id) cases_where_add(sql, " AND m.case_id = :case");
    if (f->person) cases_where_add(sql, " AND m.person_id = :person");
    if (f->kind) cases_where_add(sql, " AND c.kind = :kind");
    if (!f->all) cases_where_add(sql, " AND (m.hidden_ms IS NULL OR m.person_id = :own)");
    if (f->only_hidden) cases_where_add(sql, " AND m.hidden_ms IS NOT NULL");
    if (f->areas_limited) {
        cases_where_add(sql, " AND c.area_id IN (WITH RECURSIVE below (id) AS (SELECT id FROM "
                             "areas WHERE id IN (-1");
        for (size_t i = 0; i < f->area_count; i++) {
            char name[32];
            (void)snprintf(name, sizeof name, ", :a%zu", i);
            cases_where_add(sql, name);
        }
        cases_where_add(sql, ") UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = b.id) "
                             "SELECT id FROM below)");
    }
    if (f->after) cases_where_add(sql, f->case_id ? " AND m.id > :after" : " AND m.id < :after");
    cases_where_add(sql, f->case_id ? " ORDER BY m.id LIMIT :limit"
                                    : " ORDER BY m.id DESC LIMIT :limit");
}

static void bind(struct db_query *q, const struct cases_comments_filter *f)
{
    if (f->case_id) db_bind_int(q, ":case", f->case_id);
    if (f->person) db_bind_int(q, ":person", f->person);
    if (f->kind) db_bind_text(q, ":kind", f->kind);
    if (!f->all) db_bind_int(q, ":own", f->own);
    for (size_t i = 0; f->areas_limited && i < f->area_count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, ":a%zu", i);
        db_bind_int(q, name, f->area_ids[i]);
    }
    if (f->after) db_bind_int(q, ":after", f->after);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
}

enum err cases_comments_list(struct db *db, const struct cases_comments_filter *filter,
                             struct arena *arena, const struct cases_comment **list, size_t *count,
                             bool *more)
{
    struct cases_where_sql sql = {.len = 0};
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (filter->areas_limited && filter->area_count > CASES_COMMENTS_AREAS) return ERR_LIMIT;
    struct cases_comment *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    if (!made) return ERR_NOMEM;
    write_sql(&sql, filter);
    enum err e = db_prepare(db, sql.text, &q);
    if (e) return e;
    bind(q, filter);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row &&
           !(e = read_row(q, arena, &made[n])))
        n++;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

/* ---- writing --------------------------------------------------------------------------------- */

static enum err judge_case(const struct work *w)
{
    const struct cases_case *c = &w->of;
    const struct kinds_kind *kind = kinds_find(w->kinds, c->kind);
    const struct kinds_state *state = kind ? kinds_state(kind, c->state) : NULL;
    if (!kind || !kind->comments)
        return err_say(w->why, ERR_INVALID, "a case of the kind \"%s\" takes no comments", c->kind);
    if (c->duplicate_of[0])
        return err_say(w->why, ERR_CONFLICT, "it repeats %s: comment on that one", c->duplicate_of);
    if (!c->anonymised && state && kinds_is_listed(kind, state)) return ERR_OK;
    return err_say(w->why, ERR_CONFLICT, "it is %s: it takes no comments", c->state);
}

/* How much was written so far: here by them and not taken back, by them, by all who are no staff,
 * and by them anywhere since. */
static enum err count(struct db *db, const struct work *w, int64_t counts[4])
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT count(*) FILTER (WHERE person_id = :person AND text <> ''), count(*) FILTER (WHERE "
        "person_id = :person), count(*) FILTER (WHERE side <> 'staff'), (SELECT count(*) FROM "
        "case_comments WHERE person_id = :person AND at_ms > :since) FROM case_comments WHERE "
        "case_id = :case",
        &q);
    if (e) return e;
    db_bind_int(q, ":person", w->fresh->person);
    db_bind_int(q, ":since", w->fresh->now_ms - day_ms);
    db_bind_int(q, ":case", w->of.id);
    if (!(e = db_step(q, &row)))
        for (int i = 0; i < 4; i++)
            counts[i] = db_int(q, i);
    db_done(q);
    return e;
}

static enum err refuse_crowd(struct db *db, const struct work *w)
{
    int64_t counts[4] = {0};
    enum err e = w->fresh->by_staff ? ERR_OK : count(db, w, counts);
    if (e) return e;
    if (counts[0] >= CASES_COMMENTS_EACH || counts[1] >= CASES_COMMENTS_PERSON)
        return err_say(w->why, ERR_CONFLICT,
                       "you wrote so much to it that it takes no more of you");
    if (counts[2] >= CASES_COMMENTS_CASE)
        return err_say(w->why, ERR_CONFLICT, "so much was written to it that it takes no more");
    if (counts[3] >= CASES_COMMENTS_DAY)
        return err_say(w->why, ERR_CONFLICT, "at most %d comments are taken of one in a day",
                       CASES_COMMENTS_DAY);
    return ERR_OK;
}

static enum err insert(struct db *db, const struct work *w, const char *public_id)
{
    const struct cases_comments_new *fresh = w->fresh;
    enum cases_comments_side side = fresh->person == w->of.reporter ? CASES_COMMENTS_REPORTER
                                    : fresh->by_staff               ? CASES_COMMENTS_STAFF
                                                                    : CASES_COMMENTS_OTHER;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_comments (public_id, case_id, person_id, side, text, "
                            "at_ms) VALUES (:public, :case, :person, :side, :text, :now)",
                            &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    db_bind_int(q, ":case", w->of.id);
    db_bind_int(q, ":person", fresh->person);
    db_bind_text(q, ":side", sides[side]);
    db_bind_text(q, ":text", fresh->text);
    db_bind_int(q, ":now", fresh->now_ms);
    return db_run(q, NULL);
}

static enum err add(struct db *db, void *user)
{
    struct work *w = user;
    char public_id[SECRETS_ID_SIZE];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->fresh->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = cases_rows_find(db, w->fresh->report, w->arena, &w->of);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no case \"%s\"", w->fresh->report);
    if (!e) e = judge_case(w);
    if (!e) e = refuse_crowd(db, w);
    if (e) return e;
    secrets_public_id(public_id);
    e = insert(db, w, public_id);
    if (!e) e = changes_add(db, CHANGES_cases, w->of.id, "commented");
    if (!e) e = cases_comments_find(db, public_id, w->arena, w->comment);
    if (!e) e = cases_tell_commented(db, &w->of, w->comment, w->fresh->now_ms);
    return e ? e : answers_keep(db, w->reply, public_id, w->fresh->now_ms, w->arena, w->answer);
}

enum err cases_comments_add(struct db *db, const struct kinds *kinds,
                            const struct cases_comments_new *fresh,
                            const struct answers_reply *reply, struct arena *arena,
                            struct cases_comment *made, struct idempotency_answer *answer,
                            struct why *why)
{
    struct work w = {.kinds = kinds,
                     .fresh = fresh,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena,
                     .comment = made};
    enum err e = cases_rows_text("text", fresh->text, CASES_COMMENTS_TEXT, why);
    if (!e && !(fresh->text && fresh->text[strspn(fresh->text, " \t\r\n")]))
        e = err_say(why, ERR_INVALID, "text is missing");
    return e ? e : db_write_said(db, add, &w, &w.why, why);
}

/* ---- taking back, hiding --------------------------------------------------------------------- */

/* Kept answers have the words. */
#define FORGET_ANSWER "DELETE FROM idempotency WHERE subject = :id"

static enum err remove_own(struct db *db, void *user)
{
    static const char *const statements[] = {
        "UPDATE case_comments SET text = '', hidden_ms = NULL, hidden_by = NULL, hidden_reason = "
        "'' WHERE public_id = :id",
        FORGET_ANSWER};
    struct work *w = user;
    struct cases_comment found;
    enum err e = cases_comments_find(db, w->public_id, w->arena, &found);
    if (!e && found.person != w->person) e = ERR_NOTFOUND;
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such comment of yours");
    for (int i = 0; i < 2 && !e; i++) {
        struct db_query *q;
        if ((e = db_prepare(db, statements[i], &q))) return e;
        db_bind_text(q, ":id", w->public_id);
        e = db_run(q, NULL);
    }
    return e ? e : changes_add(db, CHANGES_cases, found.case_id, "comment_hidden");
}

enum err cases_comments_remove(struct db *db, const char *public_id, int64_t person,
                               struct why *why)
{
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.public_id = public_id, .person = person, .arena = &arena};
    enum err e = db_write_said(db, remove_own, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}

static enum err set_hidden(struct db *db, const struct cases_comments_hiding *h)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE case_comments SET hidden_ms = NULLIF(:now, 0), hidden_by = "
                            "NULLIF(:by, 0), hidden_reason = :reason WHERE public_id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", h->hide ? h->now_ms : 0);
    db_bind_int(q, ":by", h->hide ? h->by : 0);
    db_bind_text(q, ":reason", h->hide ? h->reason : "");
    db_bind_text(q, ":id", h->public_id);
    return db_run(q, NULL);
}

static enum err hide(struct db *db, void *user)
{
    struct work *w = user;
    const struct cases_comments_hiding *h = w->hiding;
    struct cases_comment *c = w->comment;
    enum err e = cases_comments_find(db, h->public_id, w->arena, c);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such comment");
    if (e || h->hide == (c->hidden_ms != 0)) return e;
    e = set_hidden(db, h);
    const struct audit_row row = {.verb = h->hide ? AUDIT_comment_hidden : AUDIT_comment_shown,
                                  .person = h->by,
                                  .subject = c->person,
                                  .case_id = c->case_id,
                                  .area = c->area_id,
                                  .detail = c->public_id,
                                  .at_ms = h->now_ms};
    if (!e) e = audit_add(db, &row);
    if (!e) e = changes_add(db, CHANGES_cases, c->case_id, "comment_hidden");
    if (!e) e = cases_comments_find(db, h->public_id, w->arena, c);
    return e || !h->hide ? e : cases_tell_hidden(db, c, h->now_ms);
}

enum err cases_comments_hide(struct db *db, const struct cases_comments_hiding *hiding,
                             struct arena *arena, struct cases_comment *found, struct why *why)
{
    struct work w = {.hiding = hiding, .arena = arena, .comment = found};
    enum err e = cases_rows_text("reason", hiding->reason, CASES_REASON_MAX, why);
    if (!e && hiding->hide && !(hiding->reason && hiding->reason[0]))
        e = err_say(why, ERR_INVALID, "reason is missing: whoever wrote it reads why it is hidden");
    return e ? e : db_write_said(db, hide, &w, &w.why, why);
}

/* ---- forgetting ------------------------------------------------------------------------------ */

#define FORGET(whose)                                                                              \
    "DELETE FROM idempotency WHERE subject IN (SELECT public_id FROM case_comments WHERE " whose   \
    ")",                                                                                           \
        "UPDATE case_comments SET text = '', person_id = NULL, hidden_ms = NULL, hidden_by = "     \
        "NULL, hidden_reason = '' WHERE " whose

static enum err forget(struct db *db, const char *const statements[2], int64_t id)
{
    enum err e = ERR_OK;
    for (int i = 0; i < 2 && !e; i++) {
        struct db_query *q;
        if ((e = db_prepare(db, statements[i], &q))) return e;
        db_bind_int(q, ":id", id);
        e = db_run(q, NULL);
    }
    return e;
}

enum err cases_comments_forget_case(struct db *db, int64_t case_id)
{
    static const char *const statements[] = {FORGET("case_id = :id")};
    return forget(db, statements, case_id);
}

enum err cases_comments_forget_person(struct db *db, int64_t person)
{
    static const char *const statements[] = {FORGET("person_id = :id")};
    return forget(db, statements, person);
}
