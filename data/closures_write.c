#include "data/cases_rows.h"
#include "data/changes.h"
#include "data/closures_rows.h"
#include "data/secrets.h"
#include "geo/base/text.h"

#include <math.h>
#include <string.h>

enum { ANSWER_MAX = 1 << 20, WKB_MAX = 64 * 1024 };

const double closures_factor_min = 1.1;

struct work {
    const struct closures_write *write;
    const struct closures_reply *reply;
    const char *public_id;
    int64_t version; /* that the writer saw; 0: any */
    int64_t person, now_ms;
    struct arena *arena;
    struct closures_closure now;
    struct closures_created made;
    struct why *why;
};

/* --- what is asked --- */

static enum err check_shape(const struct cover_shape *shape, struct why *why)
{
    struct why said = {""};
    if (shape->point_count > CLOSURES_POINTS_MAX || shape->ring_count > CLOSURES_RINGS_MAX)
        return err_say(why, ERR_INVALID, "geometry has more than %d points or %d rings",
                       CLOSURES_POINTS_MAX, CLOSURES_RINGS_MAX);
    if (shape->kind == COVER_DISC && !(shape->radius_m <= CLOSURES_RADIUS_MAX_M))
        return err_say(why, ERR_RANGE, "radius_m must be above 0 and at most %d",
                       CLOSURES_RADIUS_MAX_M);
    enum err e = cover_check(shape, &said);
    return e ? err_say(why, e, "geometry: %s", said.text) : ERR_OK;
}

static enum err check(const struct closures_terms *terms, struct why *why)
{
    enum err e = check_shape(&terms->shape, why);
    if (e) return e;
    if (!isinf(terms->factor) &&
        !(terms->factor >= closures_factor_min && terms->factor <= CLOSURES_FACTOR_MAX))
        return err_say(why, ERR_RANGE, "factor must be from %g to %d", closures_factor_min,
                       CLOSURES_FACTOR_MAX);
    if (terms->to_ms <= terms->from_ms)
        return err_say(why, ERR_RANGE, "to must be later than from");
    if (strlen(terms->profiles) > CLOSURES_PROFILES_MAX)
        return err_say(why, ERR_INVALID, "profiles are too many");
    return cases_rows_text("reason", terms->reason, CLOSURES_REASON_MAX, why);
}

/* The linked report's row; 0 for none. */
static enum err find_report(struct db *db, const struct work *w, int64_t *id)
{
    const char *report = w->write->report;
    struct cases_case found = {0};
    *id = 0;
    if (!report || !report[0]) return ERR_OK;
    enum err e = cases_rows_find(db, report, w->arena, &found);
    if (e == ERR_NOTFOUND)
        return err_say(w->why, ERR_INVALID, "report: there is no report \"%s\"", report);
    if (!e) *id = found.id;
    return e;
}

/* --- rows --- */

static enum err add_event(struct db *db, const struct work *w, const char *verb)
{
    struct buf wkb;
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO closure_events (closure_id, version, at_ms, verb, "
                            "person_id, effect, factor, profiles, radius_m, from_ms, to_ms, "
                            "reason, wkb) VALUES (:closure, :version, :now, :verb, :person, "
                            ":effect, :factor, :profiles, :radius, :from, :to, :reason, :wkb)",
                            &q);
    if (e) return e;
    buf_init(&wkb, WKB_MAX);
    db_bind_int(q, ":closure", w->now.id);
    db_bind_int(q, ":version", w->now.version);
    db_bind_int(q, ":now", w->now_ms);
    db_bind_text(q, ":verb", verb);
    db_bind_int(q, ":person", w->person);
    e = closures_rows_bind(q, &w->now.terms, &wkb);
    buf_fini(&wkb);
    if (!e) return db_run(q, NULL);
    db_done(q);
    return e;
}

