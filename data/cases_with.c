#include "data/cases_with.h"

#include <string.h>

enum { ANSWER_MAX = 1 << 20 };

/* --- photos --- */

static enum err count_photos(struct db *db, int64_t case_id, size_t *count, size_t *sent,
                             size_t *place)
{
    struct db_query *q;
    bool row;
    enum err e = db_prepare(db,
                            "SELECT count(*), COALESCE(max(place) + 1, 0), count(*) FILTER (WHERE "
                            "NOT by_staff) FROM photos WHERE case_id = :case",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    if (!(e = db_step(q, &row))) {
        *count = (size_t)db_int(q, 0);
        *place = (size_t)db_int(q, 1);
        *sent = (size_t)db_int(q, 2);
    }
    db_done(q);
    return e;
}

static void bind_hint(struct db_query *q, const struct photos_hint *hint)
{
    db_bind_text(q, ":hint_time", hint->has_time ? hint->time : "");
    if (!hint->has_position) return;
    db_bind_real(q, ":hint_lon", hint->at.lon);
    db_bind_real(q, ":hint_lat", hint->at.lat);
}

static enum err insert_photo(struct db *db, const struct cases_with *with, size_t place, size_t i)
{
    const struct photos_clean *photo = &with->photos[i];
    struct db_query *q;
    enum err e = photo_files_keep(db, with->dir, photo, &with->files[i], with->now_ms);
    if (!e)
        e = db_prepare(db,
                       "INSERT INTO photos (public_id, case_id, place, large, middle, small, "
                       "width, height, original_hash, look, hint_lon, hint_lat, hint_time, "
                       "event_id, by_staff, "
                       "created_ms) VALUES (:public, :case, :place, :large, :middle, :small, "
                       ":width, :height, :hash, :look, :hint_lon, :hint_lat, :hint_time, "
                       "NULLIF(:event, 0), :by_staff, :now)",
                       &q);
    if (e) return e;
    photo_files_bind(q, photo, &with->files[i], with->now_ms);
    db_bind_int(q, ":case", with->case_id);
    db_bind_int(q, ":place", (int64_t)place);
    db_bind_int(q, ":event", with->event);
    db_bind_int(q, ":by_staff", with->by_staff);
    if (photo->has_look) db_bind_int(q, ":look", (int64_t)photo->look);
    bind_hint(q, &photo->hint);
    return db_run(q, NULL);
}

enum err cases_with_photos(struct db *db, const struct cases_with *with, struct why *why)
{
    size_t count = 0, sent = 0, place = 0;
    if (!with->photo_count) return ERR_OK;
    enum err e = count_photos(db, with->case_id, &count, &sent, &place);
    if (!e && count + with->photo_count > CASES_PHOTOS_KEPT)
        return err_say(why, ERR_LIMIT, "a case may have %d photos, this one has %zu",
                       CASES_PHOTOS_KEPT, count);
    if (!e && !with->by_staff && sent + with->photo_count > CASES_PHOTOS_SENT)
        return err_say(why, ERR_LIMIT,
                       "a case may have %d photos of who sent and joined it, this "
                       "one has %zu",
                       CASES_PHOTOS_SENT, sent);
    for (size_t i = 0; i < with->photo_count && !e; i++)
        e = insert_photo(db, with, place + i, i);
    return e;
}

/* --- answers --- */

static enum err insert_said(struct db *db, int64_t case_id, size_t place,
                            const struct kinds_said *said)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_answers (case_id, place, question, value) VALUES "
                            "(:case, :place, :question, :value)",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":place", (int64_t)place);
    db_bind_text(q, ":question", said->code);
    db_bind_text(q, ":value", said->value);
    return db_run(q, NULL);
}

enum err cases_with_said(struct db *db, int64_t case_id, const struct kinds_said *said,
                         size_t count)
{
    struct db_query *q;
    if (!count) return ERR_OK;
    enum err e = db_prepare(db, "DELETE FROM case_answers WHERE case_id = :case", &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    e = db_run(q, NULL);
    for (size_t i = 0; i < count && !e; i++)
        e = insert_said(db, case_id, i, &said[i]);
    return e;
}

/* --- requests that come twice --- */

/* The answer is rendered and kept with what it tells of. */
enum err cases_with_answer(struct db *db, const struct cases_reply *reply,
                           const struct cases_case *now, const char *token, int64_t now_ms,
                           struct arena *arena, struct idempotency_answer *answer)
{
    struct buf body;
    if (!reply) return ERR_OK;
    buf_init(&body, ANSWER_MAX);
    enum err e = reply->render(reply->user, now, token, &body);
    if (!e) e = body.err;
    if (!e) {
        char *kept = arena_strndup(arena, body.bytes ? body.bytes : "", body.len);
        *answer = (struct idempotency_answer){reply->status, kept, body.len, now->public_id};
        e = kept ? idempotency_keep(db, &reply->request, now_ms, answer) : ERR_NOMEM;
    }
    buf_fini(&body);
    return e;
}
