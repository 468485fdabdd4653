#include "data/cases_rows.h"
#include "data/cases_sender.h"
#include "data/cases_with.h"

#include "data/changes.h"
#include "data/feedback.h"
#include "data/photo_files.h"
#include "data/voices.h"

#include <math.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

struct creating {
    const struct datadir *dir;
    const struct cases_new *fresh;
    const struct kinds *kinds;
    const struct kinds_kind *kind;
    const struct cases_reply *reply;
    struct arena *arena;
    char public_id[SECRETS_ID_SIZE];
    struct cases_due due;
    struct photo_files files[CASES_PHOTOS_MAX];
    struct cases_created made;
    struct why *why;
};

/* --- what is asked --- */

static enum err check_place(const struct kinds_kind *kind, const struct cases_new *fresh,
                            struct why *why)
{
    bool address = fresh->address && fresh->address[0];
    if (kind->position && !fresh->has_position && !address)
        return err_say(why, ERR_INVALID,
                       "lon and lat are missing, and there is no address instead");
    if (fresh->has_position && !coord_valid(fresh->at))
        return err_say(why, ERR_RANGE, "lon must be within -180 to 180 and lat within -90 to 90");
    if (fresh->has_to && !coord_valid(fresh->to))
        return err_say(why, ERR_RANGE, "the place's new position is outside the world");
    if (isnan(fresh->accuracy_m) || fresh->accuracy_m > 1e6)
        return err_say(why, ERR_RANGE, "accuracy must be a number of metres up to 1000000");
    return ERR_OK;
}

static enum err check(const struct kinds *kinds, const struct cases_new *fresh,
                      const struct cases_reply *reply, const struct kinds_kind **kind,
                      struct why *why)
{
    const struct kinds_kind *found = kinds_find(kinds, fresh->kind);
    if (!found) return err_say(why, ERR_INVALID, "there is no kind of case \"%s\"", fresh->kind);
    const struct kinds_category *category =
        fresh->category ? kinds_category(found, fresh->category) : NULL;
    if (!category)
        return err_say(why, ERR_INVALID, "category: there is none \"%s\"",
                       fresh->category ? fresh->category : "");
    if (category->phone)
        return err_say(why, ERR_INVALID, "category: %s is not taken here: %s (%s)",
                       category->label.en, category->redirect.en, category->redirect.zh);
    enum err e = check_place(found, fresh, why);
    if (!e) e = kinds_check(category, fresh->said, fresh->said_count, why);
    if (!e) e = cases_rows_text("description", fresh->description, CASES_DESCRIPTION_MAX, why);
    if (!e) e = cases_rows_text("address", fresh->address, CASES_ADDRESS_MAX, why);
    if (e) return e;
    if (fresh->photo_count > CASES_PHOTOS_MAX)
        return err_say(why, ERR_LIMIT, "at most %d photos are taken", CASES_PHOTOS_MAX);
    if (reply && !idempotency_key_ok(reply->request.key))
        return err_say(why, ERR_INVALID,
                       "Idempotency-Key must have 1 to %d printable ASCII characters",
                       IDEMPOTENCY_KEY_MAX);
    *kind = found;
    return ERR_OK;
}

/* --- rows --- */

/* The place that it is about. */
static void bind_about(struct db_query *q, const struct cases_new *fresh)
{
    db_bind_int(q, ":place", fresh->place);
    db_bind_text(q, ":amenity", fresh->amenity ? fresh->amenity : "");
    if (!fresh->has_to) return;
    db_bind_real(q, ":to_lon", fresh->to.lon);
    db_bind_real(q, ":to_lat", fresh->to.lat);
}

