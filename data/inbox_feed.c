#include "data/inbox_feed.h"

#include "data/cases.h"
#include "data/news_verbs.h"
#include "data/points.h"

#include <stdio.h>
#include <string.h>

enum {
    PAGE = 200,      /* rows of the outbox in one transaction */
    BATCH = 100,     /* of those who hear of a row; each batch reads all of them */
    BEHIND_MAX = 256 /* numbers that were looked at in vain before that is kept */
};

struct feeding {
    const struct kinds *kinds;
    int64_t now_ms;
    struct arena arena; /* of one row */
};

/* ---- cases ----------------------------------------------------------------------------------- */

/* A case as it was after a change, and who made that. */
struct moved {
    int64_t case_id, by, at_ms;
    char about[64];
    const struct kinds_kind *kind;
    const struct kinds_category *category;
    const struct kinds_state *state;
    enum inbox_verb verb;
    enum cases_seen seen;
    bool by_staff;
    bool found;
};

/* The event that the row stands for is the last of its verb by then. */
static enum err read_case(struct db *db, const struct feeding *f, int64_t number, const char *verb,
                          struct moved *m)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT c.id, c.public_id, c.kind, c.category, n.state, n.by_staff, e.person_id, e.at_ms "
        "FROM case_news n JOIN cases c ON c.id = n.case_id LEFT JOIN case_events e ON e.id = "
        "(SELECT x.id FROM case_events x WHERE x.case_id = c.id AND x.verb = n.verb AND x.at_ms <= "
        "n.at_ms ORDER BY x.id DESC LIMIT 1) WHERE n.number = :number AND c.anonymised_ms IS NULL",
        &q);
    if (e) return e;
    db_bind_int(q, ":number", number);
    if (!(e = db_step(q, &row)) && row) {
        m->case_id = db_int(q, 0);
        (void)snprintf(m->about, sizeof m->about, "/v1/reports/%s", db_text(q, 1));
        m->kind = kinds_find(f->kinds, db_text(q, 2));
        m->category = m->kind ? kinds_category(m->kind, db_text(q, 3)) : NULL;
        m->state = m->kind ? kinds_state(m->kind, db_text(q, 4)) : NULL;
        m->by_staff = db_int(q, 5) != 0;
        m->by = db_int(q, 6);
        m->at_ms = db_int(q, 7);
        m->verb = strcmp(verb, "written") == 0 ? INBOX_report_written : INBOX_report_moved;
        m->seen = news_verbs_seen(verb);
        m->found = true;
    }
    db_done(q);
    return e;
}

/* Who is told: whoever sent or joined it, but for who did it. */
struct hearer {
    int64_t person;
    bool sent, english;
};

/* The next ones after `after`. */
static enum err next_hearers(struct db *db, const struct moved *m, int64_t after,
                             struct hearer hearers[BATCH], size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(
        db,
        "SELECT h.person, max(h.sent), COALESCE((SELECT p.language = 'en' FROM people_profiles p "
        "WHERE p.person_id = h.person), 0) FROM (SELECT reporter_id AS person, 1 AS sent FROM "
        "cases "
        "WHERE id = :case UNION ALL SELECT person_id, 0 FROM case_joins WHERE case_id = :case) h "
        "WHERE h.person > :after AND h.person <> :by GROUP BY h.person ORDER BY h.person LIMIT "
        ":limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", m->case_id);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":by", m->by);
    db_bind_int(q, ":limit", BATCH);
    for (; n < BATCH && !(e = db_step(q, &row)) && row; n++)
        hearers[n] = (struct hearer){db_int(q, 0), db_int(q, 1) != 0, db_int(q, 2) != 0};
    db_done(q);
    if (!e) *count = n;
    return e;
}

/* ---- points ---------------------------------------------------------------------------------- */

static enum err is_english(struct db *db, int64_t person, bool *english)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT 1 FROM people_profiles WHERE person_id = :person AND language = 'en'", &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    if (!(e = db_step(q, &row))) *english = row;
    db_done(q);
    return e;
}

static const struct points_kind *find_points(const struct kinds *kinds, const char *code)
{
    const struct points_rules *rules = kinds_points(kinds);
    for (size_t i = 0; i < points_rules_count(rules); i++)
        if (strcmp(points_rules_at(rules, i)->code, code) == 0) return points_rules_at(rules, i);
    return NULL;
}

