#include "data/people_forget.h"

#include "data/audit.h"
#include "data/blobs_doomed.h"
#include "data/cases_comments.h"
#include "data/cases_forget.h"
#include "data/cases_support.h"
#include "data/changes.h"
#include "data/deeds.h"
#include "data/guesses.h"
#include "data/idempotency.h"
#include "data/inbox.h"
#include "data/memberships.h"
#include "data/people_profile.h"
#include "data/people_token.h"
#include "data/pictures.h"
#include "data/redemptions.h"
#include "data/signups_join.h"
#include "data/stories.h"
#include "data/votes_electors.h"
#include "data/wechat_people.h"

#include <stdio.h>

struct leaving {
    int64_t person, now_ms;
    const struct people_actor *actor;
    struct why *why;
};

static enum err is_there(struct db *db, const char *sql, const struct leaving *l, bool *row)
{
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":person", l->person);
    e = db_step(q, row);
    db_done(q);
    return e;
}

/* Whether the session was opened just now. */
static enum err is_fresh(struct db *db, const struct leaving *l, bool *fresh)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM tokens WHERE hash = :hash AND person_id = :person AND "
                            "purpose = 'session' AND ended_ms IS NULL AND created_ms >= :since",
                            &q);
    if (e) return e;
    db_bind_blob(q, ":hash", l->actor->token, sizeof l->actor->token);
    db_bind_int(q, ":person", l->person);
    db_bind_int(q, ":since", l->now_ms - PEOPLE_FORGET_FRESH_S * (int64_t)1000);
    e = db_step(q, fresh);
    db_done(q);
    return e;
}

static enum err judge(struct db *db, const struct leaving *l)
{
    bool works = false, fresh = false;
    enum err e =
        is_there(db, "SELECT 1 FROM grants WHERE person_id = :person AND role <> 'rider' LIMIT 1",
                 l, &works);
    /* Roles that were taken away leave a trace in what was done in them. */
    if (!e && !works)
        e = is_there(db,
                     "SELECT 1 FROM case_events WHERE person_id = :person AND actor NOT IN "
                     "('reporter', 'joiner') LIMIT 1",
                     l, &works);
    if (!e && !works)
        e = is_there(
            db,
            "SELECT 1 FROM points_entries WHERE by_id = :person UNION ALL SELECT 1 FROM "
            "redemptions WHERE spent_by = :person UNION ALL SELECT 1 FROM rewards WHERE "
            "created_by = :person UNION ALL SELECT 1 FROM posts WHERE created_by = "
            ":person UNION ALL SELECT 1 FROM votes WHERE created_by = "
            ":person UNION ALL SELECT 1 FROM activities WHERE created_by = "
            ":person UNION ALL SELECT 1 FROM activity_signups WHERE judged_by = :person "
            "UNION ALL SELECT 1 FROM activity_deeds WHERE published_by = :person "
            "UNION ALL SELECT 1 FROM case_comments WHERE hidden_by = :person "
            "UNION ALL SELECT 1 FROM memberships WHERE judged_by = :person UNION ALL SELECT 1 FROM "
            "branches WHERE created_by = :person UNION ALL SELECT 1 FROM offers WHERE created_by = "
            ":person UNION ALL SELECT 1 FROM offer_uses WHERE by_id = :person LIMIT 1",
            l, &works);
    if (!e && works)
        return err_say(l->why, ERR_CONFLICT,
                       "this account works on reports, whose histories must say who did what: an "
                       "administrator can disable it");
    if (!e) e = is_fresh(db, l, &fresh);
    return e || fresh ? e : ERR_DENIED;
}

/* A case that they sent; "" when there is none. */
static enum err next_case(struct db *db, const struct leaving *l, char id[SECRETS_ID_SIZE])
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT public_id FROM cases WHERE reporter_id = :person ORDER BY id LIMIT 1", &q);
    if (e) return e;
    db_bind_int(q, ":person", l->person);
    if (!(e = db_step(q, &row)))
        (void)snprintf(id, SECRETS_ID_SIZE, "%s", row ? db_text(q, 0) : "");
    db_done(q);
    return e;
}

