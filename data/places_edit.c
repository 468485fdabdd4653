#include "data/cases_rows.h"
#include "data/changes.h"
#include "data/places_rows.h"
#include "data/secrets.h"
#include "data/voices.h"

#include <string.h>

enum { ANSWER_MAX = 1 << 20 };

static const unsigned all_fields = (1u << PLACES_FIELD_COUNT) - 1;
static const char local_source[] = "local";

/* One write: what each verb needs of it. */
struct work {
    const struct categories *categories;
    const struct places_by *by;
    int64_t id, version; /* version 0: whatever it is */
    const struct places_edit *edit;
    const struct places_row *row; /* to create */
    const struct places_reply *reply;
    int64_t from_ms, to_ms;
    struct arena *arena;
    struct places_row before, now;
    struct places_created made;
    enum err (*step)(struct db *db, void *user);
    struct why *why;
};

static enum err step_and_more(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = w->step(db, w);
    if (e || !w->by->also) return e;
    return w->by->also(db, w->by->also_user, w->why);
}

/* Runs `step` in a transaction; a failure always has a sentence. */
static enum err run(struct db *db, struct work *w, enum err (*step)(struct db *db, void *user),
                    struct why *why)
{
    struct why said = {""};
    w->why = &said;
    enum err e = cases_rows_text("reason", w->by->reason, PLACES_REASON_MAX, &said);
    w->step = step;
    if (!e) e = db_write(db, step_and_more, w);
    w->why = NULL;
    if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
    return e ? err_say(why, e, "%s", said.text) : ERR_OK;
}

/* The place as it is, if its writer saw it so. */
static enum err find(struct db *db, struct work *w)
{
    enum err e = places_get(db, w->id, w->arena, &w->before);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no place %lld", (long long)w->id);
    w->now = w->before;
    if (e || w->version == 0 || w->version == w->before.version) return e;
    return err_say(w->why, ERR_CONFLICT,
                   "the place has changed: its version is %lld by now, not %lld; read it again",
                   (long long)w->before.version, (long long)w->version);
}

static enum err note(struct db *db, const struct work *w, const char *verb)
{
    const struct places_rows_event event = {
        .before = w->before.id ? &w->before : NULL, .after = &w->now, .verb = verb, .by = w->by};
    enum err e = places_rows_event(db, &event);
    return e ? e : changes_add(db, CHANGES_places, w->now.id, verb);
}

/* Writes `now` over what was, with its event. */
static enum err put(struct db *db, struct work *w, const char *verb)
{
    w->now.version = w->before.version + 1;
    w->now.updated_ms = w->by->now_ms;
    enum err e = places_rows_update(db, 0, w->by->now_ms, &w->now);
    return e ? e : note(db, w, verb);
}

/* --- creating --- */

static enum err keep_answer(struct db *db, struct work *w)
{
    struct buf body;
    if (!w->reply) return ERR_OK;
    buf_init(&body, ANSWER_MAX);
    enum err e = w->reply->render(w->reply->user, &w->now, &body);
    if (!e) e = body.err;
    if (!e) {
        char *kept = arena_strndup(w->arena, body.bytes ? body.bytes : "", body.len);
        char *id = arena_printf(w->arena, "%lld", (long long)w->now.id);
        w->made.answer = (struct idempotency_answer){w->reply->status, kept, body.len, id};
        e = kept && id ? idempotency_keep(db, &w->reply->request, w->by->now_ms, &w->made.answer)
                       : ERR_NOMEM;
    }
    buf_fini(&body);
    return e;
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = ERR_NOTFOUND;
    if (w->reply)
        e = idempotency_find(db, &w->reply->request, w->by->now_ms, w->arena, &w->made.answer);
    if (e != ERR_NOTFOUND) {
        w->made.replayed = e == ERR_OK;
        return e == ERR_CONFLICT
                   ? err_say(w->why, e, "this Idempotency-Key came before with another body")
                   : e;
    }
    e = places_rows_check(w->categories, w->row, all_fields, w->why);
    w->now = *w->row;
    w->now.held = all_fields;
    if (!e) e = places_rows_insert(db, 0, w->by->now_ms, &w->now);
    if (!e) e = note(db, w, "created");
    if (!e) e = places_get(db, w->now.id, w->arena, &w->now); /* with what the database added */
    w->made.made = w->now;
    return e ? e : keep_answer(db, w);
}

enum err places_create(struct db *db, const struct categories *categories,
                       const struct places_row *row, const struct places_by *by,
                       const struct places_reply *reply, struct arena *arena,
                       struct places_created *created, struct why *why)
{
    char source_id[SECRETS_ID_SIZE];
    struct places_row local = *row;
    secrets_public_id(source_id);
    local.source = local_source;
    local.source_id = source_id;
    struct work w = {
        .categories = categories, .by = by, .row = &local, .reply = reply, .arena = arena};
    if (reply && !idempotency_key_ok(reply->request.key))
        return err_say(why, ERR_INVALID,
                       "Idempotency-Key must have 1 to %d printable ASCII characters",
                       IDEMPOTENCY_KEY_MAX);
    enum err e = run(db, &w, create, why);
    if (!e) *created = w.made;
    return e;
}

