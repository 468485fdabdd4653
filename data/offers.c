#include "data/offers.h"

#include "data/changes.h"
#include "data/record.h"

#include <stdio.h>
#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

bool offers_is_open(const struct offers_offer *o, int64_t now_ms)
{
    return !o->ended_ms && o->from_ms <= now_ms && (!o->to_ms || now_ms < o->to_ms);
}

#define COLUMNS                                                                                    \
    "SELECT id, version, place_id, area_id, kind, title, title_en, terms, members_only, per_day, " \
    "from_ms, to_ms, ended_ms, created_ms, updated_ms FROM offers "

static enum err read_row(struct db_query *q, struct arena *arena, struct offers_offer *offer)
{
    struct offers_offer o = {.id = db_int(q, 0),
                             .version = db_int(q, 1),
                             .place_id = db_int(q, 2),
                             .area_id = db_int(q, 3),
                             .kind = arena_strdup(arena, db_text(q, 4)),
                             .title = arena_strdup(arena, db_text(q, 5)),
                             .title_en = arena_strdup(arena, db_text(q, 6)),
                             .terms = arena_strdup(arena, db_text(q, 7)),
                             .members_only = db_int(q, 8) != 0,
                             .per_day = db_int(q, 9),
                             .from_ms = db_int(q, 10),
                             .to_ms = db_int(q, 11),
                             .ended_ms = db_int(q, 12),
                             .created_ms = db_int(q, 13),
                             .updated_ms = db_int(q, 14)};
    if (!o.kind || !o.title || !o.title_en || !o.terms) return ERR_NOMEM;
    *offer = o;
    return ERR_OK;
}

enum err offers_find(struct db *db, int64_t id, struct arena *arena, struct offers_offer *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, COLUMNS "WHERE id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? read_row(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : offers_pictures(db, arena, found);
}

enum err offers_pictures(struct db *db, struct arena *arena, struct offers_offer *offer)
{
    return pictures_of(db, PICTURES_offer, offer->id, arena, &offer->pictures,
                       &offer->picture_count);
}

static void bind_filter(struct db_query *q, const struct offers_filter *f)
{
    db_bind_int(q, ":before", f->before ? f->before : INT64_MAX);
    db_bind_text(q, ":kind", f->kind);
    db_bind_int(q, ":area", f->area_id);
    db_bind_int(q, ":place", f->place_id);
    db_bind_int(q, ":open", f->only_open);
    db_bind_int(q, ":now", f->now_ms);
    db_bind_int(q, ":limit", (int64_t)f->limit + 1);
}

enum err offers_list(struct db *db, const struct offers_filter *filter, struct arena *arena,
                     const struct offers_offer **list, size_t *count, bool *more)
{
    struct offers_offer *made = arena_calloc(arena, filter->limit + 1, sizeof *made);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!made) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        COLUMNS "WHERE id < :before AND (:kind IS NULL OR kind = :kind) AND (:place = 0 OR "
                "place_id = :place) AND (:area = 0 OR area_id IN (WITH RECURSIVE below (id) AS "
                "(SELECT :area UNION SELECT a.id FROM areas a JOIN below b ON a.parent_id = b.id) "
                "SELECT id FROM below)) AND (NOT :open OR (ended_ms IS NULL AND from_ms <= :now "
                "AND (to_ms IS NULL OR to_ms > :now))) ORDER BY id DESC LIMIT :limit",
        &q);
    if (e) return e;
    bind_filter(q, filter);
    while (n <= filter->limit && !(e = db_step(q, &row)) && row)
        if ((e = read_row(q, arena, &made[n++]))) break;
    db_done(q);
    if (e) return e;
    *more = n > filter->limit;
    *count = *more ? filter->limit : n;
    *list = made;
    return ERR_OK;
}

enum err offers_count(struct db *db, int64_t id, int64_t day, int64_t *ever, int64_t *today)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT count(*), COALESCE(sum(day = :day), 0) FROM offer_uses WHERE "
                            "offer_id = :id",
                            &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    db_bind_int(q, ":day", day);
    if (!(e = db_step(q, &row)) && row) {
        *ever = db_int(q, 0);
        *today = db_int(q, 1);
    }
    db_done(q);
    return e;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct work {
    const struct offers_put *put;
    struct offers_offer *offer;
    int64_t now_ms;
    const struct answers_reply *reply;
    struct idempotency_answer *answer;
    struct arena *arena;
    struct why *why;
};

static enum err check(const struct offers_put *put, const struct offers_offer *o, struct why *why)
{
    enum err e = record_text("title", o->title, 1, OFFERS_TITLE_MAX, why);
    if (!e) e = record_text("title_en", o->title_en, 0, OFFERS_TITLE_MAX, why);
    if (!e) e = record_text("terms", o->terms, 0, OFFERS_TERMS_MAX, why);
    if (!e && !offers_kinds_find(put->kinds, o->kind))
        e = err_say(why, ERR_INVALID, "kind: there are no offers of the kind \"%s\"", o->kind);
    if (!e && (o->per_day < 0 || o->per_day > OFFERS_PER_DAY_MAX))
        e = err_say(why, ERR_INVALID, "per_day must be from 0 to %d", OFFERS_PER_DAY_MAX);
    if (!e && o->to_ms && o->to_ms <= o->from_ms)
        e = err_say(why, ERR_INVALID, "to must be later than from");
    if (!e && put->picture_count > OFFERS_PICTURES_MAX)
        e = err_say(why, ERR_INVALID, "pictures: there may be %d", OFFERS_PICTURES_MAX);
    return e;
}

