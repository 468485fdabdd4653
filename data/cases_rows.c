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
        .assignee = db_int(q, 22),
        .priority = (int)db_int(q, 24),
        .rating = (int)db_int(q, 25),
        .opened_ms = db_int(q, 26),
        .closed_ms = db_int(q, 27),
        .joined = db_int(q, 28),
        .anonymised = db_int(q, 29),
        .edition = db_int(q, 30),
        .supports = db_int(q, 31),
        .answer_by_ms = db_int(q, 32),
        .answered_ms = db_int(q, 33),
        .comments = db_int(q, 34),
    };
    const struct {
        int column;
        const char **to;
    } texts[] = {{1, &c.public_id},     {2, &c.kind},     {3, &c.category},
                 {4, &c.state},         {9, &c.address},  {10, &c.description},
                 {13, &c.duplicate_of}, {17, &c.amenity}, {23, &c.unit}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (copy(arena, db_text(q, texts[i].column), texts[i].to)) return ERR_NOMEM;
    *read = c;
    return ERR_OK;
}

static void read_hint(struct db_query *q, struct photos_hint *hint)
{
    const char *time = db_text(q, 9);
    hint->has_position = !db_is_null(q, 7) && !db_is_null(q, 8);
    if (hint->has_position) hint->at = (struct coord){db_real(q, 7), db_real(q, 8)};
    hint->has_time = strlen(time) == sizeof hint->time - 1;
    if (hint->has_time) memcpy(hint->time, time, sizeof hint->time);
}

static enum err read_photo(struct db_query *q, struct arena *arena, struct cases_photo *photo)
{
    enum err e = copy(arena, db_text(q, 0), &photo->public_id);
    for (int i = 0; i < PHOTOS_SIZES && !e; i++)
        e = copy(arena, db_text(q, 1 + i), &photo->blobs[i]);
    photo->width = (int)db_int(q, 4);
    photo->height = (int)db_int(q, 5);
    photo->created_ms = db_int(q, 6);
    read_hint(q, &photo->hint);
    photo->id = db_int(q, 10);
    photo->event = db_int(q, 11);
    photo->by_staff = db_int(q, 12);
    photo->seen = cases_rows_seen(db_text(q, 13));
    return e;
}

static enum err read_said(struct db *db, struct arena *arena, struct cases_case *of)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct kinds_said *said = arena_calloc(arena, CASES_SAID_MAX, sizeof *said);
    if (!said) return ERR_NOMEM;
    enum err e = db_prepare(
        db, "SELECT question, value FROM case_answers WHERE case_id = :case ORDER BY place", &q);
    if (e) return e;
    db_bind_int(q, ":case", of->id);
    for (; n < CASES_SAID_MAX && !(e = db_step(q, &row)) && row && !e; n++) {
        e = copy(arena, db_text(q, 0), &said[n].code);
        if (!e) e = copy(arena, db_text(q, 1), &said[n].value);
        if (e) break;
    }
    db_done(q);
    of->said = said;
    of->said_count = n;
    return e;
}

enum err cases_rows_photos(struct db *db, struct arena *arena, struct cases_case *of)
{
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    struct cases_photo *photos = arena_calloc(arena, CASES_PHOTOS_KEPT, sizeof *photos);
    if (!photos) return ERR_NOMEM;
    enum err e = db_prepare(db,
                            "SELECT p.public_id, large, middle, small, width, height, created_ms, "
                            "hint_lon, hint_lat, hint_time, p.id, event_id, by_staff, "
                            "COALESCE(e.seen_by, 'public') FROM photos p LEFT JOIN case_events e "
                            "ON e.id = p.event_id WHERE p.case_id = :case ORDER BY place",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", of->id);
    while (n < CASES_PHOTOS_KEPT && !(e = db_step(q, &row)) && row &&
           !(e = read_photo(q, arena, &photos[n])))
        n++;
    db_done(q);
    if (e) return e;
    of->photos = photos;
    of->photo_count = n;
    return read_said(db, arena, of);
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

/* The role that an actor acts in, of all those held. */
static const char *actor_name(unsigned as)
{
    if (as & KINDS_REPORTER) return "reporter";
    if (as & KINDS_JOINER) return "joiner";
    if (as & KINDS_SYSTEM) return "system";
    for (unsigned r = 0; r < PEOPLE_ROLE_COUNT; r++)
        if ((as & KINDS_OFFICE) >> r & 1) return people_role_name((enum people_role)r);
    return "staff";
}

static const char *const seen_names[] = {"public", "sender", "staff"};

enum err cases_rows_event(struct db *db, int64_t case_id, const struct cases_event *event,
                          unsigned as)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "INSERT INTO case_events (case_id, at_ms, verb, from_state, to_state, "
                            "actor, person_id, reason, value, seen_by, due_ms) VALUES (:case, :at, "
                            ":verb, :from, :to, :actor, NULLIF(:person, 0), :reason, :value, "
                            ":seen, NULLIF(:due, 0))",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":at", event->at_ms);
    db_bind_text(q, ":verb", event->verb);
    db_bind_text(q, ":from", event->from);
    db_bind_text(q, ":to", event->to);
    db_bind_text(q, ":actor", actor_name(as));
    db_bind_int(q, ":person", event->person);
    db_bind_text(q, ":reason", event->reason ? event->reason : "");
    db_bind_text(q, ":value", event->value ? event->value : "");
    db_bind_text(q, ":seen", seen_names[event->seen]);
    db_bind_int(q, ":due", event->due_ms);
    return db_run(q, NULL);
}

enum cases_seen cases_rows_seen(const char *name)
{
    return strcmp(name, "public") == 0   ? CASES_PUBLIC
           : strcmp(name, "sender") == 0 ? CASES_SENDER
                                         : CASES_STAFF;
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

enum err cases_rows_get(struct db *db, int64_t id, struct arena *arena, struct cases_case *found)
{
    struct db_query *q;
    bool row = false;
    enum err e =
        db_prepare(db, "SELECT " CASES_ROWS_COLUMNS CASES_ROWS_FROM "WHERE c.id = :id", &q);
    if (e) return e;
    db_bind_int(q, ":id", id);
    if (!(e = db_step(q, &row))) e = row ? cases_rows_read(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e ? e : cases_rows_photos(db, arena, found);
}
