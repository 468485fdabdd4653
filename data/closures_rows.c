#include "data/closures_rows.h"

#include "data/closures_wkb.h"

#include <math.h>

enum err closures_rows_terms(struct db_query *q, struct arena *arena, struct closures_terms *terms)
{
    size_t len;
    struct closures_terms read = {
        .factor = db_is_null(q, 0) ? (double)INFINITY : db_real(q, 0),
        .profiles = arena_strdup(arena, db_text(q, 1)),
        .from_ms = db_int(q, 3),
        .to_ms = db_is_null(q, 4) ? INT64_MAX : db_int(q, 4),
        .reason = arena_strdup(arena, db_text(q, 5)),
    };
    read.shape.radius_m = db_real(q, 2);
    if (!read.profiles || !read.reason) return ERR_NOMEM;
    const void *wkb = db_blob(q, 6, &len);
    enum err e = closures_wkb_read(wkb, len, arena, &read.shape);
    if (!e) *terms = read;
    return e == ERR_FORMAT || e == ERR_LIMIT ? ERR_DB : e; /* not a fault of the asker */
}

enum err closures_rows_read(struct db_query *q, struct arena *arena, struct closures_closure *read)
{
    struct closures_closure c = {
        .id = db_int(q, 7),
        .public_id = arena_strdup(arena, db_text(q, 8)),
        .version = db_int(q, 9),
        .area_id = db_int(q, 10),
        .report = arena_strdup(arena, db_text(q, 11)),
        .created_by = db_int(q, 12),
        .updated_by = db_int(q, 13),
        .created_ms = db_int(q, 14),
        .updated_ms = db_int(q, 15),
        .ended_ms = db_int(q, 16),
    };
    if (!c.public_id || !c.report) return ERR_NOMEM;
    enum err e = closures_rows_terms(q, arena, &c.terms);
    if (!e) *read = c;
    return e;
}

enum err closures_rows_bind(struct db_query *q, const struct closures_terms *terms, struct buf *wkb)
{
    bool closed = isinf(terms->factor);
    closures_wkb_write(&terms->shape, wkb);
    if (wkb->err) return wkb->err;
    db_bind_text(q, ":effect", closed ? "closed" : "slowed");
    if (!closed) db_bind_real(q, ":factor", terms->factor);
    db_bind_text(q, ":profiles", terms->profiles);
    if (terms->shape.kind == COVER_DISC) db_bind_real(q, ":radius", terms->shape.radius_m);
    db_bind_int(q, ":from", terms->from_ms);
    if (terms->to_ms != INT64_MAX) db_bind_int(q, ":to", terms->to_ms);
    db_bind_text(q, ":reason", terms->reason);
    db_bind_blob(q, ":wkb", wkb->bytes, wkb->len);
    return ERR_OK;
}

enum err closures_rows_find(struct db *db, const char *public_id, struct arena *arena,
                            struct closures_closure *found)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        db, "SELECT " CLOSURES_ROWS_COLUMNS CLOSURES_ROWS_FROM "WHERE c.public_id = :public", &q);
    if (e) return e;
    db_bind_text(q, ":public", public_id);
    if (!(e = db_step(q, &row))) e = row ? closures_rows_read(q, arena, found) : ERR_NOTFOUND;
    db_done(q);
    return e;
}