/* What is left of them in one table each. */
static const char *const statements[] = {
    ("UPDATE people SET forgotten_ms = :now, disabled_ms = :now, updated_ms = :now, name = '', "
     "password = '', login = '-' || id || '-' || "
     "lower(hex(randomblob(8))) WHERE id = :person AND :now > 0"),
    ("UPDATE case_joins SET person_id = NULL, voice = NULL, hash = randomblob(32) WHERE "
     "person_id = :person AND :now > 0"),
    "UPDATE case_events SET person_id = NULL WHERE person_id = :person AND :now > 0",
    /* Sums of all stay true; whose they were is gone. */
    ("UPDATE points_entries SET person_id = NULL, source_id = NULL, reason = '', at_ms = day * "
     "86400000 WHERE person_id = :person AND :now > 0"),
    ("UPDATE redemptions SET person_id = NULL, code_hash = randomblob(32) WHERE person_id = "
     ":person AND :now > 0"),
    /* That somebody took part, and on which days. */
    ("UPDATE activity_signups SET person_id = NULL, reason = '', made_ms = made_ms - made_ms % "
     "86400000, attended_ms = attended_ms - attended_ms % 86400000, ended_ms = ended_ms - ended_ms "
     "% 86400000, reminded_ms = NULL WHERE person_id = :person AND :now > 0"),
    /* What was read how often, and what came of quizzes, stays true; by whom is gone. */
    "DELETE FROM post_reads WHERE person_id = :person AND :now > 0",
    "UPDATE post_attempts SET person_id = NULL WHERE person_id = :person AND :now > 0",
    ("UPDATE memberships SET reason = '', person_id = NULL WHERE person_id = :person AND "
     ":now > 0"),
    "UPDATE offer_uses SET person_id = NULL WHERE person_id = :person AND :now > 0",
    "DELETE FROM points_tally WHERE person_id = :person AND :now > 0",
    "DELETE FROM points_names WHERE person_id = :person AND :now > 0",
    "DELETE FROM views WHERE person_id = :person AND :now > 0",
    "DELETE FROM grants WHERE person_id = :person AND :now > 0",
    "DELETE FROM totp WHERE person_id = :person AND :now > 0",
    "DELETE FROM recovery_codes WHERE person_id = :person AND :now > 0",
    /* Its devices; only sessions are there. */
    "DELETE FROM tokens WHERE person_id = :person AND :now > 0",
};

/* What is left of them; a case that came in meanwhile is one more to do. */
static enum err erase(struct db *db, void *user)
{
    struct leaving *l = user;
    char another[SECRETS_ID_SIZE];
    enum err e = judge(db, l);
    if (!e) e = next_case(db, l, another);
    if (!e && another[0]) return ERR_BUSY;
    if (!e) e = people_token_end(db, l->person, "session", NULL);
    if (!e) e = guesses_count(db, l->actor->login, l->now_ms, true);
    if (!e) e = redemptions_forget(db, l->person, l->now_ms);
    if (!e) e = signups_join_leave(db, l->person, l->now_ms);
    if (!e) e = deeds_forget(db, l->person);
    if (!e) e = stories_forget(db, l->person);
    if (!e) e = pictures_forget(db, l->person);
    if (!e) e = inbox_forget(db, l->person);
    if (!e) e = cases_support_forget_person(db, l->person);
    if (!e) e = cases_comments_forget_person(db, l->person);
    if (!e) e = people_profile_forget(db, l->person);
    if (!e) e = wechat_people_forget(db, l->person);
    if (!e) e = memberships_forget(db, l->person, l->now_ms);
    if (!e) e = idempotency_forget_person(db, l->person);
    for (size_t i = 0; i < sizeof statements / sizeof *statements && !e; i++) {
        struct db_query *q;
        e = db_prepare(db, statements[i], &q);
        if (e) return e;
        db_bind_int(q, ":person", l->person);
        db_bind_int(q, ":now", l->now_ms);
        e = db_run(q, NULL);
    }
    if (!e) e = votes_electors_forget(db, l->person);
    const struct audit_row row = {.verb = AUDIT_person_forgotten,
                                  .person = l->person,
                                  .subject = l->person,
                                  .at_ms = l->now_ms};
    if (!e) e = audit_add(db, &row);
    return e ? e : changes_add(db, CHANGES_people, l->person, "forgotten");
}

static enum err forget_cases(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                             const struct leaving *l)
{
    char id[SECRETS_ID_SIZE];
    struct arena arena;
    enum err e = ERR_OK;
    arena_init(&arena, 0);
    while (!e && !(e = next_case(db, l, id)) && id[0]) {
        const struct cases_forgetting forgetting = {
            .public_id = id, .person = l->person, .now_ms = l->now_ms};
        e = cases_forget_mine(db, dir, kinds, &forgetting, &arena, l->why);
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return e;
}

enum err people_forget(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                       const struct people_actor *actor, int64_t now_ms, struct why *why)
{
    enum { ROUNDS = 10 };
    struct leaving l = {.person = actor->id, .actor = actor, .now_ms = now_ms, .why = why};
    enum err e = judge(db, &l);
    for (int round = 0; round < ROUNDS && (!e || (round && e == ERR_BUSY)); round++) {
        e = forget_cases(db, dir, kinds, &l);
        if (!e) e = db_write(db, erase, &l);
        if (e) continue;
        (void)blobs_doomed_erase(db, dir, NULL, NULL); /* what fails is tried again every hour */
        return ERR_OK;
    }
    return people_token_tell(db, e, e == ERR_DENIED ? NULL : why);
}