static enum err insert_case(struct db *db, const struct creating *c)
{
    const struct cases_new *fresh = c->fresh;
    unsigned char session[SECRETS_HASH_BYTES], wkb[21] = {1, 1, 0, 0, 0};
    struct db_query *q;
    bool has_voice = fresh->session && fresh->session[0];
    enum err e = has_voice ? voices_of(db, fresh->place, fresh->session, session) : ERR_OK;
    if (e) return e;
    e = db_prepare(
        db,
        "INSERT INTO cases (public_id, kind, category, state, version, area_id, accuracy_m, "
        "address, description, reporter_id, session_hash, place_id, amenity, to_lon, to_lat, "
        "created_ms, updated_ms, opened_ms, due_ms, left_min, answer_by_ms, unit, geom) VALUES "
        "(:public, :kind, "
        ":category, "
        ":state, 1, NULLIF(:area, "
        "0), :accuracy, :address, :description, NULLIF(:reporter, 0), :session, NULLIF(:place, 0), "
        ":amenity, :to_lon, :to_lat, :now, :now, :now, NULLIF(:due, 0), NULLIF(:left, 0), "
        "NULLIF(:answer, 0), "
        ":unit, "
        "ST_GeomFromWKB(:wkb, 4326))",
        &q);
    if (e) return e;
    db_bind_text(q, ":public", c->public_id);
    db_bind_text(q, ":kind", c->kind->code);
    db_bind_text(q, ":category", fresh->category);
    db_bind_text(q, ":state", c->kind->states[c->kind->first_state].code);
    db_bind_int(q, ":area", fresh->area_id);
    if (fresh->accuracy_m >= 0) db_bind_real(q, ":accuracy", fresh->accuracy_m);
    db_bind_text(q, ":address", fresh->address ? fresh->address : "");
    db_bind_text(q, ":description", fresh->description ? fresh->description : "");
    db_bind_int(q, ":reporter", fresh->reporter);
    if (has_voice) db_bind_blob(q, ":session", session, sizeof session);
    db_bind_int(q, ":now", fresh->now_ms);
    db_bind_int(q, ":due", c->due.due_ms);
    db_bind_int(q, ":left", c->due.left_min);
    if (c->kind->answer_min)
        db_bind_int(q, ":answer", fresh->now_ms + c->kind->answer_min * MINUTE_MS);
    db_bind_text(q, ":unit", kinds_category(c->kind, fresh->category)->unit);
    bind_about(q, fresh);
    if (fresh->has_position) {
        memcpy(wkb + 5, &fresh->at.lon, 8); /* little endian, as the first byte says */
        memcpy(wkb + 13, &fresh->at.lat, 8);
        db_bind_blob(q, ":wkb", wkb, sizeof wkb);
    }
    e = db_run(q, NULL);
    return e == ERR_CONFLICT
               ? err_say(c->why, ERR_INVALID,
                         "the area or the reporter is not known, or the place: %s", db_error(db))
               : e;
}

static enum err create(struct db *db, void *user)
{
    struct creating *c = user;
    const struct cases_event event = {.verb = "created",
                                      .at_ms = c->fresh->now_ms,
                                      .from = "",
                                      .to = c->kind->states[c->kind->first_state].code,
                                      .person = c->fresh->reporter,
                                      .due_ms = c->due.due_ms};
    enum err e = ERR_NOTFOUND;
    if (c->reply)
        e = idempotency_find(db, &c->reply->request, c->fresh->now_ms, c->arena, &c->made.answer);
    if (e != ERR_NOTFOUND) {
        c->made.replayed = e == ERR_OK;
        return e == ERR_CONFLICT
                   ? err_say(c->why, e, "this Idempotency-Key came before with another body")
                   : e;
    }
    if ((e = insert_case(db, c))) return e;
    int64_t id = db_last_id(db);
    e = cases_rows_event(db, id, &event, KINDS_REPORTER);
    const struct cases_with with = {.dir = c->dir,
                                    .case_id = id,
                                    .photos = c->fresh->photos,
                                    .files = c->files,
                                    .photo_count = c->fresh->photo_count,
                                    .now_ms = c->fresh->now_ms};
    if (!e) e = cases_with_photos(db, &with, c->why);
    if (!e) e = cases_with_said(db, id, c->fresh->said, c->fresh->said_count);
    if (!e) e = cases_sender_give(db, id, c->made.token);
    if (!e) e = changes_add(db, CHANGES_cases, id, "created");
    if (!e && c->fresh->place) e = feedback_weigh(db, c->kinds, c->fresh->place);
    if (!e) e = cases_get(db, c->public_id, c->arena, &c->made.made);
    return e ? e
             : cases_with_answer(db, c->reply, &c->made.made, c->made.token, c->fresh->now_ms,
                                 c->arena, &c->made.answer);
}

enum err cases_create(struct db *db, const struct datadir *dir, const struct kinds *kinds,
                      const struct cases_new *fresh, const struct cases_reply *reply,
                      struct arena *arena, struct cases_created *created, struct why *why)
{
    struct why said = {""};
    struct creating c = {
        .dir = dir, .fresh = fresh, .kinds = kinds, .reply = reply, .arena = arena, .why = &said};
    enum err e = check(kinds, fresh, reply, &c.kind, &said);
    if (!e) {
        secrets_public_id(c.public_id);
        cases_due_begin(kinds, c.kind, kinds_category(c.kind, fresh->category), fresh->now_ms,
                        &c.due);
        e = photo_files_put(dir, fresh->photos, fresh->photo_count, c.files, &said);
        if (!e) {
            e = db_write(db, create, &c);
            if (e && !said.text[0]) (void)err_say(&said, e, "cannot store it: %s", db_error(db));
        }
        if (e || c.made.replayed) photo_files_take_back(db, dir, c.files, fresh->photo_count);
    }
    if (e) return err_say(why, e, "%s", said.text);
    *created = c.made;
    return ERR_OK;
}