/* --- changing --- */

static enum err edit(struct db *db, void *user)
{
    struct work *w = user;
    const struct places_edit *asked = w->edit;
    enum err e = find(db, w);
    if (e) return e;
    places_rows_take(&w->now, asked->row, asked->fields);
    e = places_rows_check(w->categories, &w->now, asked->fields, w->why);
    if (e) return e;
    unsigned changed = places_rows_compare(&w->before, &w->now, all_fields);
    w->now.held = (w->before.held | asked->fields) & ~asked->release;
    if (strcmp(w->now.source, local_source) == 0) w->now.held = all_fields;
    if (!changed && w->now.held == w->before.held) return ERR_OK;
    return put(db, w, "edited");
}

enum err places_edit(struct db *db, const struct categories *categories,
                     const struct places_edit *asked, const struct places_by *by,
                     struct arena *arena, struct places_row *after, struct why *why)
{
    struct work w = {.categories = categories,
                     .by = by,
                     .id = asked->id,
                     .version = asked->version,
                     .edit = asked,
                     .arena = arena};
    enum err e = run(db, &w, edit, why);
    if (!e) *after = w.now;
    return e;
}

static enum err close_place(struct db *db, void *user)
{
    struct work *w = user;
    if (w->to_ms && w->to_ms <= w->from_ms)
        return err_say(w->why, ERR_RANGE, "to must be later than from");
    enum err e = find(db, w);
    if (e) return e;
    if (!w->to_ms && !w->before.closed_to_ms) return ERR_OK;
    w->now.closed_from_ms = w->to_ms ? w->from_ms : 0;
    w->now.closed_to_ms = w->to_ms;
    w->now.closed_reason = w->to_ms && w->by->reason ? w->by->reason : "";
    return put(db, w, w->to_ms ? "closed" : "opened");
}

static enum err remove_place(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find(db, w);
    if (e || w->before.removed) return e;
    w->now.removed = true;
    return put(db, w, "removed");
}

static enum err restore(struct db *db, void *user)
{
    struct work *w = user;
    enum err e = find(db, w);
    if (e || (!w->before.removed && !w->before.vanished)) return e;
    w->now.kept = w->before.kept || w->before.vanished;
    w->now.removed = w->now.vanished = false;
    return put(db, w, "restored");
}

static enum err confirm(struct db *db, void *user)
{
    struct work *w = user;
    struct db_query *q;
    enum err e = find(db, w);
    if (e) return e;
    if (w->before.removed || w->before.vanished)
        return err_say(w->why, ERR_CONFLICT, "the place is no longer on the map");
    bool later = w->by->now_ms > w->before.confirmed_ms;
    bool staff = strcmp(w->by->actor, "staff") == 0, first = true;
    if (!staff && strcmp(w->before.confirmed_as, "staff") == 0 && !later) return ERR_OK;
    if (w->by->who) e = voices_first(db, w->id, w->by->who, w->by->day, &first);
    if (e || !first) return e;
    e = db_prepare(db,
                   "UPDATE places SET confirmed_ms = :now, confirmed_as = :actor, confirmed_by = "
                   "NULLIF(:person, 0) WHERE id = :id",
                   &q);
    if (e) return e;
    db_bind_int(q, ":now", w->by->now_ms);
    db_bind_text(q, ":actor", w->by->actor);
    db_bind_int(q, ":person", w->by->person);
    db_bind_int(q, ":id", w->id);
    e = db_run(q, NULL);
    w->now.confirmed_ms = w->by->now_ms;
    w->now.confirmed_as = staff ? "staff" : "rider";
    w->now.confirmed_by = w->by->person;
    return e ? e : note(db, w, "confirmed");
}

/* A write of one place that needs no more than who, which and when. */
static enum err simply(struct db *db, struct work *w, enum err (*step)(struct db *, void *),
                       struct places_row *after, struct why *why)
{
    enum err e = run(db, w, step, why);
    if (!e) *after = w->now;
    return e;
}

enum err places_close(struct db *db, int64_t id, int64_t version, int64_t from_ms, int64_t to_ms,
                      const struct places_by *by, struct arena *arena, struct places_row *after,
                      struct why *why)
{
    struct work w = {
        .by = by, .id = id, .version = version, .from_ms = from_ms, .to_ms = to_ms, .arena = arena};
    return simply(db, &w, close_place, after, why);
}

enum err places_remove(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                       struct arena *arena, struct places_row *after, struct why *why)
{
    struct work w = {.by = by, .id = id, .version = version, .arena = arena};
    return simply(db, &w, remove_place, after, why);
}

enum err places_restore(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                        struct arena *arena, struct places_row *after, struct why *why)
{
    struct work w = {.by = by, .id = id, .version = version, .arena = arena};
    return simply(db, &w, restore, after, why);
}

enum err places_confirm(struct db *db, int64_t id, const struct places_by *by, struct arena *arena,
                        struct places_row *after, struct why *why)
{
    struct work w = {.by = by, .id = id, .arena = arena};
    return simply(db, &w, confirm, after, why);
}
