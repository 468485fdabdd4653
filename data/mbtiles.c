#include "data/mbtiles.h"

#include "data/db.h"
#include "geo/base/arena.h"
#include "geo/base/text.h"

#include <stdlib.h>
#include <string.h>

struct mbtiles {
    struct db *db;
    struct arena arena;
    struct mbtiles_info info;
    struct mbtiles_layer *layers;
};

/* Reading what a file says of itself. */
struct reading {
    struct mbtiles *to;
    const char *path;
    struct why *why;
};

static enum err fail(const struct reading *r, enum err e)
{
    const char *said = db_error(r->to->db);
    return err_say(r->why, e == ERR_LIMIT ? e : ERR_FORMAT, "%s is no file of tiles: %s", r->path,
                   said[0] ? said : err_text(e));
}

/* A text of the file, copied; what is too long or no UTF-8 is refused. */
static enum err take_text(const struct reading *r, const char *what, const char *text,
                          const char **to)
{
    size_t len = strlen(text);
    if (len > MBTILES_TEXT_MAX || !text_utf8_valid(text, len))
        return err_say(r->why, ERR_FORMAT, "%s: its %s is no text of at most %d bytes", r->path,
                       what, MBTILES_TEXT_MAX);
    const char *copy = arena_strndup(&r->to->arena, text, len);
    if (!copy) return ERR_NOMEM;
    *to = copy;
    return ERR_OK;
}

static enum err take_zoom(const struct reading *r, const char *what, int64_t value, uint32_t *to)
{
    if (value < 0 || value > MBTILES_MAX_ZOOM)
        return err_say(r->why, ERR_FORMAT, "%s: its %s is no zoom from 0 to %d", r->path, what,
                       MBTILES_MAX_ZOOM);
    *to = (uint32_t)value;
    return ERR_OK;
}

static enum err take_zoom_text(const struct reading *r, const char *what, const char *text,
                               uint32_t *to)
{
    int64_t value = -1;
    (void)text_int(text, strlen(text), 0, MBTILES_MAX_ZOOM, &value);
    return take_zoom(r, what, value, to);
}

static enum err take_bounds(const struct reading *r, const char *text, struct box *to)
{
    double v[4] = {0, 0, 0, 0};
    for (int i = 0; i < 4; i++) {
        size_t len = strcspn(text, ",");
        if (!text_double(text, len, &v[i]) || (i < 3) != (text[len] == ','))
            return err_say(r->why, ERR_FORMAT, "%s: its bounds are not four numbers", r->path);
        text += len + (i < 3);
    }
    const struct box box = {v[0], v[1], v[2], v[3]};
    bool ok = coord_valid((struct coord){v[0], v[1]}) && coord_valid((struct coord){v[2], v[3]}) &&
              v[0] <= v[2] && v[1] <= v[3];
    if (!ok) return err_say(r->why, ERR_FORMAT, "%s: its bounds are no box", r->path);
    *to = box;
    return ERR_OK;
}

/* One row of `metadata`. Others than these are of no use here. */
static enum err take_row(const struct reading *r, const char *name, const char *value)
{
    struct mbtiles_info *info = &r->to->info;
    if (strcmp(name, "name") == 0) return take_text(r, name, value, &info->name);
    if (strcmp(name, "attribution") == 0) return take_text(r, name, value, &info->attribution);
    if (strcmp(name, "minzoom") == 0) return take_zoom_text(r, name, value, &info->min_zoom);
    if (strcmp(name, "maxzoom") == 0) return take_zoom_text(r, name, value, &info->max_zoom);
    if (strcmp(name, "bounds") == 0) return take_bounds(r, value, &info->bounds);
    if (strcmp(name, "format") == 0 && strcmp(value, "pbf") != 0)
        return err_say(r->why, ERR_FORMAT, "%s holds no vector tiles (format pbf)", r->path);
    return ERR_OK;
}