static enum err put_row(struct db *db, const struct work *w, const char *sql)
{
    const struct offers_offer *o = w->offer;
    struct db_query *q;
    enum err e = db_prepare(db, sql, &q);
    if (e) return e;
    db_bind_int(q, ":id", o->id);
    db_bind_int(q, ":place", o->place_id);
    db_bind_int(q, ":area", o->area_id);
    db_bind_text(q, ":kind", o->kind);
    db_bind_text(q, ":title", o->title);
    db_bind_text(q, ":title_en", o->title_en);
    db_bind_text(q, ":terms", o->terms);
    db_bind_int(q, ":members", o->members_only);
    db_bind_int(q, ":per_day", o->per_day);
    db_bind_int(q, ":from", o->from_ms);
    db_bind_int(q, ":to", o->to_ms);
    db_bind_int(q, ":by", w->put->by);
    db_bind_int(q, ":now", w->now_ms);
    return db_run(q, NULL);
}

static enum err put_pictures(struct db *db, const struct work *w, int64_t id)
{
    const struct pictures_showing showing = {.owner = PICTURES_offer,
                                             .owner_id = id,
                                             .by = w->put->by,
                                             .ids = w->put->pictures,
                                             .count = w->put->picture_count,
                                             .now_ms = w->now_ms};
    return pictures_show(db, &showing, w->why);
}

static enum err create(struct db *db, void *user)
{
    struct work *w = user;
    char number[24];
    bool done = false;
    enum err e = answers_find(db, w->reply, w->now_ms, w->arena, w->answer, &done, w->why);
    if (e || done) return e;
    e = put_row(db, w,
                "INSERT INTO offers (id, version, place_id, area_id, kind, title, title_en, terms, "
                "members_only, per_day, from_ms, to_ms, created_by, created_ms, updated_ms) VALUES "
                "(NULLIF(:id, 0), 1, :place, NULLIF(:area, 0), :kind, :title, :title_en, :terms, "
                ":members, :per_day, :from, NULLIF(:to, 0), :by, :now, :now)");
    int64_t id = db_last_id(db);
    if (!e) e = put_pictures(db, w, id);
    if (!e) e = offers_find(db, id, w->arena, w->offer);
    if (!e) e = changes_add(db, CHANGES_offers, id, "offer_made");
    (void)snprintf(number, sizeof number, "%lld", (long long)id);
    return e ? e : answers_keep(db, w->reply, number, w->now_ms, w->arena, w->answer);
}

/* The offer as it is, if its writer saw it so. */
static enum err find_present(struct db *db, const struct work *w, struct offers_offer *now)
{
    enum err e = offers_find(db, w->offer->id, w->arena, now);
    if (e == ERR_NOTFOUND) return err_say(w->why, e, "there is no such offer");
    if (!e) e = record_seen("the offer", now->version, w->offer->version, w->why);
    if (!e && now->ended_ms) return err_say(w->why, ERR_CONFLICT, "the offer was ended");
    return e;
}

static enum err change(struct db *db, void *user)
{
    struct work *w = user;
    struct offers_offer now;
    enum err e = find_present(db, w, &now);
    if (!e)
        e = put_row(db, w,
                    "UPDATE offers SET version = version + 1, place_id = :place, area_id = "
                    "NULLIF(:area, 0), kind = :kind, title = :title, title_en = :title_en, terms = "
                    ":terms, members_only = :members, per_day = :per_day, from_ms = :from, to_ms = "
                    "NULLIF(:to, 0), updated_ms = :now WHERE id = :id AND :by IS NOT NULL");
    if (!e) e = put_pictures(db, w, now.id);
    if (!e) e = offers_find(db, now.id, w->arena, w->offer);
    return e ? e : changes_add(db, CHANGES_offers, now.id, "offer_changed");
}

static enum err end(struct db *db, void *user)
{
    struct work *w = user;
    struct offers_offer now;
    struct db_query *q;
    enum err e = find_present(db, w, &now);
    if (!e)
        e = db_prepare(db,
                       "UPDATE offers SET version = version + 1, ended_ms = :now, updated_ms = "
                       ":now WHERE id = :id",
                       &q);
    if (e) return e;
    db_bind_int(q, ":id", now.id);
    db_bind_int(q, ":now", w->now_ms);
    e = db_run(q, NULL);
    return e ? e : changes_add(db, CHANGES_offers, now.id, "offer_ended");
}

enum err offers_create(struct db *db, const struct offers_put *put,
                       const struct answers_reply *reply, struct arena *arena,
                       struct offers_offer *offer, struct idempotency_answer *answer,
                       struct why *why)
{
    struct work w = {.put = put,
                     .offer = offer,
                     .now_ms = put->now_ms,
                     .reply = reply,
                     .answer = answer,
                     .arena = arena};
    enum err e = check(put, offer, why);
    return e ? e : db_write_said(db, create, &w, &w.why, why);
}

enum err offers_change(struct db *db, const struct offers_put *put, struct arena *arena,
                       struct offers_offer *offer, struct why *why)
{
    struct work w = {.put = put, .offer = offer, .now_ms = put->now_ms, .arena = arena};
    enum err e = check(put, offer, why);
    return e ? e : db_write_said(db, change, &w, &w.why, why);
}

enum err offers_end(struct db *db, int64_t id, int64_t version, int64_t now_ms, struct why *why)
{
    struct offers_offer offer = {.id = id, .version = version};
    struct arena arena;
    arena_init(&arena, 0);
    struct work w = {.offer = &offer, .now_ms = now_ms, .arena = &arena};
    enum err e = db_write_said(db, end, &w, &w.why, why);
    arena_fini(&arena);
    return e;
}