/* Runs an INSERT or UPDATE of the whole closure. */
static enum err put(struct db *db, const struct work *w, const char *sql, int64_t report)
{
    struct buf wkb;
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    buf_init(&wkb, WKB_MAX);
    e = closures_rows_bind(q, &w->write->terms, &wkb);
    buf_fini(&wkb);
    if (e) {
        db_done(q);
        return e;
    }
    db_bind_text(q, ":public", w->public_id);
    db_bind_int(q, ":area", w->write->area_id);
    db_bind_int(q, ":case", report);
    db_bind_int(q, ":person", w->person);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e == ERR_CONFLICT ? err_say(w->why, ERR_INVALID,
                                       "the area or the person is not known: %s", db_error(db))
                             : e;
}

/* What stands in the row by now, with its event and its place in the outbox. */
static enum err note(struct db *db, struct work *w, const char *verb)
{
    enum err e = closures_rows_find(db, w->public_id, w->arena, &w->now);
    if (!e) e = add_event(db, w, verb);
    return e ? e : changes_add(db, CHANGES_closures, w->now.id, verb);
}

/* --- making --- */

static enum err keep_answer(struct db *db, struct work *w)
{
    struct buf body;
    if (!w->reply) return ERR_OK;
    buf_init(&body, ANSWER_MAX);
    enum err e = w->reply->render(w->reply->user, &w->now, &body);
    if (!e) e = body.err;
    if (!e) {
        char *kept = arena_strndup(w->arena, body.bytes ? body.bytes : "", body.len);
        w->made.answer =
            (struct idempotency_answer){w->reply->status, kept, body.len, w->now.public_id};
        e = kept ? idempotency_keep(db, &w->reply->request, w->now_ms, &w->made.answer) : ERR_NOMEM;
    }
    buf_fini(&body);
    return e;
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    int64_t report;
    enum err e = ERR_NOTFOUND;
    if (w->reply)
        e = idempotency_find(db, &w->reply->request, w->now_ms, w->arena, &w->made.answer);
    if (e != ERR_NOTFOUND) {
        w->made.replayed = e == ERR_OK;
        return e == ERR_CONFLICT
                   ? err_say(w->why, e, "this Idempotency-Key came before with another body")
                   : e;
    }
    e = find_report(db, w, &report);
    if (!e)
        e = put(db, w,
                "INSERT INTO closures (public_id, version, area_id, effect, factor, profiles, "
                "radius_m, from_ms, to_ms, reason, case_id, created_by, updated_by, created_ms, "
                "updated_ms, geom) VALUES (:public, 1, NULLIF(:area, 0), :effect, :factor, "
                ":profiles, :radius, :from, :to, :reason, NULLIF(:case, 0), :person, :person, "
                ":now, :now, ST_GeomFromWKB(:wkb, 4326))",
                report);
    if (!e) e = note(db, w, "created");
    w->made.made = w->now;
    return e ? e : keep_answer(db, w);
}

/* Runs `step` in a transaction; a failure always has a sentence. */
static enum err run(struct db *db, struct work *w, enum err (*step)(struct db *db, void *user),
                    struct why *why)
{
    struct why said = {""};
    enum err e = ERR_OK;
    w->why = &said;
    if (w->write) e = check(&w->write->terms, &said);
    if (!e) e = db_write(db, step, w);
    w->why = NULL;
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}

enum err closures_create(struct db *db, const struct closures_write *write,
                         const struct closures_reply *reply, struct arena *arena,
                         struct closures_created *created, struct why *why)
{
    char public_id[SECRETS_ID_SIZE];
    secrets_public_id(public_id);
    struct work w = {.write = write,
                     .reply = reply,
                     .public_id = public_id,
                     .person = write->person,
                     .now_ms = write->now_ms,
                     .arena = arena};
    if (reply && !idempotency_key_ok(reply->request.key))
        return err_say(why, ERR_INVALID,
                       "Idempotency-Key must have 1 to %d printable ASCII characters",
                       IDEMPOTENCY_KEY_MAX);
    enum err e = run(db, &w, create, why);
    if (!e) *created = w.made;
    return e;
}

/* --- changing and ending --- */

