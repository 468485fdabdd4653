#include "data/cases_rows.h"

#include "geo/base/text.h"

#include <string.h>

static enum err copy(struct arena *arena, const char *text, const char **copied)
{
    char *made = arena_strdup(arena, text);
    if (!made) return ERR_NOMEM;
    *copied = made;
    return ERR_OK;
}

enum err cases_rows_read(struct db_query *q, struct arena *arena, struct cases_case *read)
{
    struct cases_case c = {
        .id = db_int(q, 0),
        .version = db_int(q, 5),
        .has_position = !db_is_null(q, 6),
        .at = {db_real(q, 6), db_real(q, 7)},
        .accuracy_m = db_is_null(q, 8) ? -1 : db_real(q, 8),
        .area_id = db_int(q, 11),
        .reporter = db_int(q, 12),
        .created_ms = db_int(q, 14),
        .updated_ms = db_int(q, 15),
        .place = db_int(q, 16),
        .has_to = !db_is_null(q, 18) && !db_is_null(q, 19),
        .to = {db_real(q, 18), db_real(q, 19)},
        .due = {db_int(q, 20), db_int(q, 21)},
    };
    const struct {
        int column;
        const char **to;
    } texts[] = {{1, &c.public_id}, {2, &c.kind},         {3, &c.category},      {4, &c.state},
                 {9, &c.address},   {10, &c.description}, {13, &c.duplicate_of}, {17, &c.amenity}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (copy(arena, db_text(q, texts[i].column), texts[i].to)) return ERR_NOMEM;
    *read = c;
    return ERR_OK;
}

static enum err read_photo(struct db_query *q, struct arena *arena, struct cases_photo *photo)
{
    enum err e = copy(arena, db_text(q, 0), &photo->public_id);
    if (!e) e = copy(arena, db_text(q, 1), &photo->large);
    if (!e) e = copy(arena, db_text(q, 2), &photo->small);
    photo->width = (int)db_int(q, 3);
    photo->height = (int)db_int(q, 4);
    photo->created_ms = db_int(q, 5);
    return e;
}

enum err cases_rows_photos(struct db *db, struct arena *arena, struct cases_case *of)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct cases_photo *photos = arena_calloc(arena, CASES_PHOTOS_MAX, sizeof *photos);
    if (!photos) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT public_id, large, small, width, height, created_ms FROM photos "
                            "WHERE case_id = :case ORDER BY place",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", of->id);
    while (n < CASES_PHOTOS_MAX && !(e = db_step(q, &row)) && row &&
           !(e = read_photo(q, arena, &photos[n])))
        n++;
    db_done(q);
    if (e) return e;
    of->photos = photos;
    of->photo_count = n;
    return ERR_OK;
}

enum err cases_rows_find(struct db *db, const char *public_id, struct arena *arena,
                         struct cases_case *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT " CASES_ROWS_COLUMNS CASES_ROWS_FROM "WHERE c.public_id = :public", &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    if (!(e = db_step(q, &row))) e = row ? cases_rows_read(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}

enum err cases_rows_event(struct db *db, int64_t case_id, const struct cases_event *event,
                          enum kinds_actor as)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_events (case_id, at_ms, from_state, to_state, actor, "
                            "person_id, reason, due_ms) VALUES (:case, :at, :from, :to, :actor, "
                            "NULLIF(:person, 0), :reason, NULLIF(:due, 0))",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":at", event->at_ms);
    db_bind_text(q, ":from", event->from);
    db_bind_text(q, ":to", event->to);
    db_bind_text(q, ":actor", as == KINDS_STAFF ? "staff" : "reporter");
    db_bind_int(q, ":person", event->person);
    db_bind_text(q, ":reason", event->reason ? event->reason : "");
    db_bind_int(q, ":due", event->due_ms);
    return db_run(q, NULL);
}

enum err cases_rows_text(const char *field, const char *text, size_t max, struct why *why)
{
    if (!text) return ERR_OK;
    size_t n = strlen(text);
    if (!text_utf8_valid(text, n)) return err_say(why, ERR_INVALID, "%s is not valid UTF-8", field);
    if (text_utf8_count(text, n) > max)
        return err_say(why, ERR_INVALID, "%s is longer than %zu characters", field, max);
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] < 0x20 && text[i] != '\n' && text[i] != '\r' && text[i] != '\t')
            return err_say(why, ERR_INVALID, "%s holds a control character", field);
    return ERR_OK;
}