static enum err read_rows(const struct reading *r)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(r->to->db,
                            "SELECT CAST(name AS TEXT), CAST(value AS TEXT) FROM metadata WHERE "
                            "name IN ('name', 'attribution', 'minzoom', 'maxzoom', 'bounds', "
                            "'format') LIMIT 100",
                            &q);
    if (e) return fail(r, e);
    enum err taken = ERR_OK;
    while (!taken && !(e = db_step(q, &row)) && row)
        taken = take_row(r, db_text(q, 0), db_text(q, 1));
    db_done(q);
    return taken ? taken : e ? fail(r, e) : ERR_OK;
}

/* SQLite reads the JSON, so that only texts and numbers come out of it. */
#define LAYERS_OF_FILE "FROM metadata m, json_each(CAST(m.value AS TEXT), '$.vector_layers') l "
#define IS_JSON        "WHERE m.name = 'json' "

static enum err take_layer(const struct reading *r, struct db_query *q)
{
    struct mbtiles_info *info = &r->to->info;
    if (info->layer_count == MBTILES_LAYERS_MAX)
        return err_say(r->why, ERR_LIMIT, "%s has more than %d layers", r->path,
                       MBTILES_LAYERS_MAX);
    struct mbtiles_layer *layer = &r->to->layers[info->layer_count];
    enum err e = take_text(r, "layer's id", db_text(q, 0), &layer->id);
    layer->min_zoom = info->min_zoom;
    layer->max_zoom = info->max_zoom;
    if (!e && !db_is_null(q, 1)) e = take_zoom(r, "layer's zoom", db_int(q, 1), &layer->min_zoom);
    if (!e && !db_is_null(q, 2)) e = take_zoom(r, "layer's zoom", db_int(q, 2), &layer->max_zoom);
    if (!e && !layer->id[0])
        e = err_say(r->why, ERR_FORMAT, "%s has a layer without an id", r->path);
    if (!e) info->layer_count++;
    return e;
}

static enum err read_layers(const struct reading *r)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(
        r->to->db,
        "SELECT json_extract(l.value, '$.id'), json_extract(l.value, "
        "'$.minzoom'), json_extract(l.value, '$.maxzoom') " LAYERS_OF_FILE IS_JSON "ORDER BY l.key",
        &q);
    if (e) return fail(r, e);
    enum err taken = ERR_OK;
    while (!taken && !(e = db_step(q, &row)) && row)
        taken = take_layer(r, q);
    db_done(q);
    if (!taken && e) return fail(r, e);
    if (!taken && r->to->info.layer_count == 0)
        return err_say(r->why, ERR_FORMAT, "%s does not say which layers it has", r->path);
    return taken;
}

static enum err take_field(const struct reading *r, struct mbtiles_layer *layer,
                           struct mbtiles_field *fields, struct db_query *q)
{
    if (layer->field_count == MBTILES_FIELDS_MAX)
        return err_say(r->why, ERR_LIMIT, "%s has more than %d fields in a layer", r->path,
                       MBTILES_FIELDS_MAX);
    struct mbtiles_field *field = &fields[layer->field_count];
    enum err e = take_text(r, "field's name", db_text(q, 0), &field->name);
    if (!e) e = take_text(r, "field's type", db_text(q, 1), &field->type);
    if (!e) layer->field_count++;
    return e;
}

static enum err read_fields(const struct reading *r, size_t index)
{
    struct mbtiles_layer *layer = &r->to->layers[index];
    struct mbtiles_field *fields = arena_calloc(&r->to->arena, MBTILES_FIELDS_MAX, sizeof *fields);
    struct db_query *q;
    bool row = false;
    if (!fields) return ERR_NOMEM;
    layer->fields = fields;
    enum err e = db_prepare(r->to->db,
                            "SELECT CAST(f.key AS TEXT), CAST(f.value AS TEXT) " LAYERS_OF_FILE
                            ", json_each(l.value, '$.fields') f " IS_JSON "AND l.key = :layer",
                            &q);
    if (e) return fail(r, e);
    enum err taken = ERR_OK;
    db_bind_int(q, ":layer", (int64_t)index);
    while (!taken && !(e = db_step(q, &row)) && row)
        taken = take_field(r, layer, fields, q);
    db_done(q);
    return taken ? taken : e ? fail(r, e) : ERR_OK;
}