/* What could be spent, and nothing else: what only waited is in the statement. Those of a case are
 * about the case, so that they go with it. */
static enum err tell_points(struct db *db, struct feeding *f, int64_t entry_id, const char *about)
{
    struct points_entry entry;
    char note[32];
    bool english = false;
    enum err e = points_find(db, entry_id, &f->arena, &entry);
    if (e == ERR_NOTFOUND) return ERR_OK;
    if (e || !entry.person || (!entry.settled && !entry.owed)) return e;
    e = is_english(db, entry.person, &english);
    const struct points_kind *kind = find_points(f->kinds, entry.kind);
    (void)snprintf(note, sizeof note, "%+lld", (long long)(entry.settled - entry.owed));
    const struct inbox_message message = {
        .person = entry.person,
        .verb = entry.phase == POINTS_reversed ? INBOX_points_reversed : INBOX_points_settled,
        .about = about,
        .title = kind ? kinds_label_in(&kind->label, english) : NULL,
        .note = note};
    return e ? e : inbox_put(db, &message, f->now_ms);
}

/* What a case brings has no row of its own in the outbox, which would say whose it was: it was
 * written at the moment of the event, for the case or for the one that it repeats. */
static enum err next_entries(struct db *db, const struct moved *m, int64_t after,
                             int64_t ids[BATCH], size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(
        db,
        "SELECT id FROM points_entries WHERE source = 'case' AND source_id IN (:case, (SELECT "
        "duplicate_of FROM cases WHERE id = :case)) AND by_id IS NULL AND phase IN ('settled', "
        "'reversed') AND at_ms = :at AND id > :after ORDER BY id LIMIT :limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", m->case_id);
    db_bind_int(q, ":at", m->at_ms);
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":limit", BATCH);
    for (; n < BATCH && !(e = db_step(q, &row)) && row; n++)
        ids[n] = db_int(q, 0);
    db_done(q);
    if (!e) *count = n;
    return e;
}

static enum err tell_points_of_case(struct db *db, struct feeding *f, const struct moved *m)
{
    int64_t ids[BATCH], after = 0;
    size_t count = BATCH;
    enum err e = ERR_OK;
    while (!e && count == BATCH) {
        e = next_entries(db, m, after, ids, &count);
        for (size_t i = 0; i < count && !e; i++)
            e = tell_points(db, f, after = ids[i], m->about);
    }
    return e;
}

/* ---- telling who hears of a case ---------------------------------------------------------------
 */

static enum err tell_hearer(struct db *db, const struct feeding *f, const struct moved *m,
                            const struct hearer *to)
{
    const bool shown =
        cases_is_shown(m->seen, m->by_staff, to->sent ? KINDS_REPORTER : KINDS_JOINER);
    const struct inbox_message message = {
        .person = to->person,
        .verb = m->verb,
        .about = m->about,
        .title = m->category && !m->kind->is_private
                     ? kinds_label_in(&m->category->label, to->english)
                     : NULL,
        .note = m->state && m->verb == INBOX_report_moved
                    ? kinds_label_in(&m->state->label, to->english)
                    : NULL};
    if (!shown || (m->verb != INBOX_report_moved && !m->by_staff)) return ERR_OK;
    return inbox_put(db, &message, f->now_ms);
}

static enum err tell_case(struct db *db, struct feeding *f, int64_t number, const char *verb)
{
    struct moved m = {.found = false};
    struct hearer hearers[BATCH];
    int64_t after = 0;
    size_t count = BATCH;
    enum err e = read_case(db, f, number, verb, &m);
    if (e || !m.found || !m.kind) return e;
    while (!e && count == BATCH) {
        e = next_hearers(db, &m, after, hearers, &count);
        for (size_t i = 0; i < count && !e; i++) {
            e = tell_hearer(db, f, &m, &hearers[i]);
            after = hearers[i].person;
        }
    }
    return e ? e : tell_points_of_case(db, f, &m);
}

/* ---- the outbox ------------------------------------------------------------------------------ */

/* A row that may concern somebody. */
struct row {
    int64_t number, subject;
    bool is_case;
    char verb[16];
};

