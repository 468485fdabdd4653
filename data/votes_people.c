#include "data/votes_people.h"

#include "data/members.h"
#include "data/people_reach.h"

static enum err is_there(struct db *db, int64_t person, bool *there)
{
    struct db_query *q;
    enum err e = db_prepare(db,
                            "SELECT 1 FROM people WHERE id = :person AND disabled_ms IS NULL AND "
                            "forgotten_ms IS NULL",
                            &q);
    if (e) return e;
    db_bind_int(q, ":person", person);
    e = db_step(q, there);
    db_done(q);
    return e;
}

struct asker {
    bool all;
    struct people_by by;
    int64_t area_id; /* of the vote */
};

static enum err may_ask(struct db *db, const struct asker *asker, int64_t person, bool *may)
{
    struct why why = {""};
    enum err e = is_there(db, person, may);
    if (e || !*may || asker->all) return e;
    e = members_in(db, asker->area_id, person, may);
    if (e || *may) return e;
    /* Who is in sight may be asked, also where their account is not to be changed. */
    e = people_reach_person(db, &asker->by, person, true, NULL, &why);
    *may = e == ERR_OK || e == ERR_DENIED;
    return *may || e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err votes_people_stranger(struct db *db, const struct votes_vote *vote, int64_t by,
                               const int64_t *people, size_t count, struct arena *arena,
                               size_t *first, struct why *why)
{
    struct asker asker = {.by = {.person = by}, .area_id = vote->area_id};
    struct people_reach reach;
    bool may = true;
    size_t i = 0;
    enum err e = people_reach_read(db, by ? &asker.by : NULL, arena, &reach, why);
    if (e) return e;
    asker.all = reach.all;
    for (; i < count && !e; i++) {
        if (people[i]) e = may_ask(db, &asker, people[i], &may);
        if (e || !may) break;
    }
    *first = i;
    return e;
}

static enum err add(struct db *db, int64_t vote, int64_t person, int64_t *added)
{
    struct db_query *q;
    enum err e = db_prepare(
        db, "INSERT OR IGNORE INTO vote_people (vote_id, person_id) VALUES (:vote, :person)", &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    db_bind_int(q, ":person", person);
    return db_run(q, added);
}

static enum err clear(struct db *db, int64_t vote)
{
    struct db_query *q;
    enum err e = db_prepare(db, "DELETE FROM vote_people WHERE vote_id = :vote", &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    return db_run(q, NULL);
}

enum err votes_people_put(struct db *db, const struct votes_vote *vote, int64_t by,
                          const int64_t *people, size_t count, struct arena *arena, struct why *why)
{
    size_t good = 0;
    enum err e = clear(db, vote->id);
    if (!e && count) e = votes_people_stranger(db, vote, by, people, count, arena, &good, why);
    for (size_t i = 0; i < count && !e; i++) {
        int64_t added = 0;
        if (i < good && people[i]) e = add(db, vote->id, people[i], &added);
        if (!e && !added)
            e = err_say(why, ERR_INVALID,
                        "people/%zu is nobody whom you can ask, or is there twice", i);
    }
    return e;
}

enum err votes_people_check(struct db *db, const struct votes_vote *vote, int64_t by,
                            struct arena *arena, struct why *why)
{
    const int64_t *people = NULL;
    size_t count = 0, good = 0;
    enum err e = votes_people_of(db, vote->id, arena, &people, &count);
    if (!e) e = votes_people_stranger(db, vote, by, people, count, arena, &good, why);
    if (!e && good < count)
        return err_say(why, ERR_CONFLICT,
                       "person %lld of the list is nobody whom you can ask: write the list anew",
                       (long long)people[good]);
    return e;
}

enum err votes_people_of(struct db *db, int64_t vote, struct arena *arena, const int64_t **people,
                         size_t *count)
{
    int64_t *list = arena_calloc(arena, VOTES_PEOPLE_MAX + 1, sizeof *list);
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    if (!list) return ERR_NOMEM;
    enum err e = db_prepare(
        db,
        "SELECT v.person_id FROM vote_people v JOIN people p ON p.id = v.person_id WHERE v.vote_id "
        "= :vote AND p.disabled_ms IS NULL AND p.forgotten_ms IS NULL ORDER BY v.person_id",
        &q);
    if (e) return e;
    db_bind_int(q, ":vote", vote);
    while (n < VOTES_PEOPLE_MAX && !(e = db_step(q, &row)) && row)
        list[n++] = db_int(q, 0);
    db_done(q);
    if (e) return e;
    *people = list;
    *count = n;
    return ERR_OK;
}
