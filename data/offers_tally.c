#include "data/offers_tally.h"

#define BELOW(first)                                                                               \
    "(WITH RECURSIVE below (id) AS (" first " UNION SELECT a.id FROM areas a JOIN below b ON "     \
    "a.parent_id = b.id) SELECT id FROM below)"
#define SUMS(key)                                                                                  \
    "SELECT " key " AS key, count(*), count(DISTINCT o.id), count(DISTINCT o.place_id) FROM "      \
    "offer_uses u JOIN offers o ON o.id = u.offer_id WHERE u.day BETWEEN :from AND :to AND "       \
    "(:kind IS NULL OR o.kind = :kind) AND (:area = 0 OR o.area_id IN " BELOW(                     \
        "SELECT :area") ") AND (:areas IS NULL OR o.area_id IN " BELOW("SELECT value FROM "        \
                                                                       "json_each(:areas)") ") "
#define GROUPED "GROUP BY key ORDER BY key"

static const char *const statements[OFFERS_TALLY_BYS] = {
    [OFFERS_TALLY_NONE] = SUMS("''"),
    [OFFERS_TALLY_KIND] = SUMS("o.kind") GROUPED,
    [OFFERS_TALLY_AREA] = SUMS("COALESCE(o.area_id, 0)") GROUPED,
    [OFFERS_TALLY_MONTH] = SUMS("strftime('%Y-%m', u.day * 86400, 'unixepoch')") GROUPED};

struct reading {
    const struct offers_tally_filter *filter;
    struct arena *arena;
    struct offers_tally total, *groups;
    size_t count;
};

static enum err read_sums(struct db *db, const struct reading *r, enum offers_tally_by by,
                          struct offers_tally *sums, size_t room, size_t *count)
{
    const struct offers_tally_filter *f = r->filter;
    struct db_query *q;
    bool row = false;
    size_t n = 0;
    enum err e = db_prepare(db, statements[by], &q);
    if (e) return e;
    db_bind_int(q, ":from", f->from_day);
    db_bind_int(q, ":to", f->to_day);
    db_bind_text(q, ":kind", f->kind);
    db_bind_int(q, ":area", f->area_id);
    db_bind_text(q, ":areas", f->areas);
    while (!(e = db_step(q, &row)) && row) {
        const char *key = arena_strdup(r->arena, db_text(q, 0));
        if (!key) e = ERR_NOMEM;
        if (n == room) e = ERR_LIMIT;
        if (e) break;
        sums[n++] = (struct offers_tally){key, db_int(q, 1), db_int(q, 2), db_int(q, 3)};
    }
    db_done(q);
    *count = n;
    return e;
}

/* Both statements see one state. */
static enum err read_both(struct db *db, void *user)
{
    struct reading *r = user;
    size_t one = 0;
    enum err e = read_sums(db, r, OFFERS_TALLY_NONE, &r->total, 1, &one);
    if (e || r->filter->by == OFFERS_TALLY_NONE) return e;
    return read_sums(db, r, r->filter->by, r->groups, OFFERS_TALLY_GROUPS, &r->count);
}

enum err offers_tally_read(struct db *db, const struct offers_tally_filter *filter,
                           struct arena *arena, struct offers_tally *total,
                           const struct offers_tally **groups, size_t *count)
{
    struct reading r = {.filter = filter,
                        .arena = arena,
                        .groups = arena_calloc(arena, OFFERS_TALLY_GROUPS, sizeof *r.groups)};
    if (!r.groups) return ERR_NOMEM;
    enum err e = db_read(db, read_both, &r);
    if (e) return e;
    *total = r.total;
    *groups = r.groups;
    *count = r.count;
    return ERR_OK;
}
