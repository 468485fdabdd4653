#include "data/feedback.h"

#include "data/cases_rows.h"
#include "data/changes.h"

#include <string.h>

static bool is_open(const struct kinds *kinds, const char *state)
{
    const struct kinds_kind *kind = kinds_find(kinds, FEEDBACK_KIND);
    const struct kinds_state *found = kind ? kinds_state(kind, state) : NULL;
    return found && found->open;
}

/* --- weighing --- */

/* Different voices, as many as matter. */
struct voices {
    unsigned char of[FEEDBACK_DOUBT][SECRETS_HASH_BYTES];
    size_t count;
};

static void hear(struct voices *voices, const void *voice, size_t len)
{
    if (len != SECRETS_HASH_BYTES || voices->count == FEEDBACK_DOUBT) return;
    for (size_t i = 0; i < voices->count; i++)
        if (memcmp(voices->of[i], voice, len) == 0) return;
    memcpy(voices->of[voices->count++], voice, len);
}

static enum err count_voices(struct db *db, const struct kinds *kinds, int64_t place,
                             struct voices *voices)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT state, session_hash FROM cases WHERE place_id = :place AND "
                            "category = 'closed' AND kind = '" FEEDBACK_KIND "'",
                            &q);
    if (e) return e;
    db_bind_int(q, ":place", place);
    while (!(e = db_step(q, &row)) && row && voices->count < FEEDBACK_DOUBT) {
        size_t len;
        const void *voice = db_blob(q, 1, &len);
        if (is_open(kinds, db_text(q, 0))) hear(voices, voice, len);
    }
    db_done(q);
    return e;
}

enum err feedback_weigh(struct db *db, const struct kinds *kinds, int64_t place)
{
    struct voices voices = {.count = 0};
    int64_t changed = 0;
    struct db_query *q;
    enum err e = count_voices(db, kinds, place, &voices);
    if (!e)
        e = db_prepare(db,
                       "UPDATE places SET doubted = :doubted WHERE id = :place AND doubted <> "
                       ":doubted",
                       &q);
    if (e) return e;
    db_bind_int(q, ":doubted", voices.count == FEEDBACK_DOUBT);
    db_bind_int(q, ":place", place);
    e = db_run(q, &changed);
    return e || !changed ? e : changes_add(db, CHANGES_places, place, "doubted");
}

enum err feedback_open(struct db *db, const struct kinds *kinds, int64_t place, int64_t *count)
{
    struct db_query *q;
    bool row = false;
    int64_t n = 0;
    enum err e = db_prepare(db,
                            "SELECT state, count(*) FROM cases WHERE place_id = :place AND kind = "
                            "'" FEEDBACK_KIND "' GROUP BY state",
                            &q);
    if (e) return e;
    db_bind_int(q, ":place", place);
    while (!(e = db_step(q, &row)) && row)
        if (is_open(kinds, db_text(q, 0))) n += db_int(q, 1);
    db_done(q);
    if (!e) *count = n;
    return e;
}

/* --- mending --- */

const char *feedback_mend_name(enum feedback_mend mend)
{
    static const char *const names[] = {[FEEDBACK_CLOSE] = "close",
                                        [FEEDBACK_REMOVE] = "remove",
                                        [FEEDBACK_MOVE] = "move",
                                        [FEEDBACK_AMENITY] = "amenity",
                                        [FEEDBACK_HOURS] = "hours"};
    return names[mend];
}

unsigned feedback_mends(const struct cases_case *c)
{
    static const struct {
        const char *category;
        unsigned mends;
    } table[] = {{"closed", 1u << FEEDBACK_CLOSE | 1u << FEEDBACK_REMOVE},
                 {"moved", 1u << FEEDBACK_MOVE | 1u << FEEDBACK_REMOVE},
                 {"missing_facility", 1u << FEEDBACK_AMENITY},
                 {"wrong_hours", 1u << FEEDBACK_HOURS}};
    if (!c->place || strcmp(c->kind, FEEDBACK_KIND) != 0) return 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].category, c->category) == 0) return table[i].mends;
    return 0;
}

struct settling {
    const struct kinds *kinds;
    const struct feedback_mending *mending;
    struct arena *arena;
    struct cases_case moved;
};

/* What is written after the place, in its transaction. */
static enum err move_case(struct db *db, void *user, struct why *why)
{
    struct settling *s = user;
    return cases_act_within(db, s->kinds, s->mending->moving, s->arena, &s->moved, why);
}

/* The place's amenities without the one that is missing. */
static enum err without(struct db *db, int64_t place, const char *amenity, struct arena *arena,
                        struct places_row *row)
{
    struct places_row now;
    size_t n = strlen(amenity), len = 0;
    enum err e = places_get(db, place, arena, &now);
    char *left = e ? NULL : arena_alloc(arena, strlen(now.amenities) + 1);
    if (e || !left) return e ? e : ERR_NOMEM;
    for (const char *word = now.amenities; *word;) {
        size_t w = strcspn(word, " ");
        if (w != n || memcmp(word, amenity, n) != 0) {
            if (len) left[len++] = ' ';
            memcpy(left + len, word, w);
            len += w;
        }
        word += w + (word[w] == ' ');
    }
    left[len] = '\0';
    row->amenities = left;
    return ERR_OK;
}

static enum err mend_fields(struct db *db, const struct categories *categories,
                            const struct cases_case *c, const struct feedback_mending *m,
                            const struct places_by *by, struct arena *arena,
                            struct places_row *after, struct why *why)
{
    struct places_row row = {.at = m->at};
    enum err e = ERR_OK;
    struct places_edit edit = {.id = c->place, .version = m->place_version, .row = &row};
    switch (m->mend) {
    case FEEDBACK_MOVE:
        edit.fields = 1u << PLACES_location;
        break;
    case FEEDBACK_AMENITY:
        edit.fields = 1u << PLACES_amenities;
        e = without(db, c->place, c->amenity, arena, &row);
        break;
    default:
        edit.row = m->row;
        edit.fields = m->fields;
    }
    return e ? err_say(why, e, "%s", err_text(e))
             : places_edit(db, categories, &edit, by, arena, after, why);
}

enum err feedback_settle(struct db *db, const struct kinds *kinds,
                         const struct categories *categories, const struct feedback_mending *m,
                         struct arena *arena, struct cases_case *moved, struct places_row *after,
                         struct why *why)
{
    struct settling s = {.kinds = kinds, .mending = m, .arena = arena};
    struct places_by by = *m->by;
    struct cases_case c;
    enum err e = cases_get(db, m->moving->public_id, arena, &c);
    if (e == ERR_NOTFOUND) return err_say(why, e, "there is no case \"%s\"", m->moving->public_id);
    if (e) return err_say(why, e, "cannot read it: %s", db_error(db));
    if (!(feedback_mends(&c) >> m->mend & 1))
        return err_say(why, ERR_INVALID, "\"%s\" does not go with what the case says",
                       feedback_mend_name(m->mend));
    by.also = move_case;
    by.also_user = &s;
    if (m->mend == FEEDBACK_CLOSE)
        e = places_close(db, c.place, m->place_version, m->from_ms, m->to_ms, &by, arena, after,
                         why);
    else if (m->mend == FEEDBACK_REMOVE)
        e = places_remove(db, c.place, m->place_version, &by, arena, after, why);
    else
        e = mend_fields(db, categories, &c, m, &by, arena, after, why);
    if (!e) *moved = s.moved;
    return e;
}
