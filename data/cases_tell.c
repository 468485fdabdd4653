#include "data/cases_tell.h"

#include "data/cases_rows.h"
#include "data/inbox.h"

#include <stdio.h>

enum { ABOUT_SIZE = CASES_WORK_VALUE + 16, BATCH = 100, SQL_MAX = 2048 };

static void write_about(const char *report, char about[ABOUT_SIZE])
{
    (void)snprintf(about, ABOUT_SIZE, "/v1/reports/%s", report);
}

struct hearer {
    int64_t person;
    bool english;
};

/* Some more of those who support the case or one that repeats it, by their numbers. */
static enum err find(struct db *db, int64_t case_id, int64_t after, struct hearer people[BATCH],
                     size_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT DISTINCT s.person_id, COALESCE(p.language = 'en', 0) FROM "
                            "case_supports s JOIN cases d ON d.id = s.case_id LEFT JOIN "
                            "people_profiles p ON p.person_id = s.person_id WHERE (d.id = :case OR "
                            "d.duplicate_of = :case) AND s.person_id > :after ORDER BY s.person_id "
                            "LIMIT :limit",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":limit", BATCH);
    for (*count = 0; *count < BATCH && !(e = db_step(q, &row)) && row; ++*count)
        people[*count] = (struct hearer){db_int(q, 0), db_int(q, 1) != 0};
    db_done(q);
    return e;
}

/* A message has the words of the case that it is about, so that they go with it: of a merge those
 * of the case that is repeated. */
static enum err find_subject(struct db *db, const struct cases_work *w, struct cases_case *subject)
{
    *subject = w->to;
    return w->duplicate_of ? cases_rows_find(db, w->value, w->arena, subject) : ERR_OK;
}

enum err cases_tell_moved(struct db *db, const struct cases_work *w)
{
    const struct kinds_state *state = kinds_state(w->kind, w->to.state);
    struct cases_case subject;
    struct hearer people[BATCH];
    char about[ABOUT_SIZE];
    int64_t after = 0;
    size_t count = BATCH;
    if (w->acting->verb != CASES_moved || !w->kind->support || !state) return ERR_OK;
    enum err e = find_subject(db, w, &subject);
    if (e) return e;
    write_about(subject.public_id, about);
    struct inbox_message message = {.verb = w->duplicate_of ? INBOX_proposal_merged
                                                            : INBOX_proposal_moved,
                                    .about = about,
                                    .title = subject.description};
    while (!e && count == BATCH) {
        e = find(db, w->now.id, after, people, &count);
        for (size_t i = 0; i < count && !e; i++) {
            message.person = after = people[i].person;
            message.note =
                w->duplicate_of ? NULL : kinds_label_in(&state->label, people[i].english);
            if (after != w->acting->actor.person) e = inbox_put(db, &message, w->acting->now_ms);
        }
    }
    return e;
}

enum err cases_tell_commented(struct db *db, const struct cases_case *of,
                              const struct cases_comment *comment, int64_t now_ms)
{
    char about[ABOUT_SIZE];
    bool waits = false;
    write_about(of->public_id, about);
    const struct inbox_message message = {.person = of->reporter,
                                          .verb = INBOX_proposal_commented,
                                          .about = about,
                                          .title = of->description};
    if (comment->person == of->reporter) return ERR_OK;
    enum err e = inbox_waits(db, &message, &waits);
    return e || waits ? e : inbox_put(db, &message, now_ms);
}

enum err cases_tell_hidden(struct db *db, const struct cases_comment *comment, int64_t now_ms)
{
    char about[ABOUT_SIZE];
    write_about(comment->report, about);
    const struct inbox_message message = {.person = comment->person,
                                          .verb = INBOX_comment_hidden,
                                          .about = about,
                                          .note = comment->hidden_reason};
    return inbox_put(db, &message, now_ms);
}

enum err cases_tell_forget(struct db *db, int64_t case_id)
{
    static const enum inbox_group proposals = INBOX_proposals;
    struct db_query *q;
    struct buf sql;
    buf_init(&sql, SQL_MAX);
    buf_puts(&sql, "DELETE FROM inbox_messages WHERE about = '/v1/reports/' || (SELECT public_id "
                   "FROM cases WHERE id = :case) AND verb IN ");
    inbox_verbs_list(&proposals, &sql);
    buf_put(&sql, "", 1);
    enum err e = sql.err ? sql.err : db_prepare(db, sql.bytes, &q);
    buf_fini(&sql);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    return db_run(q, NULL);
}