#define TELLING                                                                                    \
    "((topic = 'cases' AND verb IN ('moved', 'written')) OR (topic = 'points' AND verb IN "        \
    "('settled', 'reversed')))"

static enum err read_rows(struct db *db, int64_t after, struct row *rows, size_t *count)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT number, subject, topic = 'cases', verb FROM changes WHERE "
                            "number > :after AND " TELLING " ORDER BY number LIMIT :max",
                            &q);
    if (e) return e;
    db_bind_int(q, ":after", after);
    db_bind_int(q, ":max", PAGE);
    for (; n < PAGE && !(e = db_step(q, &row)) && row; n++) {
        rows[n] = (struct row){
            .number = db_int(q, 0), .subject = db_int(q, 1), .is_case = db_int(q, 2) != 0};
        (void)snprintf(rows[n].verb, sizeof rows[n].verb, "%s", db_text(q, 3));
    }
    db_done(q);
    if (!e) *count = n;
    return e;
}

/* How far it came, the last row of the outbox, and whether anything in between may concern
 * somebody.
 */
static enum err look(struct db *db, int64_t *seen, int64_t *last, bool *telling)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT f.seen, COALESCE((SELECT max(number) FROM changes), 0), EXISTS "
                            "(SELECT 1 FROM changes WHERE number > f.seen AND " TELLING
                            ") FROM inbox_feed f",
                            &q);
    if (e) return e;
    if (!(e = db_step(q, &row)) && row) {
        *seen = db_int(q, 0);
        *last = db_int(q, 1);
        *telling = db_int(q, 2) != 0;
    }
    db_done(q);
    return e;
}

enum err inbox_feed_first(struct db *db, int64_t *number)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT min(number) FROM changes WHERE number > (SELECT seen FROM "
                            "inbox_feed) AND " TELLING,
                            &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *number = db_int(q, 0);
    db_done(q);
    return e;
}

static enum err keep(struct db *db, int64_t seen)
{
    struct db_query *q;
    enum err e = db_prepare(db, "UPDATE inbox_feed SET seen = :seen WHERE seen < :seen", &q);
    if (e) return e;
    db_bind_int(q, ":seen", seen);
    return db_run(q, NULL);
}

static enum err feed(struct db *db, void *user)
{
    struct feeding *f = user;
    struct row rows[PAGE];
    int64_t seen = 0, last = 0;
    bool telling = false;
    size_t count = 0;
    enum err e = look(db, &seen, &last, &telling);
    if (!e) e = read_rows(db, seen, rows, &count);
    for (size_t i = 0; i < count && !e; i++) {
        e = rows[i].is_case ? tell_case(db, f, rows[i].number, rows[i].verb)
                            : tell_points(db, f, rows[i].subject, "/v1/me/points");
        arena_reset(&f->arena);
    }
    return e ? e : keep(db, count == PAGE ? rows[PAGE - 1].number : last);
}

enum err inbox_feed_run(struct db *db, const struct kinds *kinds, int64_t now_ms, bool *more)
{
    struct feeding f = {.kinds = kinds, .now_ms = now_ms};
    int64_t seen = 0, last = 0;
    bool telling = false;
    enum err e = look(db, &seen, &last, &telling);
    if (!e && (telling || last - seen > BEHIND_MAX)) {
        arena_init(&f.arena, 0);
        e = db_write(db, feed, &f);
        arena_fini(&f.arena);
    }
    if (!e) *more = telling;
    return e;
}

/* ---- forgetting ------------------------------------------------------------------------------ */

enum err inbox_feed_forget(struct db *db, int64_t case_id)
{
    struct db_query *q;
    enum err e = db_prepare(
        db,
        "DELETE FROM inbox_messages WHERE id IN (SELECT i.id FROM cases c JOIN inbox_messages i ON "
        "i.about = '/v1/reports/' || c.public_id WHERE c.id IN (:case, (SELECT duplicate_of FROM "
        "cases WHERE id = :case)) AND NOT EXISTS (SELECT 1 FROM cases s WHERE (s.id = c.id OR "
        "s.duplicate_of = c.id) AND s.reporter_id = i.person_id) AND NOT EXISTS (SELECT 1 FROM "
        "case_joins j WHERE j.case_id = c.id AND j.person_id = i.person_id))",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    return db_run(q, NULL);
}
