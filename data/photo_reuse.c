#include "data/photo_reuse.h"

#include "data/photo_look.h"

#include <string.h>

/* Two that differ in at most PHOTO_LOOK_NEAR bits have one of so many bands in common. */
enum { BANDS = 4, BAND_BITS = 64 / BANDS, BAND_MASK = (1 << BAND_BITS) - 1, OWN_MAX = 16 };
_Static_assert((int)PHOTO_LOOK_NEAR < (int)BANDS, "by the pigeonhole principle");

struct own {
    const char *photo;
    uint64_t look;
};

struct finding {
    struct arena *arena;
    struct photo_reuse *found;
    size_t count;
    struct own own[OWN_MAX];
    size_t own_count;
};

static bool is_known(const struct finding *f, const char *photo, const char *report)
{
    for (size_t i = 0; i < f->count; i++)
        if (strcmp(f->found[i].photo, photo) == 0 && strcmp(f->found[i].report, report) == 0)
            return true;
    return false;
}

/* Of a row that begins with the other case's public id, kind and area. */
static enum err add(struct finding *f, struct db_query *q, const char *photo, bool is_exact)
{
    if (f->count == PHOTO_REUSE_MAX || is_known(f, photo, db_text(q, 0))) return ERR_OK;
    struct photo_reuse r = {.photo = photo,
                            .report = arena_strdup(f->arena, db_text(q, 0)),
                            .kind = arena_strdup(f->arena, db_text(q, 1)),
                            .area_id = db_int(q, 2),
                            .is_exact = is_exact};
    if (!r.report || !r.kind) return ERR_NOMEM;
    f->found[f->count++] = r;
    return ERR_OK;
}

static enum err find_exact(struct db *db, int64_t case_id, struct finding *f)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db,
        "SELECT c.public_id, c.kind, c.area_id, m.public_id FROM photos m JOIN photos p ON "
        "p.original_hash = m.original_hash AND p.case_id <> m.case_id JOIN cases c ON c.id = "
        "p.case_id WHERE m.case_id = :case ORDER BY p.id LIMIT :limit",
        &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":limit", PHOTO_REUSE_MAX);
    while (!(e = db_step(q, &row)) && row) {
        const char *photo = arena_strdup(f->arena, db_text(q, 3));
        e = photo ? add(f, q, photo, true) : ERR_NOMEM;
        if (e) break;
    }
    db_done(q);
    return e;
}

static enum err read_own(struct db *db, int64_t case_id, struct finding *f)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db,
                            "SELECT public_id, look FROM photos WHERE case_id = :case AND look IS "
                            "NOT NULL ORDER BY place",
                            &q);
    if (e) return e;
    db_bind_int(q, ":case", case_id);
    while (f->own_count < OWN_MAX && !(e = db_step(q, &row)) && row) {
        struct own own = {arena_strdup(f->arena, db_text(q, 0)), (uint64_t)db_int(q, 1)};
        if (!own.photo) {
            e = ERR_NOMEM;
            break;
        }
        f->own[f->own_count++] = own;
    }
    db_done(q);
    return e;
}

/* Each by the index of its band: the expression must be the index's own. */
#define BAND(of)                                                                                   \
    "SELECT c.public_id, c.kind, c.area_id, p.look FROM (SELECT case_id, look FROM photos WHERE "  \
    "look IS NOT NULL AND " of " = :band AND case_id <> :case LIMIT :limit) p JOIN cases c ON "    \
    "c.id = p.case_id"
static const char *const band_sql[BANDS] = {BAND("look & 65535"), BAND("look >> 16 & 65535"),
                                            BAND("look >> 32 & 65535"), BAND("look >> 48 & 65535")};

static enum err find_similar(struct db *db, int64_t case_id, const struct own *own, int band,
                             struct finding *f)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(db, band_sql[band], &q);
    if (e) return e;
    db_bind_int(q, ":band", (int64_t)(own->look >> (band * BAND_BITS) & BAND_MASK));
    db_bind_int(q, ":case", case_id);
    db_bind_int(q, ":limit", PHOTO_REUSE_LOOKS);
    while (!(e = db_step(q, &row)) && row)
        if (photo_look_apart((uint64_t)db_int(q, 3), own->look) <= PHOTO_LOOK_NEAR &&
            (e = add(f, q, own->photo, false)))
            break;
    db_done(q);
    return e;
}

enum err photo_reuse_find(struct db *db, int64_t case_id, struct arena *arena,
                          struct photo_reuse **found, size_t *count)
{
    struct finding f = {.arena = arena};
    f.found = arena_calloc(arena, PHOTO_REUSE_MAX, sizeof *f.found);
    if (!f.found) return ERR_NOMEM;
    enum err e = find_exact(db, case_id, &f);
    if (!e) e = read_own(db, case_id, &f);
    for (size_t i = 0; i < f.own_count && !e; i++)
        for (int band = 0; band < BANDS && !e; band++)
            e = find_similar(db, case_id, &f.own[i], band, &f);
    if (e) return e;
    *found = f.found;
    *count = f.count;
    return ERR_OK;
}
