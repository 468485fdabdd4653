#include "data/audit.h"

#include <stdio.h>
#include <string.h>

static const char *const verbs[AUDIT_VERB_COUNT] = {
#define AUDIT_NAME(name) [AUDIT_##name] = #name,
    AUDIT_VERBS(AUDIT_NAME)
#undef AUDIT_NAME
};

const char *audit_verb_name(enum audit_verb verb)
{
    return verbs[verb];
}

/* --- adding --- */

enum err audit_add(struct db *db, const struct audit_row *row)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "INSERT INTO audit (at_ms, verb, person_id, subject_id, case_id, area_id, route, "
        "detail) VALUES (:at, :verb, NULLIF(:person, 0), NULLIF(:subject, 0), "
        "NULLIF(:case, 0), (SELECT id FROM areas WHERE id = :area), :route, :detail) ON CONFLICT "
        "DO NOTHING",
        &q);
    if (e) return e;
    db_bind_int(q, ":at", row->at_ms);
    db_bind_text(q, ":verb", verbs[row->verb]);
    db_bind_int(q, ":person", row->person);
    db_bind_int(q, ":subject", row->subject);
    db_bind_int(q, ":case", row->case_id);
    db_bind_int(q, ":area", row->area);
    db_bind_text(q, ":route", row->route ? row->route : "");
    db_bind_text(q, ":detail", row->detail ? row->detail : "");
    return db_run(q, NULL);
}

struct adding {
    const struct audit_row *rows;
    size_t count;
};

static enum err add_all(struct db *db, void *user)
{
    const struct adding *adding = user;
    enum err e = ERR_OK;
    for (size_t i = 0; i < adding->count && !e; i++)
        e = audit_add(db, &adding->rows[i]);
    return e;
}

/* Whether a look is there already. */
static enum err is_there(struct db *db, const struct audit_row *row, bool *there)
{
    struct db_query *q;
    *there = false;
    if (row->verb != AUDIT_looked) return ERR_OK;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM audit WHERE verb = 'looked' AND person_id = :person AND "
                            "case_id = :case AND at_ms / 60000 = :at / 60000",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", row->person);
    db_bind_int(q, ":case", row->case_id);
    db_bind_int(q, ":at", row->at_ms);
    e = db_step(q, there);
    db_done(q);
    return e;
}

enum err audit_add_all(struct db *db, const struct audit_row *rows, size_t count)
{
    struct adding adding = {rows, count};
    bool there = true;
    enum err e = ERR_OK;
    for (size_t i = 0; i < count && there && !e; i++)
        e = is_there(db, &rows[i], &there);
    return e || there ? e : db_write(db, add_all, &adding);
}

/* --- reading --- */

#define COLUMNS                                                                                    \
    "SELECT a.id, a.at_ms, a.verb, a.person_id, p.login, a.subject_id, s.login, c.public_id, "     \
    "c.kind, a.area_id, a.route, a.detail FROM audit a LEFT JOIN people p ON p.id = a.person_id "  \
    "LEFT JOIN people s ON s.id = a.subject_id LEFT JOIN cases c ON c.id = a.case_id WHERE 1 = 1"
#define OF_PERSON " AND (a.person_id = :person OR a.subject_id = :person)"
#define OF_AREAS                                                                                   \
    " AND a.area_id IN (WITH RECURSIVE below (id) AS (SELECT id FROM areas WHERE id IN (SELECT "   \
    "value FROM json_each(:areas)) UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = "  \
    "b.id) SELECT id FROM below)"

static enum err prepare(struct db *db, const struct audit_filter *f, struct db_query **q)
{
    char sql[2048];
    int n =
        snprintf(sql, sizeof sql, COLUMNS "%s%s%s%s%s%s%s ORDER BY a.id DESC LIMIT :limit",
                 f->person ? OF_PERSON : "", f->report ? " AND c.public_id = :report" : "",
                 f->verb ? " AND a.verb = :verb" : "", f->from_ms ? " AND a.at_ms >= :from" : "",
                 f->to_ms ? " AND a.at_ms < :to" : "", f->before ? " AND a.id < :before" : "",
                 f->areas_limited ? OF_AREAS : "");
    if (n < 0 || (size_t)n >= sizeof sql) return ERR_LIMIT;
    return db_prepare(db, sql, q);
}

/* "[1,2]" */
static enum err write_areas(const struct audit_filter *f, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "[");
    if (f->area_count > AUDIT_AREAS_MAX) return ERR_LIMIT;
    for (size_t i = 0; i < f->area_count; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%lld", i ? "," : "",
                                 (long long)f->area_ids[i]);
    (void)snprintf(text + used, size - used, "]");
    return ERR_OK;
}

static enum err bind(struct db_query *q, const struct audit_filter *f)
{
    char areas[AUDIT_AREAS_MAX * 21 + 3];
    db_bind_int(q, ":limit", f->limit + 1);
    if (f->person) db_bind_int(q, ":person", f->person);
    if (f->report) db_bind_text(q, ":report", f->report);
    if (f->verb) db_bind_text(q, ":verb", f->verb);
    if (f->from_ms) db_bind_int(q, ":from", f->from_ms);
    if (f->to_ms) db_bind_int(q, ":to", f->to_ms);
    if (f->before) db_bind_int(q, ":before", f->before);
    if (!f->areas_limited) return ERR_OK;
    enum err e = write_areas(f, areas, sizeof areas);
    if (!e) db_bind_text(q, ":areas", areas);
    return e;
}

static enum err read_row(struct db_query *q, struct arena *arena, struct audit_told *row)
{
    *row = (struct audit_told){.id = db_int(q, 0),
                               .at_ms = db_int(q, 1),
                               .verb = arena_strdup(arena, db_text(q, 2)),
                               .person = db_int(q, 3),
                               .person_name = arena_strdup(arena, db_text(q, 4)),
                               .subject = db_int(q, 5),
                               .subject_name = arena_strdup(arena, db_text(q, 6)),
                               .report = arena_strdup(arena, db_text(q, 7)),
                               .kind = arena_strdup(arena, db_text(q, 8)),
                               .area = db_int(q, 9),
                               .route = arena_strdup(arena, db_text(q, 10)),
                               .detail = arena_strdup(arena, db_text(q, 11))};
    bool whole = row->verb && row->person_name && row->subject_name && row->report && row->kind &&
                 row->route && row->detail;
    return whole ? ERR_OK : ERR_NOMEM;
}

enum err audit_list(struct db *db, const struct audit_filter *filter, struct arena *arena,
                    const struct audit_told **rows, size_t *count, bool *more)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0, limit = (size_t)filter->limit;
    struct audit_told *list = arena_calloc(arena, limit + 1, sizeof *list);
    if (!list) return ERR_NOMEM;
    enum err e = prepare(db, filter, &q);
    if (e) return e;
    e = bind(q, filter);
    while (!e && n <= limit && !(e = db_step(q, &row)) && row)
        e = read_row(q, arena, &list[n++]);
    db_done(q);
    if (e) return e;
    *more = n > limit;
    *rows = list;
    *count = *more ? limit : n;
    return ERR_OK;
}
