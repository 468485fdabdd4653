#include "data/places_work.h"
#include "data/secrets.h"
#include "data/voices.h"

#include <string.h>

static const unsigned all_fields = (1u << PLACES_FIELD_COUNT) - 1;
static const char local_source[] = "local";

/* --- creating --- */

static enum err create(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = places_work_answered(db, w);
    if (e != ERR_NOTFOUND) return e;
    e = places_rows_check(w->categories, w->row, all_fields, w->why);
    w->now = *w->row;
    w->now.held = all_fields;
    if (!e) e = places_rows_insert(db, 0, w->by->now_ms, &w->now);
    if (!e) e = places_work_note(db, w, "created");
    if (!e) e = places_get(db, w->now.id, w->arena, &w->now); /* with what the database added */
    w->made.made = w->now;
    char *id = e ? NULL : arena_printf(w->arena, "%lld", (long long)w->now.id);
    if (!e && !id) e = ERR_NOMEM;
    return e ? e : places_work_keep(db, w, id);
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
    struct places_work w = {
        .categories = categories, .by = by, .row = &local, .reply = reply, .arena = arena};
    if (reply && !idempotency_key_ok(reply->request.key))
        return err_say(why, ERR_INVALID,
                       "Idempotency-Key must have 1 to %d printable ASCII characters",
                       IDEMPOTENCY_KEY_MAX);
    enum err e = places_work_run(db, &w, create, why);
    if (!e) *created = w.made;
    return e;
}

/* --- changing --- */

static enum err edit(struct db *db, void *user)
{
    struct places_work *w = user;
    const struct places_edit *asked = w->edit;
    enum err e = places_work_find(db, w);
    if (e) return e;
    places_rows_take(&w->now, asked->row, asked->fields);
    e = places_rows_check(w->categories, &w->now, asked->fields, w->why);
    if (e) return e;
    unsigned changed = places_rows_compare(&w->before, &w->now, all_fields);
    w->now.held = (w->before.held | asked->fields) & ~asked->release;
    if (strcmp(w->now.source, local_source) == 0) w->now.held = all_fields;
    if (!changed && w->now.held == w->before.held) return ERR_OK;
    return places_work_put(db, w, "edited");
}

enum err places_edit(struct db *db, const struct categories *categories,
                     const struct places_edit *asked, const struct places_by *by,
                     struct arena *arena, struct places_row *after, struct why *why)
{
    struct places_work w = {.categories = categories,
                            .by = by,
                            .id = asked->id,
                            .version = asked->version,
                            .edit = asked,
                            .arena = arena};
    enum err e = places_work_run(db, &w, edit, why);
    if (!e) *after = w.now;
    return e;
}

static enum err close_place(struct db *db, void *user)
{
    struct places_work *w = user;
    if (w->to_ms && w->to_ms <= w->from_ms)
        return err_say(w->why, ERR_RANGE, "to must be later than from");
    enum err e = places_work_find(db, w);
    if (e) return e;
    if (!w->to_ms && !w->before.closed_to_ms) return ERR_OK;
    w->now.closed_from_ms = w->to_ms ? w->from_ms : 0;
    w->now.closed_to_ms = w->to_ms;
    w->now.closed_reason = w->to_ms && w->by->reason ? w->by->reason : "";
    return places_work_put(db, w, w->to_ms ? "closed" : "opened");
}

static enum err remove_place(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = places_work_find(db, w);
    if (e || w->before.removed) return e;
    w->now.removed = true;
    w->now.off_ms = w->by->now_ms;
    return places_work_put(db, w, "removed");
}

static enum err restore(struct db *db, void *user)
{
    struct places_work *w = user;
    enum err e = places_work_find(db, w);
    if (e || (!w->before.removed && !w->before.vanished)) return e;
    w->now.kept = w->before.kept || w->before.vanished;
    w->now.removed = w->now.vanished = false;
    w->now.off_ms = 0;
    return places_work_put(db, w, "restored");
}

static enum err confirm(struct db *db, void *user)
{
    struct places_work *w = user;
    struct db_query *q;
    enum err e = places_work_find(db, w);
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
    return e ? e : places_work_note(db, w, "confirmed");
}

enum err places_close(struct db *db, int64_t id, int64_t version, int64_t from_ms, int64_t to_ms,
                      const struct places_by *by, struct arena *arena, struct places_row *after,
                      struct why *why)
{
    struct places_work w = {
        .by = by, .id = id, .version = version, .from_ms = from_ms, .to_ms = to_ms, .arena = arena};
    return places_work_simply(db, &w, close_place, after, why);
}

enum err places_remove(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                       struct arena *arena, struct places_row *after, struct why *why)
{
    struct places_work w = {.by = by, .id = id, .version = version, .arena = arena};
    return places_work_simply(db, &w, remove_place, after, why);
}

enum err places_restore(struct db *db, int64_t id, int64_t version, const struct places_by *by,
                        struct arena *arena, struct places_row *after, struct why *why)
{
    struct places_work w = {.by = by, .id = id, .version = version, .arena = arena};
    return places_work_simply(db, &w, restore, after, why);
}

enum err places_confirm(struct db *db, int64_t id, const struct places_by *by, struct arena *arena,
                        struct places_row *after, struct why *why)
{
    struct places_work w = {.by = by, .id = id, .arena = arena};
    return places_work_simply(db, &w, confirm, after, why);
}