/* The closure as it is, if its writer saw it so. */
static enum err find_present(struct db *db, struct work *w)
{
    enum err e = closures_rows_find(db, w->public_id, w->arena, &w->now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no closure \"%s\"", w->public_id);
    if (e || w->version == 0 || w->version == w->now.version) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "the closure has changed: its version is %lld by now, not %lld; read it again",
                   (long long)w->now.version, (long long)w->version);
}

static enum err update(struct db *db, void *user)
{
    struct work *w = user;
    int64_t report;
    enum err e = find_present(db, w);
    if (!e && w->now.ended_ms)
        return err_say(w->why, ERR_CONFLICT, "the closure was ended: make a new one");
    if (!e) e = find_report(db, w, &report);
    if (!e)
        e = put(db, w,
                "UPDATE closures SET version = version + 1, area_id = NULLIF(:area, 0), effect = "
                ":effect, factor = :factor, profiles = :profiles, radius_m = :radius, from_ms = "
                ":from, to_ms = :to, reason = :reason, case_id = NULLIF(:case, 0), updated_by = "
                ":person, updated_ms = :now, geom = ST_GeomFromWKB(:wkb, 4326) "
                "WHERE public_id = :public",
                report);
    return e ? e : note(db, w, "changed");
}

enum err closures_update(struct db *db, const char *public_id, int64_t version,
                         const struct closures_write *write, struct arena *arena,
                         struct closures_closure *changed, struct why *why)
{
    struct work w = {.write = write,
                     .public_id = public_id,
                     .version = version,
                     .person = write->person,
                     .now_ms = write->now_ms,
                     .arena = arena};
    enum err e = run(db, &w, update, why);
    if (!e) *changed = w.now;
    return e;
}

static enum err end_now(struct db *db, struct work *w)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "UPDATE closures SET version = version + 1, ended_ms = :now, "
                            "updated_by = :person, updated_ms = :now WHERE public_id = :public",
                            &q);
    if (e) return e;
    db_bind_int(q, ":now", w->now_ms);
    db_bind_int(q, ":person", w->person);
    db_bind_text(q, ":public", w->public_id);
    e = db_run(q, NULL);
    return e ? e : note(db, w, "ended");
}

static enum err end(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find_present(db, w);
    return e || w->now.ended_ms ? e : end_now(db, w);
}

enum err closures_end(struct db *db, const char *public_id, int64_t version, int64_t person,
                      int64_t now_ms, struct arena *arena, struct closures_closure *ended,
                      struct why *why)
{
    struct work w = {.public_id = public_id,
                     .version = version,
                     .person = person,
                     .now_ms = now_ms,
                     .arena = arena};
    enum err e = run(db, &w, end, why);
    if (!e) *ended = w.now;
    return e;
}

/* The next that is in force or will be, with who made it; "": none. */
static enum err next_of(struct db *db, int64_t case_id, int64_t now_ms,
                        char public_id[SECRETS_ID_SIZE], int64_t *maker)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT public_id, created_by FROM closures WHERE case_id = :case AND "
                            "ended_ms IS NULL AND (to_ms IS NULL OR to_ms > :now) LIMIT 1",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":now", now_ms);
    public_id[0] = '\0';
    if (!(e = db_step(q, &row)) && row) {
        (void)text_copy(public_id, SECRETS_ID_SIZE, db_text(q, 0));
        *maker = db_int(q, 1);
    }
    db_done(q);
    return e;
}

enum err closures_end_of(struct db *db, int64_t case_id, int64_t person, int64_t now_ms)
{
    char public_id[SECRETS_ID_SIZE];
    struct arena arena;
    int64_t maker = 0;
    enum err e;
    arena_init(&arena, 0);
    while (!(e = next_of(db, case_id, now_ms, public_id, &maker)) && public_id[0]) {
        struct work w = {.public_id = public_id,
                         .person = person ? person : maker,
                         .now_ms = now_ms,
                         .arena = &arena};
        if ((e = end_now(db, &w))) break;
    }
    arena_fini(&arena);
    return e;
}