static enum err read_info(const struct reading *r)
{
    struct mbtiles *m = r->to;
    m->info = (struct mbtiles_info){.name = "",
                                    .attribution = "",
                                    .max_zoom = MBTILES_MAX_ZOOM,
                                    .bounds = {-180, -90, 180, 90}};
    m->layers = arena_calloc(&m->arena, MBTILES_LAYERS_MAX, sizeof *m->layers);
    if (!m->layers) return ERR_NOMEM;
    m->info.layers = m->layers;
    enum err e = read_rows(r);
    if (!e && m->info.min_zoom > m->info.max_zoom)
        e = err_say(r->why, ERR_FORMAT, "%s begins at a deeper zoom than it ends", r->path);
    if (!e) e = read_layers(r);
    for (size_t i = 0; !e && i < m->info.layer_count; i++)
        e = read_fields(r, i);
    return e;
}

static const char tile_sql[] =
    "WITH t (data) AS (SELECT CAST(tile_data AS BLOB) FROM tiles WHERE zoom_level = :z AND "
    "tile_column = :x AND tile_row = :row) SELECT length(data), CASE WHEN length(data) <= :max "
    "THEN data END FROM t";

/* Whether there is what tiles are read from. */
static enum err try_tiles(const struct reading *r)
{
    struct db_query *q;
    enum err e = db_prepare(r->to->db, tile_sql, &q);
    if (e) return fail(r, e);
    db_done(q);
    return ERR_OK;
}

enum err mbtiles_open(const char *path, struct mbtiles **mbtiles, struct why *why)
{
    struct mbtiles *fresh = calloc(1, sizeof *fresh);
    if (!fresh) return ERR_NOMEM;
    arena_init(&fresh->arena, 0);
    const struct reading reading = {fresh, path, why};
    enum err e = db_open(path, DB_FOREIGN, &fresh->db, why);
    if (!e) e = read_info(&reading);
    if (!e) e = try_tiles(&reading);
    if (e)
        mbtiles_close(fresh);
    else
        *mbtiles = fresh;
    return e;
}

void mbtiles_close(struct mbtiles *mbtiles)
{
    if (!mbtiles) return;
    db_close(mbtiles->db);
    arena_fini(&mbtiles->arena);
    free(mbtiles);
}

const struct mbtiles_info *mbtiles_info(const struct mbtiles *mbtiles)
{
    return &mbtiles->info;
}

static enum err take_tile(struct db_query *q, struct buf *out)
{
    size_t len = 0;
    if (db_int(q, 0) > MBTILES_TILE_MAX) return ERR_LIMIT;
    const unsigned char *bytes = db_blob(q, 1, &len);
    if (len < 2 || bytes[0] != 0x1f || bytes[1] != 0x8b) return ERR_FORMAT;
    buf_put(out, bytes, len);
    return out->err;
}

enum err mbtiles_tile(struct mbtiles *mbtiles, uint32_t z, uint32_t x, uint32_t y, struct buf *out)
{
    struct db_query *q;
    bool row = false;
    enum err e = db_prepare(mbtiles->db, tile_sql, &q);
    if (e) return e;
    db_bind_int(q, ":max", MBTILES_TILE_MAX);
    db_bind_int(q, ":z", z);
    db_bind_int(q, ":x", x);
    db_bind_int(q, ":row", (int64_t)((uint64_t)1 << z) - 1 - y); /* theirs count from the south */
    e = db_step(q, &row);
    if (!e) e = row ? take_tile(q, out) : ERR_NOTFOUND;
    db_done(q);
    return e;
}
