#include "data/people_note.h"

#include "data/changes.h"
#include "geo/base/clock.h"

enum err people_note(struct db *db, const struct people_by *by, enum audit_verb verb,
                     int64_t person, int64_t area, const char *detail)
{
    const struct audit_row row = {.verb = verb,
                                  .person = by ? by->person : 0,
                                  .subject = person,
                                  .area = area,
                                  .route = by ? by->route : NULL,
                                  .detail = detail,
                                  .at_ms = clock_utc_ms()};
    enum err e = audit_add(db, &row);
    return e ? e : changes_add(db, CHANGES_people, person, audit_verb_name(verb));
}

enum err people_note_admins(struct db *db, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT count(*) FROM grants g JOIN people p ON p.id = g.person_id "
                            "WHERE g.role = 'city_admin' AND g.area_id IS NULL AND g.kind = '' AND "
                            "p.disabled_ms IS NULL AND p.password <> ''",
                            &q);
    if (e) return e;
    if (!(e = db_step(q, &row))) *count = row ? db_int(q, 0) : 0;
    db_done(q);
    return e;
}

enum err people_note_keep(struct db *db, int64_t before, struct why *why)
{
    int64_t left = 0;
    enum err e = people_note_admins(db, &left);
    if (e || left || !before) return e;
    return err_say(why, ERR_CONFLICT,
                   "nobody would be left who can sign in as a city administrator: make another one "
                   "first");
}
